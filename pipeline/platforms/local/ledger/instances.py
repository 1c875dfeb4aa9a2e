"""Instances of durable workflows: events that run again, on failure or when they say so."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from pydantic import JsonValue

from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger.database import Database
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.events import Event, Events, event_of
from pipeline.ports import Clock

USUAL_ATTEMPTS = 5  # of an instance that fails, where nobody said how many
_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(minutes=5)


class Instances:
    """What happens to an instance is one statement each, so that no end of a process cuts it."""

    def __init__(self, database: Database, clock: Clock, events: Events) -> None:
        self._database = database
        self._clock = clock
        self._events = events

    def get(self, place: Place, instance_id: str) -> Event:
        found = self._database.row(
            "SELECT * FROM event WHERE id = ? AND kind = 'workflow' AND project_id = ?"
            " AND environment = ?",
            (instance_id, *place),
        )
        if found is None:
            raise PlatformError(f"There is no workflow instance {instance_id} here.")
        return event_of(found)

    def started_as(self, occurrence: str) -> str:
        """The instance of an occurrence that was stored before."""
        found = self._database.row("SELECT id FROM event WHERE occurrence = ?", (occurrence,))
        assert found is not None
        return str(found["id"])

    def claim(self, place: Place, full: Collection[str]) -> Event | None:
        """The instance that is due longest, now running; none of a workflow that is full."""
        with self._database.relaxed():
            rows = self._database.rows(
                "UPDATE event SET state = 'running', attempts = attempts + 1, due_at = NULL"
                " WHERE number = (SELECT number FROM event WHERE project_id = ?"
                " AND environment = ? AND state = 'pending' AND kind = 'workflow'"
                " AND (due_at IS NULL OR due_at <= ?)"
                f" AND workflow NOT IN ({', '.join('?' * len(full))})"
                " ORDER BY due_at, number LIMIT 1) RETURNING *",
                (*place, self._now(), *full),
            )
        return event_of(rows[0]) if rows else None

    def lock(self, instance_id: str, seconds: float) -> Event:
        """Note until when this attempt may last."""
        until = self._clock.now() + timedelta(seconds=seconds)
        with self._database.relaxed():
            [row] = self._database.rows(
                "UPDATE event SET locked_until = ? WHERE id = ? RETURNING *",
                (until.isoformat(), instance_id),
            )
        return event_of(row)

    def due_in(self, place: Place) -> float | None:
        """Seconds until the next instance wants to run, not above 0 where it waits already."""
        found = self._database.row(
            "SELECT COALESCE(due_at, received_at) AS due FROM event WHERE project_id = ?"
            " AND environment = ? AND state = 'pending' AND kind = 'workflow'"
            " ORDER BY due_at, number LIMIT 1",
            place,
        )
        if found is None:
            return None
        return (datetime.fromisoformat(found["due"]) - self._clock.now()).total_seconds()

    # ---- What it says of itself, or another of it ----------------------------------------------

    def reschedule(self, place: Place, instance_id: str, delay: timedelta) -> None:
        """Run it again after that time, whatever this attempt's end is."""
        due = (self._clock.now() + delay).isoformat()
        self._change(place, instance_id, "due_at = ?", due)

    def complete(self, place: Place, instance_id: str, *, failed: bool, result: JsonValue) -> None:
        """End it now; what an attempt that still runs returns no longer counts."""
        self._change(
            place,
            instance_id,
            "state = ?, reason = ?, result = ?, finished_at = ?, due_at = NULL",
            "failed" if failed else "done",
            f"its code said so: {json.dumps(result)}"[:2000] if failed else "",
            json.dumps(result),
            self._end(),
        )

    def _change(self, place: Place, instance_id: str, assignments: str, *values: str) -> None:
        changed = self._database.execute(
            f"UPDATE event SET {assignments} WHERE id = ? AND kind = 'workflow'"
            " AND project_id = ? AND environment = ? AND state IN ('pending', 'running')",
            (*values, instance_id, *place),
        )
        if not changed:
            self.get(place, instance_id)
            raise PlatformError(f"The workflow instance {instance_id} has ended already.")

    # ---- The end of an attempt -----------------------------------------------------------------

    def succeeded(self, instance_id: str, data: JsonValue) -> None:
        """It is done, unless it asked to run again."""
        again = "due_at IS NOT NULL AND attempts < COALESCE(max_attempts, attempts + 1)"
        self._database.execute(
            f"UPDATE event SET state = CASE WHEN {again} THEN 'pending'"
            " WHEN due_at IS NOT NULL THEN 'failed' ELSE 'done' END,"
            " reason = CASE WHEN due_at IS NULL THEN '' ELSE ? END, result = ?,"
            f" finished_at = CASE WHEN {again} THEN NULL ELSE ? END"
            " WHERE id = ? AND state = 'running'",
            (
                "it asked to run again, and has used all its attempts",
                json.dumps(data), self._end(), instance_id,
            ),
        )  # fmt: skip

    def failed(self, instance: Event, reason: str) -> None:
        """It is attempted again after a pause that grows, as often as it may be."""
        pause = min(_FIRST_PAUSE * 2 ** min(instance.attempts - 1, 10), _LONGEST_PAUSE)
        again = "attempts < COALESCE(max_attempts, ?)"
        self._database.execute(
            f"UPDATE event SET state = CASE WHEN {again} THEN 'pending' ELSE 'failed' END,"
            f" finished_at = CASE WHEN {again} THEN NULL ELSE ? END,"
            " due_at = COALESCE(due_at, ?), reason = ? WHERE id = ? AND state = 'running'",
            (
                USUAL_ATTEMPTS, USUAL_ATTEMPTS, self._end(),
                (self._clock.now() + pause).isoformat(), reason, instance.id,
            ),
        )  # fmt: skip

    def _end(self) -> str:
        return self._events.next_end().isoformat()

    def _now(self) -> str:
        return self._clock.now().isoformat()
