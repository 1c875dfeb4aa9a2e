"""Schedules: each due time of a cron expression starts its workflow once, across restarts."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import CroniterBadCronError, croniter

from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.deployments import Deployment, Place
from pipeline.platforms.local.protocol import WorkflowInfo
from pipeline.platforms.local.supervisor import Supervisor
from pipeline.ports import Clock

_TICK_SECONDS = 1.0


class Schedules:
    """The due time stands in the event's `occurrence`, which the ledger stores once only."""

    def __init__(self, ledger: Ledger, supervisor: Supervisor, clock: Clock) -> None:
        self._ledger = ledger
        self._supervisor = supervisor
        self._clock = clock

    async def run(self) -> None:
        while True:
            self.tick()
            await asyncio.sleep(_TICK_SECONDS)

    def tick(self) -> None:
        """Store an event for every schedule that is due; a paused deployment's are left out."""
        for deployment in self._ledger.deployments.all():
            if deployment.state != "live":
                continue
            for workflow in deployment.workflows:
                if workflow.kind == "schedule" and workflow.cron:
                    self._start_if_due(deployment, workflow)

    def _start_if_due(self, deployment: Deployment, workflow: WorkflowInfo) -> None:
        place = deployment.place
        try:
            due = latest_due(workflow.cron or "", workflow.timezone, self._clock.now())
        except PlatformError as error:
            self._ledger.journal.raise_issue(
                place, severity="high", title=f"Schedule of {workflow.id}", message=str(error)
            )
            return
        if due <= datetime.fromisoformat(deployment.live_since):
            return  # it was due before anything was live here
        stored = [
            self._store(place, workflow, activation, due)
            for activation in self._activations(place, workflow, due)
        ]
        if any(stored):
            self._supervisor.live(place).delivery.wake()

    def _activations(self, place: Place, workflow: WorkflowInfo, due: datetime) -> list[str]:
        """For whom it runs: everybody, or every end user who was there when it was due."""
        if workflow.activations == "static":
            return [STATIC]
        users = [
            activation.id
            for activation in self._ledger.activations.all(*place)
            if datetime.fromisoformat(activation.created_at) < due
        ]
        # Where every end user connects an account, nobody else has one.
        has_dynamic = any(one.dynamic for one in self._ledger.projects.linked_systems(*place))
        return users if has_dynamic else [STATIC, *users]

    def _store(self, place: Place, workflow: WorkflowInfo, activation: str, due: datetime) -> bool:
        """Whether a run was stored; while the run before still lasts, this one waits for it."""
        if self._ledger.events.unfinished(place, workflow.id, "schedule", activation):
            return False
        whose = "" if activation == STATIC else f"/{activation}"
        event_id = self._ledger.events.add(
            place,
            workflow.id,
            "schedule",
            body=f'{{"scheduledTime": "{due.isoformat()}"}}'.encode(),
            occurrence=f"{place}/{workflow.id}/{due.isoformat()}{whose}",
            activation=activation,
        )
        return event_id is not None


def latest_due(cron: str, timezone: str | None, now: datetime) -> datetime:
    """The last time (UTC) up to now at which the cron expression was due in its time zone.

    Runs missed while the runner was down count as one, the last.
    """
    try:
        zone = ZoneInfo(timezone or "UTC")
        # croniter looks strictly before its start: one second on, for what is due right now.
        start = now.replace(microsecond=0) + timedelta(seconds=1)
        due: datetime = croniter(cron, start.astimezone(zone)).get_prev(datetime)
    except (ZoneInfoNotFoundError, CroniterBadCronError, ValueError) as error:
        raise PlatformError(
            f"“{cron}” ({timezone or 'UTC'}) is no usable schedule: mend it and deploy again."
        ) from error
    return due.astimezone(UTC)
