"""What the database drivers raise, told as a StoreError whose sentence says what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pipeline.errors import StoreError

BUSY = (
    "Weft's database was held by another process for too long. Nothing was saved; try again, "
    "and if it happens again, end whatever else has the database open."
)
FULL = "The disk with Weft's database is full. Nothing was saved; free some space and try again."
NOT_MIGRATED = "Weft's database is not set up for this version: run “weft migrate”."
READ_ONLY = "Weft may not write to its database: check the permissions of the file and its folder."
NO_FILE = (
    "Weft can't open its database file: check that its folder exists and that Weft may write there."
)
DAMAGED = "Weft's database file is damaged, or is no database: restore it from a backup."
UNREACHABLE = (
    "Weft can't reach its PostgreSQL server: check WEFT_DATABASE_URL, the name and password in it, "
    "and that the server runs. Nothing was saved."
)

# SQLite's primary result codes: https://www.sqlite.org/rescode.html
_SQLITE = {
    sqlite3.SQLITE_BUSY: (BUSY, True),
    sqlite3.SQLITE_LOCKED: (BUSY, True),
    sqlite3.SQLITE_FULL: (FULL, False),
    sqlite3.SQLITE_READONLY: (READ_ONLY, False),
    sqlite3.SQLITE_PERM: (READ_ONLY, False),
    sqlite3.SQLITE_CANTOPEN: (NO_FILE, False),
    sqlite3.SQLITE_NOTADB: (DAMAGED, False),
    sqlite3.SQLITE_CORRUPT: (DAMAGED, False),
}
# SQLSTATEs and their classes: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES = {
    "55P03": (BUSY, True),  # lock_not_available
    "40": (BUSY, True),  # transaction rollback: deadlock, serialization
    "53100": (FULL, False),  # disk_full
    "53300": (UNREACHABLE, True),  # too_many_connections
    "42P01": (NOT_MIGRATED, False),  # undefined_table
    "42703": (NOT_MIGRATED, False),  # undefined_column
    "42501": (READ_ONLY, False),  # insufficient_privilege
    "25006": (READ_ONLY, False),  # read_only_sql_transaction
    "08": (UNREACHABLE, True),  # connection exception
    "57P": (UNREACHABLE, True),  # the server shuts down, or starts
}


@contextmanager
def told_as_store_errors() -> Iterator[None]:
    """Raise StoreError in place of anything that the database raises in the block."""
    try:
        yield
    except SQLAlchemyError as error:
        sentence, retryable = _explain(error)
        raise StoreError(sentence, retryable=retryable) from error


def _explain(error: SQLAlchemyError) -> tuple[str, bool]:
    original = error.orig if isinstance(error, DBAPIError) else None
    known = None
    if isinstance(original, sqlite3.Error):
        known = _explain_sqlite(original)
    elif isinstance(original, psycopg.Error):
        known = _explain_postgres(original)
    if known is not None:
        return known
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return UNREACHABLE, True
    return f"Weft's database refused: {type(original or error).__name__}. Nothing was saved.", False


def _explain_sqlite(error: sqlite3.Error) -> tuple[str, bool] | None:
    if "no such table" in str(error) or "no such column" in str(error):
        return NOT_MIGRATED, False
    code = getattr(error, "sqlite_errorcode", 0)
    return _SQLITE.get(code & 0xFF)  # the low byte of an extended code is the primary one


def _explain_postgres(error: psycopg.Error) -> tuple[str, bool] | None:
    if error.sqlstate is None:
        # the driver's own: it never got as far as a server's answer
        return (UNREACHABLE, True) if isinstance(error, psycopg.OperationalError) else None
    return next(
        (known for state, known in _POSTGRES.items() if error.sqlstate.startswith(state)), None
    )
