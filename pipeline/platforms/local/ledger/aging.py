"""Aging: what has ended in a place before a time and may be forgotten, a part at once."""

from pipeline.platforms.local.ledger.database import Database
from pipeline.platforms.local.ledger.deployments import Place

_AT_ONCE = 500

# Of the events that ended before a time: those that are done, and those that failed and are
# settled, since a replay of the same event succeeded. These go first, or what settled them is gone.
_SETTLED = "SELECT replay_of FROM event WHERE state = 'done' AND replay_of IS NOT NULL"
_ENDED = (
    f"state = 'failed' AND (id IN ({_SETTLED}) OR replay_of IN ({_SETTLED}))",
    "state = 'done'",
)
_IS_LATEST_RUN = (
    "kind = 'schedule' AND number = (SELECT MAX(number) FROM event AS run WHERE"
    " run.project_id = event.project_id AND run.environment = event.environment"
    " AND run.workflow = event.workflow AND run.activation = event.activation"
    " AND run.kind = 'schedule' AND run.replay_of IS NULL)"
)


class Aging:
    def __init__(self, database: Database) -> None:
        self._database = database

    def forget_events(self, place: Place, before: str) -> int:
        """Gives how many were deleted; 0 when no more may be."""
        for ended in _ENDED:
            deleted = self._database.execute(
                "DELETE FROM event WHERE number IN (SELECT number FROM event"
                " WHERE project_id = ? AND environment = ? AND finished_at < ?"
                f" AND {ended} AND NOT ({_IS_LATEST_RUN}) LIMIT {_AT_ONCE})",
                (*place, before),
            )
            if deleted:
                return deleted
        return 0

    def forget_lines(self, place: Place, before: str) -> int:
        return self._database.execute(
            "DELETE FROM log WHERE project_id = ? AND environment = ? AND at < ?", (*place, before)
        )
