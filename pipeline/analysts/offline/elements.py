"""A target record with its lists: of which source elements, or of the record itself, they are."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.analysts.offline.answers_given import with_answers
from pipeline.analysts.offline.lines import (
    Group,
    default_variant,
    fill_group,
    groups,
    is_satisfied,
    of_kind,
    with_object,
)
from pipeline.analysts.offline.lists import Array, arrays
from pipeline.analysts.offline.records import complete, fill
from pipeline.analysts.offline.references import References
from pipeline.analysts.offline.sides import Side
from pipeline.catalogue.schema import node_at
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import Mapping, Question


def all_mappings(
    source: Schema, target: Schema, required: Sequence[str], references: References
) -> list[Mapping]:
    """What fills a target record: its fields, its lists, and what these refer to."""
    whole, into = Side(source), Side(target)
    mappings = [*references.fill(whole, into, required), *fill(whole, into, required)]
    mappings = complete(mappings, into)
    beside = groups(source, target)
    for group in beside:
        mappings += _group(group, [other for other in beside if other is not group], references)
    matched = {group.target.path for group in beside}
    for array in arrays(target):
        if array.path not in matched and _is_needed(array, target, required):
            mappings += _single(array, source, references)
    return with_answers(mappings, source, target)


def _group(group: Group, beside: list[Group], references: References) -> list[Mapping]:
    others = [other for other in beside if other.target.path == group.target.path]
    filled = fill_group(group, others)
    if not is_satisfied(group, filled):
        return []
    source, target = group.sides
    inner = [mapping.target.removeprefix(f"{target.prefix}.") for mapping in filled]
    foreign = [
        one.path for one in target.fields() if one.reference and not _belongs(group, one.path)
    ]
    filled += references.fill(source, target, skip=[*inner, *foreign])
    return with_object(group, complete(filled, target))


def _belongs(group: Group, path: str) -> bool:
    rule = group.target.items.get("x-weft-variant", {}).get("variants", {})
    objects = {about.get("object") for about in rule.values()}
    own = rule.get(group.variant or "", {}).get("object")
    return path.split(".")[0] == own or path.split(".")[0] not in objects


def _is_needed(array: Array, target: Schema, required: Sequence[str]) -> bool:
    """Whether the record cannot do without elements."""
    path = array.path.removesuffix("[]")
    found = node_at(target, path)
    return path in required or (found is not None and found[1])


def _single(array: Array, source: Schema, references: References) -> list[Mapping]:
    """One element, made of the record itself, where the source has no list of such; else none."""
    variant = default_variant(array)
    group = Group(Array("", source, source), of_kind(array, variant), variant)
    made = _group(group, [], references)
    if not any(one.source and not one.source.startswith("$") for one in made):
        return []
    references.questions.append(_assumed(array.path.removesuffix("[]")))
    return [one.model_copy(update={"each": ""}) for one in made]


def _assumed(name: str) -> Question:
    return Question(
        id=f"one-of-{name.lower().replace('.', '-')}",
        text=f"{name} has to have an element, and the source has no list of such. Is one, with "
        "the values of the whole record, right?",
        options=["one for the whole record"],
        assumption="one for the whole record",
    )
