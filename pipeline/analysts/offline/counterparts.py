"""What a record of one system is usually kept as in another: `counterparts.yaml` is the table."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.catalogue.model import SystemEntry

Usable = Callable[[str], bool]


def counterpart(read: str, kind: str, target: SystemEntry, usable: Usable) -> str | None:
    """The usable entity of a target that an entity read from a kind of system becomes first."""
    return _first(_row(read, kind), target, usable)


def stand_in(target: SystemEntry, usable: Usable) -> str | None:
    """The usable entity as which anything can be written down: a ticket, a task, a page."""
    return _first(_table()["anything"], target, usable)


def origin(written: str, kind: str, source: SystemEntry, usable: Usable) -> str | None:
    """The usable entity of a source that becomes what is written before any other does."""
    ranks = {
        one.name: _rank(_row(one.name, source.kind), written, kind)
        for one in source.entities
        if usable(one.name)
    }
    known = {name: rank for name, rank in ranks.items() if rank is not None}
    return min(known, key=lambda name: known[name], default=None)


def _first(row: list[str], target: SystemEntry, usable: Usable) -> str | None:
    names = {one.name for one in target.entities}
    for listed in row:
        kind, _, name = listed.rpartition(".")
        if kind in ("", target.kind) and name in names and usable(name):
            return name
    return None


def _rank(row: list[str], name: str, kind: str) -> int | None:
    return next((row.index(one) for one in (f"{kind}.{name}", name) if one in row), None)


def _row(name: str, kind: str) -> list[str]:
    rows = _table()["rows"]
    last = name.rpartition("-")[2]
    return next((rows[one] for one in (f"{kind}.{name}", name, last) if one in rows), [])


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    )
    return table
