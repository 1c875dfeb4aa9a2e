"""Values: the key-value storage of the integrations, each under the owner that its scope names.

Keys are lists of words; they stand in one column with each word escaped and closed by `/`, so that
a prefix of words is a prefix of the text.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import quote, unquote

from pydantic import JsonValue

from pipeline.platforms.local.ledger.database import Database
from pipeline.ports import Clock

_MATCHING = (
    "owner = ? AND substr(key, 1, ?) = ? AND (expires_at IS NULL OR expires_at > ?)"  # fmt: skip
)


class Entry(NamedTuple):
    key: list[str]
    value: JsonValue


class Values:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, owner: str, key: Sequence[str]) -> Entry | None:
        found = self._database.row(
            "SELECT key, value FROM value"
            " WHERE owner = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)",
            (owner, _text(key), self._now()),
        )
        return _entry(found) if found else None

    def set(
        self, owner: str, key: Sequence[str], value: JsonValue, expires_in: timedelta | None = None
    ) -> None:
        expires_at = (self._clock.now() + expires_in).isoformat() if expires_in else None
        self._database.execute(
            "INSERT INTO value VALUES (?, ?, ?, ?) ON CONFLICT (owner, key)"
            " DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
            (owner, _text(key), json.dumps(value), expires_at),
        )

    def delete(self, owner: str, key: Sequence[str]) -> None:
        self._database.execute("DELETE FROM value WHERE owner = ? AND key = ?", (owner, _text(key)))

    def list(
        self,
        owner: str,
        prefix: Sequence[str],
        *,
        limit: int,
        after: str = "",
        reverse: bool = False,
    ) -> tuple[list[Entry], str]:
        """A page of the entries under a prefix, and the cursor of the next page ("" at the end)."""
        beyond, order = ("<", "DESC") if reverse else (">", "ASC")
        text = _text(prefix)
        rows = self._database.rows(
            f"SELECT key, value FROM value WHERE {_MATCHING}"
            f" AND (? = '' OR key {beyond} ?) ORDER BY key {order} LIMIT ?",
            (owner, len(text), text, self._now(), after, after, limit + 1),
        )
        page = rows[:limit]
        cursor = page[-1]["key"] if len(rows) > limit and page else ""
        return [_entry(row) for row in page], cursor

    def count(self, owner: str, prefix: Sequence[str]) -> int:
        text = _text(prefix)
        found = self._database.rows(
            f"SELECT COUNT(*) AS count FROM value WHERE {_MATCHING}",
            (owner, len(text), text, self._now()),
        )
        return int(found[0]["count"])

    def forget(self, owner: str) -> None:
        """Delete all that an owner has."""
        self._database.execute("DELETE FROM value WHERE owner = ?", (owner,))

    def forget_expired(self) -> int:
        """Delete what has expired; gives how many entries that were."""
        return self._database.execute("DELETE FROM value WHERE expires_at <= ?", (self._now(),))

    def _now(self) -> str:
        return self._clock.now().isoformat()


def _text(key: Sequence[str]) -> str:
    return "".join(quote(word, safe="") + "/" for word in key)


def _entry(row: dict[str, str]) -> Entry:
    return Entry([unquote(word) for word in row["key"].split("/")[:-1]], json.loads(row["value"]))
