"""The journal: what the integrations logged, and the issues that people should mend."""

import contextlib
import json
from collections import Counter
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger.database import Database
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.ports import Clock, LogLine

LINES_KEPT = 10_000
_TRIM_EVERY = 256
_LONGEST_MESSAGE = 4_000
_LONGEST_FIELDS = 16_000


class Journal:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._written: Counter[Place] = Counter()

    def log(
        self,
        place: Place,
        level: str,
        message: str,
        fields: dict[str, JsonValue] | None = None,
        execution_id: str | None = None,
    ) -> None:
        """Add a line; beyond LINES_KEPT a deployment's oldest lines are dropped.

        A line that can't be written is dropped too: a full disk must not turn a call that
        succeeded into one that failed.
        """
        dumped = json.dumps(fields or {})
        if len(dumped) > _LONGEST_FIELDS:
            dumped = json.dumps({"dropped": f"{len(dumped)} characters of fields"})
        line = (
            *place, self._clock.now().isoformat(), level, message[:_LONGEST_MESSAGE], dumped,
            execution_id,
        )  # fmt: skip
        with contextlib.suppress(PlatformError):
            self._write(line)
            self._written[place] += 1
            if self._written[place] % _TRIM_EVERY == 0:
                self._trim(place)

    def lines(self, place: Place, after: datetime | None, limit: int) -> list[LogLine]:
        """The latest lines, oldest first."""
        rows = self._database.rows(
            "SELECT at, level, message, fields, execution_id FROM log"
            " WHERE project_id = ? AND environment = ? AND (? IS NULL OR at > ?)"
            " ORDER BY number DESC LIMIT ?",
            (*place, *([after.isoformat() if after else None] * 2), limit),
        )
        return [
            LogLine.model_validate(row | {"fields": json.loads(row["fields"])})
            for row in reversed(rows)
        ]

    def raise_issue(
        self,
        place: Place,
        *,
        severity: str,
        title: str,
        message: str,
        annotations: dict[str, JsonValue] | None = None,
        key: str | None = None,
    ) -> bool:
        """Add an issue; one of the same key (by default its title) is counted, not repeated.

        Whether it is a new one.
        """
        now = self._clock.now().isoformat()
        values = (
            *place, key or title, severity, title, message, json.dumps(annotations or {}), now, now,
        )  # fmt: skip
        [row] = self._database.rows(
            "INSERT INTO issue VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)"
            " ON CONFLICT (project_id, environment, key) DO UPDATE SET count = count + 1,"
            " message = excluded.message, last_at = excluded.last_at RETURNING count",
            values,
        )
        return bool(row["count"] == 1)

    def issues(self, place: Place) -> list[dict[str, Any]]:
        rows = self._database.rows(
            "SELECT * FROM issue WHERE project_id = ? AND environment = ? ORDER BY last_at DESC",
            place,
        )
        return [row | {"annotations": json.loads(row["annotations"])} for row in rows]

    def _write(self, line: tuple[object, ...]) -> None:
        with self._database.relaxed():
            self._database.execute(
                "INSERT INTO log"
                " (project_id, environment, at, level, message, fields, execution_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                line,
            )

    def _trim(self, place: Place) -> None:
        self._database.execute(
            "DELETE FROM log WHERE project_id = ? AND environment = ? AND number <= ("
            " SELECT number FROM log WHERE project_id = ? AND environment = ?"
            " ORDER BY number DESC LIMIT 1 OFFSET ?)",
            (*place, *place, LINES_KEPT),
        )
