"""The ledger's SQLite file: opened once, and every statement's failure put in a sentence."""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger.disk import Disk

# Each file brings the tables from the version before to that of its number, and never changes.
_SCHEMA = sorted(
    Path(__file__).with_name("schema").glob("*.sql"), key=lambda file: int(file.name.split("-")[0])
)


class Database:
    """One connection in autocommit mode; `transaction()` groups statements."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _in_a_sentence():
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=5.0)
            self._connection.row_factory = sqlite3.Row
            # FULL, because a sender is told "stored" as soon as the statement returns.
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._create_tables()
        path.chmod(0o600)
        self._disk = Disk(path.with_name(f"{path.name}-wal"))

    def close(self) -> None:
        self._connection.close()
        self._disk.close()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement; gives how many rows it changed."""
        with _in_a_sentence():
            return self._connection.execute(statement, values).rowcount

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        with _in_a_sentence():
            return [dict(row) for row in self._connection.execute(query, values)]

    def row(self, query: str, values: Sequence[Any] = ()) -> dict[str, Any] | None:
        found = self.rows(query, values)
        return found[0] if found else None

    @asynccontextmanager
    async def secured(self) -> AsyncIterator[None]:
        """What the block writes survives a power cut when it has ended. It must not wait inside;
        at its end, all that end at the same time wait for the disk together."""
        with self.relaxed():
            yield
        await self._disk.flush()

    @contextmanager
    def relaxed(self) -> Iterator[None]:
        """For what may be lost in a power cut, since it is found or done again: no wait for the
        disk. It survives the end of this process all the same."""
        self.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    def _create_tables(self) -> None:
        version: int = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(_SCHEMA):
            raise PlatformError(
                "The runner's files were written by a newer Weft. Install that version, "
                "or give the runner another home."
            )
        for number, file in enumerate(_SCHEMA[version:], version + 1):
            self._connection.executescript(
                f"BEGIN IMMEDIATE;\n{file.read_text()}\nPRAGMA user_version = {number};\nCOMMIT;"
            )


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise PlatformError(
            f"The runner can't use its files ({error}). Make room on the disk, see that no other "
            "program holds them, and try again.",
            retryable=True,
        ) from error
    except sqlite3.DatabaseError as error:
        raise PlatformError(
            f"The runner's files are damaged or inconsistent ({error}). Restore them from a "
            "backup, or give the runner another home."
        ) from error
