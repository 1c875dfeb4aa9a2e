"""Targets whose fields nobody fixed: rows with columns of one's own, and texts of messages."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.analysts.offline.columns import Column
from pipeline.analysts.offline.naming import last_name, name_words, resolve
from pipeline.analysts.offline.sides import ACCEPTED
from pipeline.analysts.offline.telling import line, telling, templated
from pipeline.analysts.offline.words import stem
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.mapping.transforms import choose
from pipeline.plan.model import Mapping
from pipeline.plan.schemas import free_objects

_MANY = 15  # columns of a row, where nobody says which
_BODIES = ("text", "body", "content", "message", "html", "comment", "description", "plaintext")
_COLUMN_LIKENESS = 0.3


def columns(asked: list[Column], source: Schema, target: Schema) -> list[Mapping]:
    """Mappings into a free object of the target: the columns asked for, else the plain fields."""
    free = free_objects(target)
    if not free:
        return []
    prefix = f"{free[0]}." if free[0] else ""
    known = [one for one in asked if resolve(one.words, source, _COLUMN_LIKENESS)]
    wanted = known or [Column(" ".join(name_words(one.path))) for one in _plain(source)]
    mapped = {}
    for column in wanted:
        origin = resolve(column.words, source, _COLUMN_LIKENESS)
        if origin is None or "[]" in origin.path:
            continue
        goal = FieldInfo(
            path=column.name,
            type="string" if origin.format else "any",
            format="date" if "date" in column.words.lower() else None,
            unit="major" if origin.unit == "minor" else None,
        )
        mapped[column.name] = Mapping(
            # Members of a map go by their exact names; a table's columns are made of words.
            target=prefix + (column.words if prefix and asked else column.name),
            source=origin.path,
            transform=choose(origin, goal),
            confidence=0.9,
            status="auto" if known else "needs-review",
        )
    return list(mapped.values())


def _plain(source: Schema) -> list[FieldInfo]:
    """The fields of a record that a row would show: its id first, then the flat ones."""
    flat = [
        one
        for one in fields(source)
        if "[]" not in one.path and "." not in one.path and one.type not in ("object", "any")
    ]
    return sorted(flat, key=lambda one: (one.key is None, not one.required))[:_MANY]


def message(
    asked: list[Column], heading: str, announced: bool, source: Schema, target: Schema,
    filled: list[Mapping],
) -> list[Mapping]:  # fmt: skip
    """The text of a message, made of the fields that it is to show.

    `announced`: it tells people of a record that is no message itself.
    """
    into = body(target)
    if into is None or not (asked or announced or into.required):
        return []
    if not (asked or announced) and _is_sure(filled, into.path):
        return []
    text = "\n".join([heading, *(_asked(asked, source) if asked else telling(source))])
    written = templated(into.path, text)
    return [written] if written else []


def _asked(columns: list[Column], source: Schema) -> Iterator[str]:
    for column in columns:
        origin = resolve(column.words, source, _COLUMN_LIKENESS)
        if origin is not None:
            yield line(column.words.replace("_", " ").capitalize(), origin)


def _is_sure(filled: list[Mapping], target: str) -> bool:
    return any(one.target == target and one.confidence >= ACCEPTED for one in filled)


def body(target: Schema) -> FieldInfo | None:
    """The field that holds what a record says to people; None where it has none."""
    known = [one for one in fields(target) if one.type == "string" and not one.read_only]
    for name in _BODIES:
        for one in known:
            if stem(last_name(one.path)) == name and "[]" not in one.path:
                return one
    return None
