"""One figure that is carried over, not whole records: “stock levels”, “inventory”, “prices”."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.analysts.offline.naming import last_name
from pipeline.analysts.offline.nouns import nouns_of
from pipeline.analysts.offline.request import Aspect
from pipeline.analysts.offline.words import singular, stem
from pipeline.catalogue.model import Entity, SystemEntry
from pipeline.catalogue.operation import Action
from pipeline.catalogue.schema import FieldInfo, fields

_SAME = re.compile(
    r"\b(?:sync\w*|synchron\w*|keep|mirror|align|match|update|set|adjust|copy|push)\s+"
    r"(?:(?:our|the|all|any|their)\s+)?(?P<said>(?:[a-z-]+\s+){0,2}[a-z]+)",
    re.I,
)
_NUMBERS = ("integer", "number")


def read_aspect(
    text: str, source: SystemEntry | None, target: SystemEntry | None, *, listed: bool,
    named: tuple[str, str] = ("", ""),
) -> Aspect | None:  # fmt: skip
    """The figure of the source and the target that a text speaks of, where both have one.

    `listed`: the source's records come from a list, not from events. Those of the entities that
    are read and written (`named`) come before others'.
    """
    if source is None or target is None:
        return None
    spoken = [match["said"] for match in _SAME.finditer(text)]
    readable = _figures(source, reading=True, listed=listed) if spoken else []
    readable.sort(key=lambda one: one.entity != named[0])
    said = [phrase for one in spoken for phrase in _phrases(_without_things(one, source, readable))]
    settable = _figures(target, reading=False, listed=listed) if readable else []
    settable.sort(key=lambda one: one.entity != named[1])
    for phrase in said:
        read = next((one for one in readable if phrase in one.names), None)
        written = next((one for one in settable if phrase in one.names), None)
        if read is not None and written is not None:
            return Aspect(read.entity, read.path, written.entity, written.path)
    return None


def _without_things(said: str, entry: SystemEntry, figures: list[_Figure]) -> str:
    """The words without whole records: “inventory items” are items, and no inventory."""
    names = {name for one in figures for name in one.names}
    for noun in reversed(nouns_of(said, entry)):
        if " " in noun.text and stem(singular(noun.text)) not in names:
            said = said[: noun.start] + said[noun.end :]
    return said


def _phrases(said: str) -> list[str]:
    """“product stock levels for” -> product stock level, stock level, stock, product, …"""
    words = [singular(word) for word in said.split()]
    return [stem(" ".join(words[start:end])) for end in range(len(words), 0, -1)
            for start in range(max(0, end - 2), end)]  # fmt: skip


class _Figure(NamedTuple):
    """A number of an entity that can be told apart, and what it goes by."""

    entity: str
    path: str
    names: set[str]


def _figures(entry: SystemEntry, *, reading: bool, listed: bool) -> list[_Figure]:
    """The numbers that can be read of a system, or set in it."""
    found = []
    for entity in entry.entities:
        if reading and not _can_read(entry, entity, listed):
            continue
        known = [one for one in fields(entity.record_schema) if "[]" not in one.path]
        if not any(one.key for one in known):
            continue
        found += [
            _Figure(entity.name, one.path, {stem(last_name(one.path)), *map(stem, one.synonyms)})
            for one in known
            if one.type in _NUMBERS and (reading or _can_set(entry, entity, one))
        ]
    return found


def _can_read(entry: SystemEntry, entity: Entity, listed: bool) -> bool:
    if listed:
        return entry.operation(entity.name, "list") is not None
    return any(event.entity == entity.name for event in entry.events)


def _can_set(entry: SystemEntry, entity: Entity, field: FieldInfo) -> bool:
    action: Action = "update"
    operation = entry.operation(entity.name, action)
    if operation is None or field.read_only:
        return False
    top = field.path.split(".")[0]
    return operation.graphql is None or f"{{{top}" in str(operation.variables)
