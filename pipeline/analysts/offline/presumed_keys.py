"""By which field a record is taken to be there already, where the text names none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.person_names import name_part
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import KeyPair, Mapping, Question, Workflow
from pipeline.plan.paths import parse
from pipeline.plan.schemas import find_field

# What a record goes by, the surest first.
_CALLED = ("email", "sku", "number", "code", "name", "title", "subject", "summary")


def presumed_keys(
    entry: SystemEntry, entity: str, mappings: Sequence[Mapping], source: Schema, target: Schema,
    both_ways: bool,
) -> list[KeyPair]:  # fmt: skip
    """Fields that the system can search by and that are filled, the best first.

    One that is made for ids from elsewhere is best, unless the other side has to know it too.
    """
    find = entry.operation(entity, "find")
    searched = find.find_by if find is not None else {}
    known = [one for one in fields(target) if one.path in searched and not one.read_only]
    ids = [one for one in fields(source) if one.key == "id" and "[]" not in one.path]
    foreign = [KeyPair(target=one.path, source=ids[0].path) for one in known
               if ids and not both_ways and is_foreign(one)]  # fmt: skip
    filled = [one for one in mappings if one.source and _tells(one, target) and one.target in
              searched]  # fmt: skip
    filled.sort(key=lambda one: _rank(one.target))
    return [*foreign, *(KeyPair(target=one.target, source=str(one.source)) for one in filled)]


def key_question(workflow: Workflow, keys: Sequence[KeyPair]) -> Question:
    """How a record is known again: by a presumed field, else not at all."""
    noun = workflow.target.entity.replace("-", " ")
    if not keys:
        return Question(
            id=f"key-{workflow.name}", importance="high",
            text=f"By which field is it known that this {noun} is there already?",
            assumption="by none: a new one is created for each record, once"
            if workflow.write_mode == "create" else None,
        )  # fmt: skip
    return Question(
        id=f"key-{workflow.name}", importance="high",
        text=f"By which field is it known that this {noun} is there already?",
        options=[one.target for one in keys], assumption=keys[0].target,
        edits={one.target: [_edit(workflow, one)] for one in keys},
    )  # fmt: skip


def _edit(workflow: Workflow, key: KeyPair) -> dict[str, Any]:
    return {"op": "write-mode", "workflow": workflow.name, "write_mode": workflow.write_mode,
            "match_target": key.target, "match_source": key.source}  # fmt: skip


def is_foreign(field: FieldInfo) -> bool:
    """Whether a field is made for the id that a record has elsewhere."""
    return name_words(last_name(field.path)) == ["external", "id"]


def _tells(mapping: Mapping, target: Schema) -> bool:
    """Whether a field has a text of the record's own, by which one can be told from another."""
    field = find_field(target, mapping.target)
    own = parse(str(mapping.source)).root == "record"
    plain = field is not None and field.type in ("string", "any") and not field.enum
    plain = plain and name_part(mapping.target) is None  # many people share one of these
    named = set(name_words(last_name(mapping.target))) & set(_CALLED)
    return own and plain and (bool(named) or (field is not None and field.key == "natural"))


def _rank(path: str) -> int:
    words = name_words(last_name(path))
    return min((_CALLED.index(word) for word in words if word in _CALLED), default=len(_CALLED))
