"""Outcomes: what ended in a place since somebody last looked, and what still waits for a person."""

from datetime import datetime
from typing import Any

from pipeline.live.capabilities import Failure, Issue, News, Success, Tally
from pipeline.platforms.local.ledger.database import Database
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.journal import Journal

_AT_ONCE = 500  # failures in one answer; whoever asks again gets the next ones
_OF_PLACE = "FROM event WHERE project_id = ? AND environment = ?"


class Outcomes:
    """A position is the time at which an event ended: no two ended at the same."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        # Made here, since files of an earlier version lack it.
        database.execute(
            "CREATE INDEX IF NOT EXISTS event_ended ON event (project_id, environment, finished_at)"
        )

    def news(self, place: Place, after: str) -> News:
        failed = self._database.rows(
            f"SELECT id AS event_id, workflow, reason, finished_at AS at, replay_of {_OF_PLACE}"
            " AND finished_at > ? AND state = 'failed' ORDER BY finished_at LIMIT ?",
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
            f"SELECT DISTINCT replay_of {_OF_PLACE} AND finished_at > ? AND finished_at <= ?"
            " AND state = 'done' AND replay_of IS NOT NULL",
            between,
        )
        return News(
            position=position,
            failures=[Failure.model_validate(row) for row in failed],
            successes=[Success.model_validate(row) for row in done],
            replayed=[row["replay_of"] for row in replayed],
            issues=[_issue(row) for row in self._journal.issues(place) if row["last_at"] >= after],
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

    def _latest(self, place: Place) -> str | None:
        found = self._database.row(f"SELECT MAX(finished_at) AS at {_OF_PLACE}", place)
        return found["at"] if found else None


def _issue(row: dict[str, Any]) -> Issue:
    return Issue.model_validate({name: row[name] for name in Issue.model_fields})
