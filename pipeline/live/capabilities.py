"""What a platform may be able to do beyond its port: ask with isinstance, and say so where not.

Every method raises PlatformError, like those of the port.
"""

from datetime import datetime
from typing import Protocol, runtime_checkable

from pydantic import JsonValue

from pipeline.model import Value


class EventInfo(Value):
    """One start of a workflow and its fate: pending, running, done or failed with a reason."""

    id: str
    project_id: str
    environment: str
    workflow: str
    kind: str
    state: str
    attempts: int
    received_at: str
    finished_at: str | None
    reason: str
    result: JsonValue
    replay_of: str | None


class Failure(Value):
    """One run that failed."""

    event_id: str
    workflow: str
    reason: str
    at: datetime
    replay_of: str | None = None
    first_reason: str = ""  # of a replay: why it was replayed


class Success(Value):
    """How many runs of a workflow ended well, and when the last one did."""

    workflow: str
    count: int
    last_at: datetime


class Issue(Value):
    """Something that the code says a person must mend; raised again, it is counted."""

    key: str
    severity: str
    title: str
    message: str
    count: int
    first_at: datetime
    last_at: datetime
    annotations: dict[str, JsonValue] = {}


class News(Value):
    """What ended in an environment after a position; oldest first."""

    position: str
    failures: list[Failure] = []
    successes: list[Success] = []
    replayed: list[Failure] = []  # what had failed, and was replayed with success since
    issues: list[Issue] = []


class Tally(Value):
    """What came in for one workflow since a time, by what became of it."""

    workflow: str
    done: int = 0
    failed: int = 0
    waiting: int = 0


@runtime_checkable
class Reporting(Protocol):
    """Tells what ended since somebody last looked."""

    def news(self, project_id: str, environment: str, *, after: str) -> News:
        """After a position (the start: an ISO time); give `News.position` the next time."""
        ...

    def tally(self, project_id: str, environment: str, since: datetime) -> list[Tally]: ...


@runtime_checkable
class Eventful(Protocol):
    """Keeps what came in, so that it can be looked at and delivered again."""

    def events(
        self,
        project_id: str,
        environment: str,
        *,
        state: str | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[EventInfo]:
        """Newest first; `before` an event's id gives the page after it."""
        ...

    def event(self, event_id: str) -> EventInfo: ...
    def event_payload(self, event_id: str) -> JsonValue: ...
    def unsettled(self, project_id: str, environment: str) -> list[EventInfo]:
        """Failed, and not replayed with success since, nor being replayed now; oldest first."""
        ...

    def replay(self, event_id: str) -> str: ...


@runtime_checkable
class Startable(Protocol):
    """Lets people start a workflow by hand."""

    def run_workflow(
        self, project_id: str, environment: str, workflow: str, data: JsonValue = None
    ) -> str: ...
    def event(self, event_id: str) -> EventInfo: ...


@runtime_checkable
class Pausable(Protocol):
    """Can go on storing events while it delivers none."""

    def pause(self, project_id: str, environment: str) -> None: ...
    def resume(self, project_id: str, environment: str) -> None: ...


@runtime_checkable
class Removable(Protocol):
    """Can forget a whole project: deployments, addresses, connections, events, logs."""

    def delete_project(self, project_id: str) -> None:
        """A project that is not there (any more) is no error."""
        ...
