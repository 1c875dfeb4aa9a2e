"""Databases behind the broker: one statement of `{sql, params}` runs, `{rows, count}` comes back.

The text of a statement is the generated code's; its values are parameters, which the server binds.
"""

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, NamedTuple
from urllib.parse import unquote

import httpx
import psycopg
from psycopg.rows import dict_row
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic_core import to_json

from pipeline.platforms.local.protocol import CallRefused

LARGEST_ROWS = 10_000
_SCHEMES = ("postgresql", "postgres")
_SETTING = re.compile(r'"\{([A-Za-z_][A-Za-z0-9_]*)\}"')
_CANCELLED = "57014"  # of a statement that ran into its time limit

AddressOf = Callable[[httpx.URL], Awaitable[str | None]]


class Executed(NamedTuple):
    """An answer as of an API: 200 with `{rows, count}`, or 400 with `{code, message}`."""

    status: int
    body: bytes


class _Statement(BaseModel):
    """At least one parameter: without any, the server would take several statements in one text."""

    model_config = ConfigDict(extra="forbid")

    sql: Annotated[str, Field(min_length=1)]
    params: Annotated[list[JsonValue], Field(min_length=1)]


def is_database(base_url: str) -> bool:
    return not base_url.startswith(("http://", "https://"))


class Databases:
    """`address_of` judges a host: the address to connect to, or None for one allowed by name."""

    def __init__(self, address_of: AddressOf) -> None:
        self._address_of = address_of

    async def execute(
        self,
        base_url: str,
        secrets: Mapping[str, str],
        config: Mapping[str, str],
        body: bytes,
        seconds: float,
    ) -> Executed:
        """Run a statement in a transaction of its own; CallRefused where that may not or can't be.

        `"{name}"` in its text stands for a config item that is a table's name.
        """
        statement = _read(body)
        text = _SETTING.sub(lambda found: _quoted(config, found), statement.sql)
        params = [_as_text(value) for value in statement.params]
        try:
            async with asyncio.timeout(seconds):
                return await self._execute(await self._where(base_url), secrets, text, params)
        except TimeoutError as error:
            raise CallRefused("TimeoutError", f"No answer within {seconds:g} seconds.") from error
        except psycopg.Error as error:
            return _refused(error, seconds)

    async def _where(self, base_url: str) -> dict[str, Any]:
        """The place of the server, as its driver takes it."""
        try:
            url = httpx.URL(base_url)
            address = await self._address_of(url)
        except (httpx.InvalidURL, httpx.ConnectError) as error:
            raise CallRefused("NetworkError", "The database's host has no address.") from error
        if url.scheme not in _SCHEMES:
            raise CallRefused(
                "NotSupported",
                f"The local platform reaches no {url.scheme} databases, only PostgreSQL.",
            )
        place = {"host": url.host, "port": url.port, "dbname": unquote(url.path.strip("/"))}
        return place if address is None else {**place, "hostaddr": address}

    async def _execute(
        self, where: dict[str, Any], secrets: Mapping[str, str], text: str, params: list[Any]
    ) -> Executed:
        connection = await psycopg.AsyncConnection.connect(
            **where,
            user=secrets.get("username"),
            password=secrets.get("password"),
            passfile=os.devnull,  # the connection's password, never this machine's
            prepare_threshold=None,
            cursor_factory=psycopg.AsyncRawCursor,
        )
        async with connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(text, params)
            rows = await cursor.fetchmany(LARGEST_ROWS + 1) if cursor.description else []
            if len(rows) > LARGEST_ROWS:  # leaving by an error undoes what the statement did
                raise CallRefused("TooLarge", f"The answer has more than {LARGEST_ROWS:,} rows.")
            count = cursor.rowcount
        answer = {"rows": rows, "count": count}
        return Executed(
            200, to_json(answer, bytes_mode="base64", inf_nan_mode="null", fallback=str)
        )


def _read(body: bytes) -> _Statement:
    try:
        return _Statement.model_validate_json(body)
    except ValidationError as error:
        raise CallRefused(
            "InvalidCall",
            "A request to a database is {sql, params}: one statement, and a list of its values "
            "that has at least one.",
        ) from error


def _quoted(config: Mapping[str, str], found: re.Match[str]) -> str:
    """`public.orders` as "public"."orders"."""
    if not config.get(found[1]):
        raise CallRefused("NotConnected", f"The connection has no “{found[1]}”: connect it again.")
    return ".".join('"' + part.replace('"', '""') + '"' for part in config[found[1]].split("."))


def _as_text(value: JsonValue) -> str | None:
    """As text of no type, so that the server reads each value in the type of its column."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _refused(error: psycopg.Error, seconds: float) -> Executed:
    """The server's own code and sentence; CallRefused where it never took the statement."""
    if error.sqlstate == _CANCELLED:
        raise CallRefused("TimeoutError", f"No answer within {seconds:g} seconds.") from error
    if error.sqlstate is None and isinstance(error, psycopg.OperationalError):
        # Its text names host and user, which is nothing for code.
        raise CallRefused(
            "NetworkError",
            "The database took no connection: check its host, port and name, and the user name "
            "and password.",
        ) from error
    message = error.diag.message_primary or str(error)
    return Executed(400, to_json({"code": error.sqlstate or "", "message": message}))
