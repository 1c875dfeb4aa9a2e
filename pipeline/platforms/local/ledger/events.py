"""Events: what starts workflows, stored before anybody is told that it was received."""

import json
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import JsonValue

from pipeline.errors import PlatformError
from pipeline.integration import new_id
from pipeline.model import Value
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.database import Database
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.ports import Clock

EventKind = Literal["webhook", "schedule", "manual", "workflow"]
EventState = Literal["pending", "running", "done", "failed"]
_BEFORE_ALL = "2000-01-01T00:00:00+00:00"


class Event(Value):
    """One start of a workflow. `request` is {method, path, headers, query}, or empty.

    The kind `workflow` is an instance of a durable workflow; the last four fields are of those.
    """

    number: int
    id: str
    project_id: str
    environment: str
    activation: str
    workflow: str
    kind: EventKind
    state: EventState
    attempts: int
    received_at: str
    finished_at: str | None
    request: dict[str, Any]
    body: bytes
    reason: str
    result: JsonValue
    occurrence: str | None
    replay_of: str | None
    parent: str | None
    max_attempts: int | None
    due_at: str | None  # not before; set while it runs: it asked to run again then
    locked_until: str | None


class Events:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        latest = database.row("SELECT MAX(finished_at) AS at FROM event")
        self._latest_end = datetime.fromisoformat((latest and latest["at"]) or _BEFORE_ALL)

    def add(
        self,
        place: Place,
        workflow: str,
        kind: EventKind,
        *,
        request: dict[str, Any] | None = None,
        body: bytes = b"",
        occurrence: str | None = None,
        replay_of: str | None = None,
        activation: str = STATIC,
        parent: str | None = None,
        max_attempts: int | None = None,
    ) -> str | None:
        """Store an event; None where an event of that `occurrence` was stored before."""
        event_id = new_id("evt")
        values = (
            event_id, *place, activation, workflow, kind, self._clock.now().isoformat(),
            json.dumps(request or {}), body, occurrence, replay_of, parent, max_attempts,
        )  # fmt: skip
        added = self._database.execute(
            "INSERT INTO event (id, project_id, environment, activation, workflow, kind, state,"
            " received_at, request, body, occurrence, replay_of, parent, max_attempts)"
            " VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (occurrence) DO NOTHING",
            values,
        )
        return event_id if added else None

    def get(self, event_id: str) -> Event:
        found = self._database.row("SELECT * FROM event WHERE id = ?", (event_id,))
        if found is None:
            raise PlatformError(f"There is no event {event_id}: list the events to find its id.")
        return event_of(found)

    def activation(self, event_id: str) -> str:
        """For whom an execution runs; everybody where it is not known."""
        found = self._database.row("SELECT activation FROM event WHERE id = ?", (event_id,))
        return found["activation"] if found else STATIC

    def list(
        self,
        place: Place,
        *,
        state: str | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[Event]:
        """The latest events, newest first; those received before an event, where one is named."""
        rows = self._database.rows(
            "SELECT * FROM event WHERE project_id = ? AND environment = ?"
            " AND (? IS NULL OR state = ?)"
            " AND (? IS NULL OR number < (SELECT number FROM event WHERE id = ?))"
            " ORDER BY number DESC LIMIT ?",
            (*place, state, state, before, before, limit),
        )
        return [event_of(row) for row in rows]

    def counts(self, place: Place) -> dict[str, int]:
        rows = self._database.rows(
            "SELECT state, COUNT(*) AS count FROM event"
            " WHERE project_id = ? AND environment = ? GROUP BY state",
            place,
        )
        return {row["state"]: row["count"] for row in rows}

    def latest(self, place: Place, workflow: str, kind: EventKind, activation: str) -> Event | None:
        """The one that was stored last, itself and not a replay of it."""
        found = self._database.row(
            "SELECT * FROM event WHERE project_id = ? AND environment = ? AND workflow = ?"
            " AND kind = ? AND activation = ? AND replay_of IS NULL ORDER BY number DESC LIMIT 1",
            (*place, workflow, kind, activation),
        )
        return event_of(found) if found else None

    def unfinished(
        self, place: Place, workflow: str, kind: EventKind, activation: str = STATIC
    ) -> bool:
        return bool(
            self._database.rows(
                "SELECT 1 FROM event WHERE project_id = ? AND environment = ? AND workflow = ?"
                " AND kind = ? AND activation = ? AND state IN ('pending', 'running') LIMIT 1",
                (*place, workflow, kind, activation),
            )
        )

    # ---- The life of an event -----------------------------------------------------------------

    def attempts_of_next(self, place: Place) -> int | None:
        """How often the oldest pending event was begun already; None where none is pending."""
        found = self._database.row(
            "SELECT attempts FROM event WHERE project_id = ? AND environment = ?"
            " AND state = 'pending' AND kind <> 'workflow' ORDER BY number LIMIT 1",
            place,
        )
        return found["attempts"] if found else None

    def claim(self, place: Place) -> Event | None:
        """The oldest pending event, now running; instances of durable workflows wait elsewhere."""
        with self._database.relaxed():
            rows = self._database.rows(
                "UPDATE event SET state = 'running', attempts = attempts + 1 WHERE number = ("
                " SELECT number FROM event WHERE project_id = ? AND environment = ?"
                " AND state = 'pending' AND kind <> 'workflow' ORDER BY number LIMIT 1)"
                " RETURNING *",
                place,
            )
        return event_of(rows[0]) if rows else None

    def finish(self, event_id: str, result: JsonValue) -> None:
        self._end(event_id, "done", "", result)

    def fail(self, event_id: str, reason: str) -> None:
        self._end(event_id, "failed", reason, None)

    def release(self, event_id: str) -> None:
        """Back to pending: whoever worked on it is gone."""
        self._database.execute(
            "UPDATE event SET state = 'pending' WHERE id = ? AND state = 'running'", (event_id,)
        )

    def release_all(self) -> int:
        """At the start of a runner nobody works on anything yet; gives how many were left.

        What may not be attempted once more has failed.
        """
        self._database.execute(
            "UPDATE event SET state = 'failed', reason = ?, finished_at = ?"
            " WHERE state = 'running' AND attempts >= max_attempts",
            ("Interrupted: the runner ended in its last attempt", self.next_end().isoformat()),
        )
        return self._database.execute("UPDATE event SET state = 'pending' WHERE state = 'running'")

    def _end(self, event_id: str, state: EventState, reason: str, result: JsonValue) -> None:
        """Relaxed: an end that a power cut takes back is one more delivery."""
        with self._database.relaxed():
            self._database.execute(
                "UPDATE event SET state = ?, reason = ?, result = ?, finished_at = ? WHERE id = ?"
                " AND state IN ('pending', 'running')",
                (state, reason, json.dumps(result), self.next_end().isoformat(), event_id),
            )

    def next_end(self) -> datetime:
        """Now, but after every end before: whoever reads on from one of them misses none."""
        self._latest_end = max(self._clock.now(), self._latest_end + timedelta(microseconds=1))
        return self._latest_end


def event_of(row: dict[str, Any]) -> Event:
    decoded = {
        "request": json.loads(row["request"]),
        "result": json.loads(row["result"]) if row["result"] is not None else None,
    }
    return Event(**row | decoded)
