"""Which workers live: each holds a lock of its name for life, which the system drops at its death.

PostgreSQL: an advisory lock on a connection of its own. SQLite: a lock on a file beside the
database, since only processes of one machine can share it.
"""

import fcntl
import hashlib
from pathlib import Path
from typing import IO, Protocol

import psycopg
from sqlalchemy import make_url

from pipeline.errors import StoreError


class _Locks(Protocol):
    def acquire(self, name: str) -> bool: ...
    def release(self, name: str) -> None: ...
    def close(self) -> None: ...


class ExecutorLock:
    """This worker's own lock, and a look at those of others."""

    def __init__(self, url: str, name: str) -> None:
        """StoreError where a living worker has that name."""
        self._name = name
        parsed = make_url(url)
        self._locks: _Locks = (
            _FileLocks(Path(f"{parsed.database}.workers"))
            if parsed.drivername.startswith("sqlite")
            else _PostgresLocks(url)
        )
        if not self._locks.acquire(name):
            self._locks.close()
            raise StoreError(
                f"A worker named {name} is running already. Stop it, or start this one with "
                "another name."
            )

    def is_dead(self, name: str | None) -> bool:
        """Whether nobody holds the lock of that name."""
        if name is None or name == self._name:
            return False
        if not self._locks.acquire(name):
            return False
        self._locks.release(name)
        return True

    def close(self) -> None:
        """Let others see that this worker has ended."""
        self._locks.close()


class _FileLocks:
    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._held: dict[str, IO[bytes]] = {}

    def acquire(self, name: str) -> bool:
        file = (self._directory / hashlib.sha256(name.encode()).hexdigest()).open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._held[name] = file
        return True

    def release(self, name: str) -> None:
        self._held.pop(name).close()

    def close(self) -> None:
        for name in list(self._held):
            self.release(name)


class _PostgresLocks:
    def __init__(self, url: str) -> None:
        address = make_url(url).set(drivername="postgresql")
        self._connection = psycopg.connect(
            address.render_as_string(hide_password=False), autocommit=True
        )

    def acquire(self, name: str) -> bool:
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [_number(name)])
        found = row.fetchone()
        return bool(found and found[0])

    def release(self, name: str) -> None:
        self._connection.execute("SELECT pg_advisory_unlock(%s)", [_number(name)])

    def close(self) -> None:
        self._connection.close()


def _number(name: str) -> int:
    """A lock's number: 63 bits of a hash, apart from other users of advisory locks."""
    return int.from_bytes(hashlib.sha256(f"weft:{name}".encode()).digest()[:8], "big") >> 1
