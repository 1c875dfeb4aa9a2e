"""Schedules: each due time of a cron expression starts its workflow once, across restarts."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import CroniterBadCronError, croniter

from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Deployment
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
        if self._ledger.events.unfinished(place, workflow.id, "schedule"):
            return  # the run before still lasts; this one comes after it
        occurrence = f"{place}/{workflow.id}/{due.isoformat()}"
        data = f'{{"scheduledTime": "{due.isoformat()}"}}'.encode()
        stored = self._ledger.events.add(
            place, workflow.id, "schedule", body=data, occurrence=occurrence
        )
        if stored:
            self._supervisor.live(place).delivery.wake()


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
