"""What the local platform can do beyond the port: events, replays, pauses, mocks."""

from datetime import datetime
from typing import Any

from pydantic import JsonValue, TypeAdapter

from pipeline.live.capabilities import EventInfo, News, Tally
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.remote import Remote
from pipeline.ports import Reading, ReadRequest

_TEXT = TypeAdapter(str)
_READING = TypeAdapter(Reading)
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
_EVENT = TypeAdapter(EventInfo)
_EVENTS = TypeAdapter(list[EventInfo])
_NEWS = TypeAdapter(News)
_TALLIES = TypeAdapter(list[Tally])
_CHANGES = TypeAdapter(list[dict[str, str]])
_COUNTS = TypeAdapter(dict[str, int])
_RECORD = TypeAdapter(dict[str, Any])
_RECORDS = TypeAdapter(list[dict[str, Any]])
_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class LocalOperations:
    """Each method calls the runner's control operation of the same name."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def pause(self, project_id: str, environment: str) -> None:
        """Go on storing events, and deliver none."""
        self._remote.call("pause", project_id=project_id, environment=environment)

    def resume(self, project_id: str, environment: str) -> None:
        self._remote.call("resume", project_id=project_id, environment=environment)

    def history(self, project_id: str, environment: str) -> list[dict[str, str]]:
        """Every change of the deployment, oldest first: {version_id, state, at}."""
        return self._remote.fetch(
            _CHANGES, "history", project_id=project_id, environment=environment
        )

    def set_variable(self, project_id: str, environment: str, name: str, value: JsonValue) -> None:
        self._remote.call(
            "set_variable", project_id=project_id, environment=environment, name=name,
            value=value,
        )  # fmt: skip

    def issues(self, project_id: str, environment: str) -> list[dict[str, Any]]:
        return self._remote.fetch(
            _RECORDS, "issues", project_id=project_id, environment=environment
        )

    def events(
        self,
        project_id: str,
        environment: str,
        *,
        state: str | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[EventInfo]:
        """The latest events, newest first; `before` an event's id gives the page after it."""
        return self._remote.fetch(
            _EVENTS, "events", project_id=project_id, environment=environment,
            state=state, limit=limit, before=before,
        )  # fmt: skip

    def news(self, project_id: str, environment: str, *, after: str) -> News:
        """What ended after a position."""
        return self._remote.fetch(
            _NEWS, "news", project_id=project_id, environment=environment, after=after
        )

    def unsettled(self, project_id: str, environment: str) -> list[EventInfo]:
        """Failed, and not replayed with success since, nor being replayed now; oldest first."""
        return self._remote.fetch(
            _EVENTS, "unsettled", project_id=project_id, environment=environment
        )

    def tally(self, project_id: str, environment: str, since: datetime) -> list[Tally]:
        return self._remote.fetch(
            _TALLIES, "tally", project_id=project_id, environment=environment, since=since
        )

    def delete_project(self, project_id: str) -> None:
        """Stop it everywhere, and forget all of it; what is not there is no error."""
        self._remote.call("delete_project", project_id=project_id)

    def event(self, event_id: str) -> EventInfo:
        return self._remote.fetch(_EVENT, "event", event_id=event_id)

    def read(self, project_id: str, environment: str, system: str, request: ReadRequest) -> Reading:
        """One harmless read over a connection."""
        return self._remote.fetch(
            _READING, "read", project_id=project_id, environment=environment, system=system,
            request=request,
        )  # fmt: skip

    def event_payload(self, event_id: str) -> JsonValue:
        """What the event brought, as the workflow saw it."""
        return self._remote.fetch(_JSON, "event_payload", event_id=event_id)

    def event_counts(self, project_id: str, environment: str) -> dict[str, int]:
        return self._remote.fetch(
            _COUNTS, "event_counts", project_id=project_id, environment=environment
        )

    def replay(self, event_id: str) -> str:
        """Deliver an event once more; gives the new event's id."""
        return self._remote.fetch(_TEXT, "replay", event_id=event_id)

    def run_workflow(
        self, project_id: str, environment: str, workflow: str, data: JsonValue = None
    ) -> str:
        """Start a workflow by hand; gives the event's id."""
        return self._remote.fetch(
            _TEXT, "run_workflow", project_id=project_id, environment=environment,
            workflow=workflow, data=data,
        )  # fmt: skip

    def send_sample_event(
        self,
        project_id: str,
        environment: str,
        system: str,
        event: str,
        workflow: str,
        record: dict[str, JsonValue] | None = None,
        activation: str = STATIC,
    ) -> dict[str, JsonValue]:
        """Let the mock of a system, or an end user's, send a signed event; gives {status, body} of
        the answer."""
        return self._remote.fetch(
            _OBJECT, "send_sample_event", project_id=project_id, environment=environment,
            system=system, event=event, workflow=workflow, record=record, activation=activation,
        )  # fmt: skip

    def mock_records(self, project_id: str, system: str, entity: str) -> list[dict[str, Any]]:
        return self._remote.fetch(
            _RECORDS, "mock_records", project_id=project_id, system=system,
            entity=entity,
        )  # fmt: skip

    def create_mock_record(
        self, project_id: str, system: str, entity: str, record: dict[str, JsonValue] | None = None
    ) -> dict[str, Any]:
        return self._remote.fetch(
            _RECORD, "create_mock_record", project_id=project_id, system=system,
            entity=entity, record=record,
        )  # fmt: skip

    def mock_exchanges(self, project_id: str, system: str) -> list[dict[str, Any]]:
        """What was asked of the mock and what it did, oldest first."""
        return self._remote.fetch(_RECORDS, "mock_exchanges", project_id=project_id, system=system)
