"""What was asked of a mock and what it did, for tables that people read."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from pipeline.plan.words import show_entity

_KEPT = 1000


@dataclass(frozen=True)
class Exchange:
    """`effect`: created, found, updated, deleted, called, nothing, refused or failed."""

    number: int
    at: datetime
    method: str
    path: str
    status: int
    effect: str
    operation: str = ""
    entity: str = ""
    record_id: str | None = None
    detail: str = ""
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    answer: str = ""
    fault: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}


def what_it_did(exchange: Mapping[str, Any]) -> str:
    """An exchange's JSON in words, such as `created customer 1`; `no customer` where none fits."""
    effect, detail = exchange.get("effect") or "", exchange.get("detail")
    entity = show_entity(exchange.get("entity") or "")
    if effect == "nothing":
        return "nothing new" if detail else f"no {entity or 'record'}"
    return " ".join(filter(None, [effect, entity, exchange.get("record_id")]))


class Exchanges:
    """The latest exchanges, oldest first; secrets in them are masked before they come here."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque(maxlen=_KEPT)
        self._count = 0

    @property
    def count(self) -> int:
        """How many there have been, those that are no longer kept among them."""
        return self._count

    def after(self, number: int) -> list[Exchange]:
        return [exchange for exchange in self._kept if exchange.number > number]

    def next_number(self) -> int:
        self._count += 1
        return self._count

    def add(self, exchange: Exchange) -> None:
        self._kept.append(exchange)

    def all(self) -> list[Exchange]:
        return list(self._kept)

    def clear(self) -> None:
        self._kept.clear()
