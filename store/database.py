"""One database for everything that Weft keeps: SQLite by default, PostgreSQL by setting."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from pipeline.errors import StoreError, UsageError
from store.failures import NO_FILE, told_as_store_errors

PATIENCE = 15.0  # seconds that a transaction waits for another one's lock
_HIDE_PARAMETERS = True  # what people wrote must not stand in an exception or a log


def parse_url(url: str) -> URL:
    """Weft's form of a database URL; UsageError where it names neither SQLite nor PostgreSQL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        # the URL is not repeated, and neither is the cause: it may hold a password
        raise UsageError(
            "WEFT_DATABASE_URL is no database URL: write sqlite:///path/to/weft.db or "
            "postgresql://user:password@host/database."
        ) from None
    backend = parsed.drivername.partition("+")[0]
    if backend in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise UsageError(f"Weft keeps its data in SQLite or PostgreSQL, not in “{backend}”.")
    if parsed.database in (None, "", ":memory:"):
        raise UsageError("Weft's database must be a file: write sqlite:///path/to/weft.db.")
    return parsed.set(drivername="sqlite")


class Database:
    """Transactions on one database, the same on SQLite and PostgreSQL. Thread-safe."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.url = parse_url(url)
        self._is_postgres = self.url.get_backend_name() == "postgresql"
        make_engine = _postgres_engine if self._is_postgres else _sqlite_engine
        self._engine = make_engine(self.url, patience)
        self._writer = self._engine.execution_options(writing=True)
        self._thread = threading.local()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees what was committed."""
        with told_as_store_errors(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self, lock: str | None = None) -> Iterator[Session]:
        """One transaction, committed at the end of the block; an exception undoes all of it.

        SQLite has a single writer. PostgreSQL has many: rows that the block read and then
        writes must be locked, or what it decides on be guarded by a `lock` of that name.
        """
        if getattr(self._thread, "writing", False):
            # on SQLite it would wait for itself; refuse it everywhere, at once
            raise RuntimeError("a transaction is open in this thread already")
        self._thread.writing = True
        try:
            with told_as_store_errors(), Session(self._writer) as session, session.begin():
                if lock is not None and self._is_postgres:
                    session.connection().execute(_ADVISORY_LOCK, {"name": lock})
                yield session
        finally:
            self._thread.writing = False

    def close(self) -> None:
        self._engine.dispose()


_ADVISORY_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def _sqlite_engine(url: URL, patience: float) -> Engine:
    _make_folder(Path(url.database or "").parent)
    engine = create_engine(
        url, hide_parameters=_HIDE_PARAMETERS, connect_args={"timeout": patience}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(NO_FILE) from error


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions begin late and unlocked, and so lose updates of two writers
    # that read first: autocommit here, and every transaction begun by _begin_sqlite.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgres_engine(url: URL, patience: float) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=_HIDE_PARAMETERS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": max(2, int(patience))},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing"):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(patience * 1000)}")

    return engine
