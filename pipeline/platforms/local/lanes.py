"""Lanes: what waits to be delivered, how much of it at once, and what its end means.

Instances of durable workflows have a lane of their own: a workflow that waits for one must not
take its place.
"""

from collections import Counter
from typing import Any, Protocol

from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.events import Event
from pipeline.platforms.local.protocol import Result, WorkflowInfo

AT_ONCE = 8
INSTANCES_AT_ONCE = 64  # many of them only wait for others
ATTEMPTS = 5  # how often an event may lose its child before it counts as failed
LONGEST_SECONDS = 300.0
_SUSPECT_ATTEMPTS = 2
USUAL_TTL_SECONDS = 3600.0
_LONGEST_REASON = 2000


class Lane(Protocol):
    running: Counter[str]  # workflow -> how many are with the child

    def claim(self) -> Event | None:
        """The next to begin; None where none is due or enough run."""
        ...

    def due_in(self) -> float | None:
        """Seconds until something becomes due without anybody saying so."""
        ...

    def seconds(self, event: Event) -> float:
        """How long it may take."""
        ...

    def lost(self, event: Event, reason: str) -> Result | None:
        """Its child is gone: its result where it has had its chances, else it goes again."""
        ...

    def settle(self, event: Event, result: Result) -> None: ...


class EventLane:
    """Webhooks, schedules and what people start, oldest first."""

    def __init__(self, place: Place, ledger: Ledger) -> None:
        self.running: Counter[str] = Counter()
        self._place = place
        self._events = ledger.events
        self._suspect_runs = False

    def claim(self) -> Event | None:
        """An event that lost its child more than once goes alone, so that it takes no other with
        it if it is what ends the child."""
        if self.running.total() >= AT_ONCE or self._suspect_runs:
            return None
        attempts = self._events.attempts_of_next(self._place)
        is_suspect = attempts is not None and attempts >= _SUSPECT_ATTEMPTS
        if attempts is None or (is_suspect and self.running.total()):
            return None
        self._suspect_runs = is_suspect
        return self._events.claim(self._place)

    def due_in(self) -> float | None:
        return None if self._events.attempts_of_next(self._place) is None else 0.0

    def seconds(self, event: Event) -> float:
        return LONGEST_SECONDS

    def lost(self, event: Event, reason: str) -> Result | None:
        self._suspect_runs = False
        if event.attempts < ATTEMPTS:
            self._events.release(event.id)
            return None
        return failure(event.id, f"the integration ended {ATTEMPTS} times during this: {reason}")

    def settle(self, event: Event, result: Result) -> None:
        self._suspect_runs = False
        if result.ok:
            self._events.finish(event.id, result.data)
        else:
            self._events.fail(event.id, reason_of(result))


class InstanceLane:
    """Durable workflows, as many at once as each allows."""

    def __init__(self, place: Place, ledger: Ledger) -> None:
        self.running: Counter[str] = Counter()
        self._place = place
        self._deployments = ledger.deployments
        self._instances = ledger.instances

    def claim(self) -> Event | None:
        if self.running.total() >= INSTANCES_AT_ONCE:
            return None
        full = [workflow for workflow in +self.running if self._is_full(workflow)]
        claimed = self._instances.claim(self._place, full)
        return claimed and self._instances.lock(claimed.id, self.seconds(claimed))

    def due_in(self) -> float | None:
        return self._instances.due_in(self._place)

    def seconds(self, event: Event) -> float:
        declared = self._declared(event.workflow)
        return (declared.ttl if declared else None) or USUAL_TTL_SECONDS

    def lost(self, event: Event, reason: str) -> Result | None:
        return failure(event.id, f"the integration ended during this: {reason}")

    def settle(self, event: Event, result: Result) -> None:
        if result.ok:
            self._instances.succeeded(event.id, result.data)
        else:
            self._instances.failed(event, reason_of(result))

    def _is_full(self, workflow: str) -> bool:
        declared = self._declared(workflow)
        limit = declared.limit if declared else None
        return limit is not None and self.running[workflow] >= limit

    def _declared(self, workflow: str) -> WorkflowInfo | None:
        deployment = self._deployments.get(self._place)
        return deployment.workflow(workflow) if deployment else None


def failure(event_id: str, message: str) -> Result:
    """A result that the workflow itself did not give."""
    error: dict[str, Any] = {"name": "Interrupted", "message": message}
    return Result.model_validate({"type": "result", "id": event_id, "ok": False, "error": error})


def reason_of(result: Result) -> str:
    return f"{result.error.name}: {result.error.message}"[:_LONGEST_REASON]
