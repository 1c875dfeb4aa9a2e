"""Schedules: each due time of a cron expression starts its workflow once, across restarts."""

import asyncio
import contextlib
import json
from datetime import UTC, datetime

from pipeline.errors import PlatformError
from pipeline.platforms.local.cron import due_between, latest_due
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.deployments import Deployment, Place
from pipeline.platforms.local.protocol import WorkflowInfo
from pipeline.platforms.local.supervisor import Supervisor
from pipeline.ports import Clock

_TICK_SECONDS = 1.0
_NEVER = datetime.min.replace(tzinfo=UTC)


class Schedules:
    """The due time stands in the event's `occurrence`, which the ledger stores once only.

    Due times that passed while the runner was down are caught up by one run, the last's.
    """

    def __init__(self, ledger: Ledger, supervisor: Supervisor, clock: Clock) -> None:
        self._ledger = ledger
        self._supervisor = supervisor
        self._clock = clock
        self._latest: dict[tuple[Place, str, str], datetime] = {}  # due times that have their event

    async def run(self) -> None:
        while True:
            with contextlib.suppress(PlatformError):  # the ledger can't be written: the next time
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
        key = (place, workflow.id, activation)
        if key not in self._latest:
            self._latest[key] = self._latest_stored(place, workflow, activation)
        if self._latest[key] >= due:
            return False
        if self._ledger.events.unfinished(place, workflow.id, "schedule", activation):
            return False
        whose = "" if activation == STATIC else f"/{activation}"
        event_id = self._ledger.events.add(
            place,
            workflow.id,
            "schedule",
            body=json.dumps({"scheduledTime": due.isoformat()}).encode(),
            occurrence=f"{place}/{workflow.id}/{due.isoformat()}{whose}",
            activation=activation,
        )
        self._tell_missed(place, workflow, self._latest[key], due)
        self._latest[key] = due
        return event_id is not None

    def _latest_stored(self, place: Place, workflow: WorkflowInfo, activation: str) -> datetime:
        event = self._ledger.events.latest(place, workflow.id, "schedule", activation)
        return datetime.fromisoformat(json.loads(event.body)["scheduledTime"]) if event else _NEVER

    def _tell_missed(
        self, place: Place, workflow: WorkflowInfo, before: datetime, due: datetime
    ) -> None:
        deployment = self._ledger.deployments.get(place)
        assert deployment is not None  # one of its schedules is due
        since = max(before, datetime.fromisoformat(deployment.live_since))
        missed = due_between(workflow.cron or "", workflow.timezone, since, due) - 1
        if missed > 0:
            message = (
                f"{missed} earlier {'runs' if missed > 1 else 'run'} of “{workflow.id}” came due "
                "while the runner was down or the run before still lasted: this run stands for all."
            )
            self._ledger.journal.log(place, "warn", message, {"workflow": workflow.id})
