"""How a database's statement is answered: as an API would answer."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic_core import to_json

from pipeline.platforms.local.protocol import CallRefused

NO_CONNECTION = (
    "The database took no connection: check its host, port and name, and the user name "
    "and its password."
)

Rows = Sequence[Mapping[str, Any]]


class Server(NamedTuple):
    """Where a database is; `address` is the one to connect to, None for a host allowed by name."""

    host: str
    port: int | None
    database: str
    address: str | None


class Executed(NamedTuple):
    """200 with `{rows, count}`, or 400 with `{code, message}`."""

    status: int
    body: bytes


class StatementTimedOut(Exception):
    """The server ended the statement, as it was told to."""


def answered(rows: Rows, count: int, most_rows: int) -> Executed:
    if len(rows) > most_rows:
        raise CallRefused("TooLarge", f"The answer has more than {most_rows:,} rows.")
    answer = {"rows": rows, "count": count}
    return Executed(200, to_json(answer, bytes_mode="base64", inf_nan_mode="null", fallback=str))


def not_taken(code: str, message: str) -> Executed:
    """The server's own code and sentence."""
    return Executed(400, to_json({"code": code, "message": message}))
