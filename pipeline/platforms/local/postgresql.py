"""One statement on PostgreSQL, in a transaction of its own; the server binds its values."""

import json
import os
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.rows import dict_row
from pydantic import JsonValue

from pipeline.platforms.local.answering import (
    NO_CONNECTION,
    Executed,
    Rows,
    Server,
    StatementTimedOut,
    answered,
    not_taken,
)
from pipeline.platforms.local.protocol import CallRefused

_CANCELLED = "57014"  # of a statement that ran into its time limit


async def run_on_postgresql(
    server: Server,
    secrets: Mapping[str, str],
    text: str,
    params: list[JsonValue],
    most_rows: int,
    seconds: float,
) -> Executed:
    """The rows, or the server's own refusal; CallRefused where it never took the statement."""
    try:
        return await _run(server, secrets, text, [_as_text(value) for value in params], most_rows)
    except psycopg.Error as error:
        if error.sqlstate == _CANCELLED:
            raise StatementTimedOut from error
        if error.sqlstate is None and isinstance(error, psycopg.OperationalError):
            # Its text names host and user, which is nothing for code.
            raise CallRefused("NetworkError", NO_CONNECTION) from error
        return not_taken(error.sqlstate or "", error.diag.message_primary or str(error))


async def _run(
    server: Server,
    secrets: Mapping[str, str],
    text: str,
    params: list[str | None],
    most_rows: int,
) -> Executed:
    place: dict[str, Any] = {"host": server.host, "port": server.port, "dbname": server.database}
    if server.address is not None:
        place["hostaddr"] = server.address
    connection = await psycopg.AsyncConnection.connect(
        **place,
        user=secrets.get("username"),
        password=secrets.get("password"),
        passfile=os.devnull,  # the connection's password, never this machine's
        prepare_threshold=None,
        cursor_factory=psycopg.AsyncRawCursor,
    )
    async with connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(text, params)
        rows: Rows = await cursor.fetchmany(most_rows + 1) if cursor.description else []
        # Leaving by an error undoes what the statement did.
        return answered(rows, cursor.rowcount, most_rows)


def _as_text(value: JsonValue) -> str | None:
    """As text of no type, so that the server reads each value in the type of its column."""
    return value if value is None or isinstance(value, str) else json.dumps(value)
