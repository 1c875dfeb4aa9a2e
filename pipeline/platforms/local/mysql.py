"""One statement on MySQL or MariaDB, in a transaction of its own.

Statements are written as for PostgreSQL: names in double quotes, values as `$1`. The driver puts
the values in, escaped for the mode of the connection.
"""

import asyncio
import json
import math
import re
import ssl
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pymysql
from pydantic import JsonValue
from pymysql.constants import CLIENT, CR, ER
from pymysql.cursors import DictCursor

from pipeline.platforms.local.answering import (
    NO_CONNECTION,
    Executed,
    Server,
    StatementTimedOut,
    answered,
    not_taken,
)
from pipeline.platforms.local.protocol import CallRefused

_USUAL_PORT = 3306
_FIRST_OF_CLIENT = 2000  # smaller codes are the server's
_TIMED_OUT = (1969, 3024)  # of MariaDB, of MySQL
_TOKEN = re.compile(r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$([1-9][0-9]*)|%""")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# Strict, so that a value that does not fit is an error and never another value.
_MODE = (
    "SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,STRICT_ALL_TABLES'),"
    " SESSION time_zone = '+00:00'"
)


async def run_on_mysql(
    server: Server,
    secrets: Mapping[str, str],
    text: str,
    params: list[JsonValue],
    most_rows: int,
    seconds: float,
) -> Executed:
    """The rows, or the server's own refusal; CallRefused where it never took the statement."""
    return await asyncio.to_thread(_run, server, secrets, text, params, most_rows, seconds)


def _run(
    server: Server,
    secrets: Mapping[str, str],
    text: str,
    params: list[JsonValue],
    most_rows: int,
    seconds: float,
) -> Executed:
    with closing(_connect(server, secrets, seconds)) as connection:
        try:
            try:
                return _execute(connection, text, [_bound(value) for value in params], most_rows)
            except pymysql.err.Error as error:
                if _code(error) != ER.TRUNCATED_WRONG_VALUE:
                    raise
                # A column of times takes no zone: all of them are written in UTC.
                return _execute(connection, text, [_in_utc(value) for value in params], most_rows)
        except pymysql.err.Error as error:
            return _refused(error)


def _connect(
    server: Server, secrets: Mapping[str, str], seconds: float
) -> "pymysql.connections.Connection[DictCursor]":
    """Encrypted where the server can; PyMySQL does not try by itself."""
    encrypted = ssl.create_default_context()
    encrypted.check_hostname = False
    encrypted.verify_mode = ssl.CERT_NONE
    try:
        try:
            return _open(server, secrets, seconds, encrypted)
        except pymysql.err.OperationalError as error:
            if _code(error) != CR.CR_SSL_CONNECTION_ERROR:
                raise
            return _open(server, secrets, seconds, None)
    except (pymysql.err.Error, RuntimeError, OSError) as error:
        # Its text names host and user, which is nothing for code.
        raise CallRefused("NetworkError", NO_CONNECTION) from error


def _open(
    server: Server, secrets: Mapping[str, str], seconds: float, encrypted: ssl.SSLContext | None
) -> "pymysql.connections.Connection[DictCursor]":
    whole_seconds = max(1, math.ceil(seconds))
    connection = pymysql.connect(
        host=server.address or server.host,
        port=server.port or _USUAL_PORT,
        database=server.database,
        user=secrets.get("username"),
        password=secrets.get("password", ""),
        charset="utf8mb4",
        init_command=_MODE,
        # So that a row that has the values already counts as found.
        client_flag=CLIENT.FOUND_ROWS,
        connect_timeout=whole_seconds,
        read_timeout=whole_seconds + 1,
        write_timeout=whole_seconds + 1,
        ssl=encrypted,
        cursorclass=DictCursor,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT version() AS version")
        is_mariadb = "MariaDB" in str((cursor.fetchone() or {})["version"])
        if is_mariadb:
            cursor.execute("SET SESSION max_statement_time = %s", (seconds,))
        else:
            cursor.execute("SET SESSION max_execution_time = %s", (math.ceil(seconds * 1000),))
    return connection


def _execute(
    connection: "pymysql.connections.Connection[DictCursor]",
    text: str,
    params: list[Any],
    most_rows: int,
) -> Executed:
    """Ended without a commit, the connection undoes what the statement did."""
    values: list[Any] = []

    def placed(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0].replace("%", "%%")
        place = int(found[1])
        if place > len(params):
            raise CallRefused("InvalidCall", f"The statement has no value for ${place}.")
        values.append(params[place - 1])
        return "%s"

    statement = _TOKEN.sub(placed, text)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = list(cursor.fetchmany(most_rows + 1)) if cursor.description else []
        answer = answered(rows, cursor.rowcount, most_rows)
    connection.commit()
    return answer


def _bound(value: JsonValue) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _in_utc(value: JsonValue) -> Any:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return _bound(value)
    return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _refused(error: pymysql.err.Error) -> Executed:
    code = _code(error)
    if code in _TIMED_OUT:
        raise StatementTimedOut from error
    if code is not None and code >= _FIRST_OF_CLIENT:
        raise CallRefused("NetworkError", "The database broke off the connection.") from error
    return not_taken(str(code or ""), str(error.args[1] if len(error.args) > 1 else error))


def _code(error: pymysql.err.Error) -> int | None:
    return error.args[0] if error.args and isinstance(error.args[0], int) else None
