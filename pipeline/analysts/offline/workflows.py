"""One flow, planned: its endpoints, mappings, lookups, keys and further writes."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.analysts.offline.lines import Group, fill_group, groups, is_satisfied, with_object
from pipeline.analysts.offline.naming import resolve
from pipeline.analysts.offline.records import Side, complete, fill
from pipeline.analysts.offline.references import References
from pipeline.analysts.offline.request import Flow
from pipeline.analysts.offline.understand import Understanding
from pipeline.catalogue.model import Operation, SystemEntry
from pipeline.catalogue.shape import Schema
from pipeline.mapping.transforms import choose
from pipeline.plan.apply import slugged
from pipeline.plan.model import (
    Endpoint,
    KeyPair,
    Mapping,
    Question,
    Variable,
    Workflow,
    WriteMode,
)
from pipeline.plan.paths import array_of
from pipeline.plan.schemas import find_field, source_schema
from pipeline.plan.triggers import reading


@dataclass
class Planned:
    """A workflow with what else it needs of the plan."""

    workflow: Workflow
    variables: list[Variable] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def plan_workflow(flow: Flow, request: Understanding) -> Planned:
    """The workflow of one flow; without mappings where a system's fields are not known."""
    entry = _entry(request, flow.target)
    origin = _entry(request, flow.source)
    mode, operation = _writing(entry, flow, request)
    workflow = Workflow(
        name=_name(flow),
        trigger=flow.trigger,
        source=Endpoint(system=flow.source, entity=flow.source_entity),
        filters=flow.filters,
        target=Endpoint(
            system=flow.target, entity=flow.target_entity,
            method=operation.method if operation else None,
            path=operation.path if operation else None,
        ),
        write_mode=mode,
    )  # fmt: skip
    if origin is not None:
        workflow = reading(workflow, origin)
    source = source_schema(request.catalogue, workflow)
    if entry is None or not entry.entities or source is None:
        return Planned(_only_pairs(workflow, request))
    target = entry.entity(flow.target_entity).record_schema
    references = References(entry)
    required = operation.required if operation else []
    mappings = _mappings(source, target, required, references)
    mappings = _with_pairs(mappings, source, target, request)
    workflow = workflow.model_copy(
        update={
            "mappings": mappings,
            "lookups": _used(references, mappings),
            "match_on": _match_on(request, mappings, source, target, mode),
        }
    )
    return Planned(workflow, references.variables, references.questions)


def _name(flow: Flow) -> str:
    return slugged(f"{flow.source} {flow.source_entity} to {flow.target} {flow.target_entity}")


def _entry(request: Understanding, system: str) -> SystemEntry | None:
    return request.mention(system).entry


def _writing(
    entry: SystemEntry | None, flow: Flow, request: Understanding
) -> tuple[WriteMode, Operation | None]:
    """The write mode asked for, else the one that the API offers for the entity."""
    asked = request.writing.mode
    if request.ends.both_ways and asked is None:
        asked = "upsert"
    mode: WriteMode = asked or "create"
    if entry is None:
        return mode, None
    operations = {
        "create": ("create", "upsert", "action"), "append": ("create", "action", "upsert"),
        "upsert": ("upsert", "create", "update"), "update": ("update", "upsert"),
    }  # fmt: skip
    for action in operations[mode]:
        operation = entry.operation(flow.target_entity, action)  # type: ignore[arg-type]
        if operation is not None:
            return mode, operation
    return mode, None


def _mappings(
    source: Schema, target: Schema, required: list[str], references: References
) -> list[Mapping]:
    whole, into = Side(source), Side(target)
    mappings = [*references.fill(whole, into, required), *fill(whole, into, required)]
    mappings = complete(mappings, into)
    beside = groups(source, target)
    for group in beside:
        mappings += _group(group, [other for other in beside if other is not group], references)
    return mappings


def group_mappings(group: Group, beside: list[Group]) -> list[Mapping]:
    """One group's mappings as they are planned, without looking references up."""
    others = [other for other in beside if other is not group]
    return with_object(group, fill_group(group, others))


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


def _used(references: References, mappings: list[Mapping]) -> list:
    """Lookups in the order in which they are needed: those that others refer to come first."""
    return sorted(
        references.lookups,
        key=lambda one: any(
            (mapping.source or "").startswith("$lookup.") for mapping in one.mappings
        ),
    )


def _with_pairs(
    mappings: list[Mapping], source: Schema, target: Schema, request: Understanding
) -> list[Mapping]:
    """What the text maps by name comes before what was matched."""
    result = {(one.target, one.each): one for one in mappings}
    for pair in request.pairs:
        into = resolve(pair.target, target)
        if into is None or into.read_only:
            continue
        if pair.constant:
            result[into.path, None] = Mapping(
                target=into.path, constant=pair.source, status="confirmed"
            )
            continue
        origin = resolve(pair.source, source)
        if origin is None:
            continue
        each = array_of(origin.path) if "[]" in into.path else None
        result[into.path, each] = Mapping(
            target=into.path, source=origin.path, transform=choose(origin, into),
            status="confirmed", each=each,
        )  # fmt: skip
    return list(result.values())


def _only_pairs(workflow: Workflow, request: Understanding) -> Workflow:
    """The maps of the text, word for word, where a side's fields are not known."""
    mappings = [
        Mapping(
            target=pair.target,
            source=None if pair.constant else pair.source,
            constant=pair.source if pair.constant else None,
            status="confirmed",
        )
        for pair in request.pairs
    ]
    return workflow.model_copy(update={"mappings": mappings})


def _match_on(
    request: Understanding, mappings: list[Mapping], source: Schema, target: Schema, mode: WriteMode
) -> list[KeyPair]:
    """The pair of fields that tells whether a record is there already."""
    if mode not in ("upsert", "update") and request.writing.key is None:
        return []
    words = request.writing.key
    into = resolve(words, target) if words else None
    origin = resolve(words, source) if words else None
    if into is None and words is None:
        keys = [
            one for one in mappings if (f := find_field(target, one.target)) and f.key == "natural"
        ]
        keys.sort(key=lambda one: "mail" not in one.target.lower())
        return (
            [KeyPair(target=keys[0].target, source=keys[0].source)]
            if keys and keys[0].source
            else []
        )
    mapped = next((one.source for one in mappings if into and one.target == into.path), None)
    value = mapped or (origin.path if origin else None)
    return [KeyPair(target=into.path, source=value)] if into and value else []
