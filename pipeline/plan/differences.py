"""What a system really sends, compared with what the plan reads, and edits that mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue
from rapidfuzz import process

from pipeline.catalogue.schema import FieldInfo
from pipeline.model import Value
from pipeline.plan.edits import (
    AddFilter,
    MapField,
    PlanEdit,
    RemoveFilter,
    SetLookupKey,
    SetWriteMode,
)
from pipeline.plan.model import Learned, Plan, Workflow
from pipeline.plan.model import Mapping as FieldMapping
from pipeline.plan.schemas import find_field, paths_of, source_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_SPEAKS_OF_CHANGE = re.compile(
    r"field|propert|version|schema|missing|unknown|unexpected|unsupported|deprecat|no longer"
    r"|undefined|not found|holds no",
    re.IGNORECASE,
)
_ALIKE = 60.0  # of 100
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object"}


class Difference(Value):
    """One field that is not where the plan expects it, and what would make the plan fit again."""

    text: str
    workflow: str
    field: str
    edits: list[PlanEdit] = []
    learned: list[Learned] = []


def speaks_of_change(reason: str) -> bool:
    """Whether a failure's reason is of the kind that a changed API gives."""
    return _SPEAKS_OF_CHANGE.search(reason) is not None


def what_changed(
    plan: Plan, catalogue: Catalogue, workflow: Workflow, record: Mapping[str, Any]
) -> list[Difference]:
    """The fields that the plan reads and this record lacks, with what has taken their place."""
    schema = source_schema(catalogue, workflow)
    there = dict(_leaves(record))
    new = {path: value for path, value in there.items() if path not in paths_of(schema)}
    owners = {path.rpartition(".")[0] for path in there}
    found = []
    for path in _read_paths(workflow):
        known = find_field(schema, path)
        if known is None or path in there or path.rpartition(".")[0] not in owners:
            continue  # its whole branch may be empty in this record
        successor = _successor(path, new)
        if successor is not None or known.required:
            found.append(_difference(plan, workflow, known, successor, new))
    return found


def _read_paths(workflow: Workflow) -> list[str]:
    """Every path of the record that mappings, filters and look-ups read, once."""
    mapped = [one for _, one in _all_mappings(workflow)]
    paths = [one.source for one in mapped]
    paths += [text for one in mapped for text in _paths_in(one)]
    paths += [one.field for one in workflow.filters]
    paths += [pair.source for lookup in workflow.lookups for pair in lookup.by]
    paths += [pair.source for pair in workflow.match_on]
    return list(dict.fromkeys(path for path in paths if path and not path.startswith("$")))


def _all_mappings(workflow: Workflow) -> Iterator[tuple[dict[str, str], FieldMapping]]:
    """Each with how an edit names the place where it stands."""
    yield from (({}, one) for one in workflow.mappings)
    for lookup in workflow.lookups:
        yield from (({"lookup": lookup.name}, one) for one in lookup.mappings)
    for write in workflow.writes:
        yield from (({"write": write.id}, one) for one in write.mappings)


def _paths_in(mapping: FieldMapping) -> list[str]:
    """Texts among a transform's arguments, of which some are paths."""
    arguments = mapping.transform.args.values() if mapping.transform else ()
    listed = [one if isinstance(one, list) else [one] for one in arguments]
    return [value for values in listed for value in values if isinstance(value, str)]


def _successor(path: str, new: Mapping[str, Any]) -> str | None:
    """The unknown field beside it that is called most alike."""
    owner, _, name = path.rpartition(".")
    beside = [one for one in new if one.rpartition(".")[0] == owner]
    names = {one: one.rpartition(".")[2] for one in beside}
    best = process.extractOne(name, names, score_cutoff=_ALIKE)
    return str(best[2]) if best else None


def _difference(
    plan: Plan,
    workflow: Workflow,
    known: FieldInfo,
    successor: str | None,
    new: Mapping[str, Any],
) -> Difference:
    path, source = known.path, workflow.source
    name = plan.system(source.system).display_name
    text = f"{name} no longer sends `{path}` with {source.entity}"
    if successor is None:
        return Difference(text=f"{text}.", workflow=workflow.name, field=path)
    learned = Learned(
        system=source.system, entity=source.entity, path=successor, like=path,
        type=_type(new[successor]),
    )  # fmt: skip
    return Difference(
        text=f"{text}; it sends `{successor}`, which was not known.",
        workflow=workflow.name,
        field=path,
        edits=list(_edits(workflow, path, successor)),
        learned=[learned],
    )


def _edits(workflow: Workflow, old: str, new: str) -> Iterator[PlanEdit]:
    """Everything that reads the old path, reading the new one."""
    yield from _remapped(workflow, old, new)
    why = f"{old} is now {new}"
    for one in [one for one in workflow.filters if one.field == old]:
        yield RemoveFilter(workflow=workflow.name, field=old, reason=why)
        yield AddFilter(
            workflow=workflow.name, field=new, operator=one.op, value=one.value, reason=why
        )
    for lookup in workflow.lookups:
        for pair in [pair for pair in lookup.by if pair.source == old]:
            yield SetLookupKey(
                workflow=workflow.name, lookup=lookup.name, target=pair.target, source=new,
                reason=why,
            )  # fmt: skip
    for pair in [pair for pair in workflow.match_on if pair.source == old]:
        yield SetWriteMode(
            workflow=workflow.name, write_mode=workflow.write_mode, match_target=pair.target,
            match_source=new, reason=why,
        )  # fmt: skip


def _remapped(workflow: Workflow, old: str, new: str) -> Iterator[MapField]:
    for place, mapping in _all_mappings(workflow):
        if old != mapping.source and old not in _paths_in(mapping):
            continue
        transform = mapping.transform
        arguments = transform.args if transform else {}
        yield MapField(
            workflow=workflow.name,
            target=mapping.target,
            source=new if mapping.source == old else mapping.source,
            transform=transform.name if transform else None,
            transform_args={name: _moved(value, old, new) for name, value in arguments.items()},
            custom=transform.custom if transform else None,
            each=mapping.each,
            reason=f"{old} is now {new}",
            **place,
        )


def _moved(value: JsonValue, old: str, new: str) -> JsonValue:
    if isinstance(value, list):
        return [_moved(one, old, new) for one in value]
    return new if value == old else value


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a record with its path, objects and lists among them."""
    if path:
        yield path, value
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    if isinstance(value, list):
        for element in value:
            yield from _leaves(element, f"{path}[]")


def _type(value: Any) -> str:
    return _TYPES.get(type(value), "string")
