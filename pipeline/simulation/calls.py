"""A request understood: which operation it calls, with which record, criteria and page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from pipeline.catalogue.operation import Operation
from pipeline.simulation.refusals import Refusal


@dataclass(frozen=True)
class HttpRequest:
    """One request as it came; header names in lower case, path relative to the base URL."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Call:
    """What a request asks for, whatever its protocol."""

    operation: Operation
    bindings: Mapping[str, Any] = field(default_factory=dict)  # placeholders of path and query
    record: Any = None
    equal: Mapping[str, Any] = field(default_factory=dict)  # field -> value searched for
    since: Mapping[str, str] = field(default_factory=dict)  # field -> earliest value
    page: Mapping[str, Any] = field(default_factory=dict)  # position and size, where asked for
    matched_on: tuple[str, ...] = ()  # fields by which an upsert finds, where it names them


@dataclass(frozen=True)
class Outcome:
    """What a call did. `records` is None where the answer is one record."""

    effect: str
    record: Any = None
    records: list[Any] | None = None
    next: str | int | None = None
    record_id: str | None = None
    replayed: bool = False


def effect_of(refusal: Refusal, status: int, call: Call | None) -> str:
    """What came of a refused call; whoever looks for a record by its id may be told of none."""
    looked = call is not None and call.operation.action in ("read", "find")
    if refusal.kind == "missing" and looked:
        return "nothing"
    return "failed" if status >= 500 else "refused"


def request_of(
    method: str, path: str, query: Mapping[str, str] | str, headers: Mapping[str, str], body: bytes
) -> HttpRequest:
    """A query in the path counts too; of a parameter that stands twice, the last one does."""
    own, _, rest = path.partition("?")
    pairs = parse_qsl(rest, keep_blank_values=True)
    given = parse_qsl(query, keep_blank_values=True) if isinstance(query, str) else query.items()
    lowered = {name.casefold(): value for name, value in headers.items()}
    return HttpRequest(
        method.upper(), f"/{own.strip('/')}", {**dict(pairs), **dict(given)}, lowered, body
    )
