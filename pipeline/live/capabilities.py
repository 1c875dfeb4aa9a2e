"""What a platform may be able to do beyond its port: ask with isinstance, and say so where not.

Every method raises PlatformError, like those of the port.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pydantic import JsonValue

from pipeline.model import Value

if TYPE_CHECKING:  # the ports know replies, which show what these capabilities tell
    from pipeline.ports import ConnectionSpec, Probe


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


class ActivationInfo(Value):
    """An end user in one environment; `missing` names the systems that it has not connected."""

    id: str
    external_id: str
    display_name: str
    created_at: str
    variables: dict[str, JsonValue] = {}
    missing: list[str] = []
    webhooks: dict[str, str] = {}


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
class Activatable(Protocol):
    """Lets end users have connections, variables and addresses of their own: activations."""

    def activate(
        self,
        project_id: str,
        environment: str,
        external_id: str,
        display_name: str = "",
        variables: Mapping[str, JsonValue] | None = None,
    ) -> ActivationInfo:
        """The end user's activation, made or brought up to date."""
        ...

    def activations(self, project_id: str, environment: str) -> list[ActivationInfo]:
        """Oldest first."""
        ...

    def deactivate(self, project_id: str, environment: str, activation: str) -> None:
        """Forget an end user, with the secrets and all that was kept for them."""
        ...

    def connect_user(
        self,
        project_id: str,
        environment: str,
        link_id: str,
        spec: "ConnectionSpec",
        activation: str,
    ) -> str: ...
    def user_authorization_url(
        self, project_id: str, environment: str, system: str, activation: str
    ) -> str | None:
        """Where the end user must consent; None once they have."""
        ...

    def probe_user(
        self, project_id: str, environment: str, system: str, activation: str
    ) -> "Probe": ...


@runtime_checkable
class Removable(Protocol):
    """Can forget a whole project: deployments, addresses, connections, events, logs."""

    def delete_project(self, project_id: str) -> None:
        """A project that is not there (any more) is no error."""
        ...
