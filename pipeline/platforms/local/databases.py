"""Databases behind the broker: one statement of `{sql, params}` runs, `{rows, count}` comes back.

The text of a statement is the generated code's; its values are parameters, which the server binds.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated
from urllib.parse import unquote

import httpx
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from pipeline.platforms.local.answering import Executed, Server, StatementTimedOut
from pipeline.platforms.local.mysql import run_on_mysql
from pipeline.platforms.local.postgresql import run_on_postgresql
from pipeline.platforms.local.protocol import CallRefused

LARGEST_ROWS = 10_000
_SETTING = re.compile(r'"\{([A-Za-z_][A-Za-z0-9_]*)\}"')

AddressOf = Callable[[httpx.URL], Awaitable[str | None]]
Run = Callable[[Server, Mapping[str, str], str, list[JsonValue], int, float], Awaitable[Executed]]

_DRIVERS: dict[str, Run] = {
    "postgresql": run_on_postgresql,
    "postgres": run_on_postgresql,
    "mysql": run_on_mysql,
    "mariadb": run_on_mysql,
}


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
        try:
            async with asyncio.timeout(seconds):
                run, server = await self._where(base_url)
                return await run(server, secrets, text, statement.params, LARGEST_ROWS, seconds)
        except (TimeoutError, StatementTimedOut) as error:
            raise CallRefused("TimeoutError", f"No answer within {seconds:g} seconds.") from error

    async def _where(self, base_url: str) -> tuple[Run, Server]:
        try:
            url = httpx.URL(base_url)
            address = await self._address_of(url)
        except (httpx.InvalidURL, httpx.ConnectError) as error:
            raise CallRefused("NetworkError", "The database's host has no address.") from error
        run = _DRIVERS.get(url.scheme)
        if run is None:
            raise CallRefused(
                "NotSupported",
                f"The local platform reaches no {url.scheme} databases, only PostgreSQL and MySQL.",
            )
        return run, Server(url.host, url.port, unquote(url.path.strip("/")), address)


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
