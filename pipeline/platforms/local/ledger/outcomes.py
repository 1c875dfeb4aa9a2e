"""Outcomes: what ended in a place since somebody last looked, and what still waits for a person."""

import json
from datetime import datetime

from pipeline.live.capabilities import Failure, Issue, News, Success, Tally
from pipeline.platforms.local.ledger.database import Database
from pipeline.platforms.local.ledger.deployments import Place

_AT_ONCE = 500  # failures in one answer; whoever asks again gets the next ones
_OF_PLACE = "FROM event WHERE project_id = ? AND environment = ?"


class Outcomes:
    """A position is the time at which an event ended: no two ended at the same."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Made here, since files of an earlier version lack it.
        database.execute(
            "CREATE INDEX IF NOT EXISTS event_ended ON event (project_id, environment, finished_at)"
        )

    def news(self, place: Place, after: str) -> News:
        failed = self._database.rows(
            "SELECT id AS event_id, workflow, reason, finished_at AS at, replay_of, COALESCE("
            " (SELECT reason FROM event AS first WHERE first.id = event.replay_of), '')"
            f" AS first_reason {_OF_PLACE} AND finished_at > ? AND state = 'failed'"
            " ORDER BY finished_at LIMIT ?",
            (*place, after, _AT_ONCE),
        )
        upto = failed[-1]["at"] if len(failed) == _AT_ONCE else self._latest(place)
        position = max(after, upto or "")
        between = (*place, after, position)
        done = self._database.rows(
            f"SELECT workflow, COUNT(*) AS count, MAX(finished_at) AS last_at {_OF_PLACE}"
            " AND finished_at > ? AND finished_at <= ? AND state = 'done' GROUP BY workflow",
            between,
        )
        replayed = self._database.rows(
            "SELECT id AS event_id, workflow, reason, finished_at AS at FROM event WHERE id IN"
            f" (SELECT replay_of {_OF_PLACE} AND finished_at > ? AND finished_at <= ?"
            " AND state = 'done') AND state = 'failed'",
            between,
        )
        return News(
            position=position,
            failures=[Failure.model_validate(row) for row in failed],
            successes=[Success.model_validate(row) for row in done],
            replayed=[Failure.model_validate(row) for row in replayed],
            issues=self._issues(place, after),
        )

    def unsettled(self, place: Place, limit: int) -> list[str]:
        """Ids of events that failed and were not replayed with success since, oldest first."""
        rows = self._database.rows(
            f"SELECT id {_OF_PLACE} AND state = 'failed' AND replay_of IS NULL AND id NOT IN"
            f" (SELECT replay_of {_OF_PLACE} AND replay_of IS NOT NULL AND state <> 'failed')"
            " ORDER BY number LIMIT ?",
            (*place, *place, limit),
        )
        return [row["id"] for row in rows]

    def tally(self, place: Place, since: datetime) -> list[Tally]:
        rows = self._database.rows(
            "SELECT workflow, SUM(state = 'done') AS done, SUM(state = 'failed') AS failed,"
            f" SUM(state IN ('pending', 'running')) AS waiting {_OF_PLACE} AND received_at >= ?"
            " GROUP BY workflow ORDER BY workflow",
            (*place, since.isoformat()),
        )
        return [Tally.model_validate(row) for row in rows]

    def _issues(self, place: Place, after: str) -> list[Issue]:
        """One for each title: the code may raise the same anew with every record."""
        rows = self._database.rows(
            "SELECT title AS key, severity, title, message, annotations, SUM(count) AS count,"
            " MIN(first_at) AS first_at, MAX(last_at) AS last_at FROM issue"
            " WHERE project_id = ? AND environment = ? GROUP BY title HAVING MAX(last_at) >= ?"
            " ORDER BY 8",
            (*place, after),
        )
        return [
            Issue.model_validate(row | {"annotations": json.loads(row["annotations"])})
            for row in rows
        ]

    def _latest(self, place: Place) -> str | None:
        found = self._database.row(f"SELECT MAX(finished_at) AS at {_OF_PLACE}", place)
        return found["at"] if found else None
