"""One flow, planned: its endpoints, mappings, lookups, keys and further writes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from pipeline.analysts.offline.assuming import Assumptions
from pipeline.analysts.offline.elements import all_mappings
from pipeline.analysts.offline.entities import written_entity
from pipeline.analysts.offline.figures import one_figure
from pipeline.analysts.offline.fitting import fitted
from pipeline.analysts.offline.freeform import columns, message
from pipeline.analysts.offline.further import write_back
from pipeline.analysts.offline.keys import Writing
from pipeline.analysts.offline.lines import Group, fill_group, with_object
from pipeline.analysts.offline.matching import match_on, said_keys, with_keys
from pipeline.analysts.offline.naming import resolve, says
from pipeline.analysts.offline.placing import constants
from pipeline.analysts.offline.presumed import columns_question, reviewed, with_presumed
from pipeline.analysts.offline.presumed_keys import key_question, presumed_keys
from pipeline.analysts.offline.records import Side, complete, fill
from pipeline.analysts.offline.references import References, referred_entity
from pipeline.analysts.offline.request import Flow
from pipeline.analysts.offline.telling import heading
from pipeline.analysts.offline.understand import Understanding
from pipeline.analysts.offline.views import view_of
from pipeline.catalogue.model import Operation, SystemEntry
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.mapping.transforms import choose
from pipeline.plan.apply import slugged
from pipeline.plan.model import (
    Endpoint,
    Lookup,
    Mapping,
    Question,
    Variable,
    Workflow,
    Write,
    WriteMode,
)
from pipeline.plan.paths import array_of
from pipeline.plan.schemas import free_objects, source_schema
from pipeline.plan.triggers import reading

_MEANT = 0.4  # how alike a field must be to words that are said to map it
_NAMED = 0.85  # and to words that may be about something else


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
        writes = _writes(workflow, source or {}, {}, request)
        workflow = workflow.model_copy(update={"writes": writes})
        return Planned(_only_pairs(workflow, request))
    target = taken(entry.entity(flow.target_entity).record_schema, operation)
    filters, meant = fitted(workflow.filters, request.pairs, source, target)
    workflow = workflow.model_copy(update={"filters": filters})
    view = view_of(request, flow, source, target)
    source = view.schema
    writing = request.writing
    referred = referred_entity(writing.of, entry, flow.target_entity)
    references = References(entry, keys={referred: writing.key or ""} if referred else {})
    if referred:  # the text says how that one is found, and nothing of the record itself
        writing, mode = Writing(None, None), "create"
        workflow = workflow.model_copy(update={"write_mode": mode})
    required = operation.required if operation else []
    source = with_presumed(source, target, required)
    if flow.aspect is not None:
        mappings, keys = one_figure(flow.aspect, source, target, required, references)
    else:
        mappings = all_mappings(source, target, required, references)
        mappings = _with({one.target: one for one in meant}, mappings)
        mappings = _named(mappings, workflow, flow.target_entity, source, target, request)
        if mode != "update":
            assumptions = _assumptions(entry, workflow, flow.target_entity, source, request)
            mappings = assumptions.fill(mappings, target, required)
            references.variables += assumptions.variables
            references.questions += assumptions.questions
        keys = match_on(
            writing, mappings, source, target, mode, f"{flow.source} {flow.source_entity}"
        )
    if mode in ("upsert", "update") and not keys:
        options = presumed_keys(
            entry, flow.target_entity, mappings, source, target, request.ends.both_ways
        )
        references.questions.append(key_question(workflow, options))
        mode = mode if options else "create"
        keys, workflow = options[:1], workflow.model_copy(update={"write_mode": mode})
    workflow = workflow.model_copy(
        update={
            "mappings": reviewed(with_keys(mappings, keys, target, mode), source),
            "lookups": _used(references),
            "match_on": keys,
        }
    )
    workflow = view.applied(workflow)
    writes = _writes(workflow, view.whole, target, request)
    workflow = workflow.model_copy(update={"writes": writes})
    questions = [*columns_question(workflow, source), *references.questions]
    return Planned(workflow, references.variables, questions)


def _named(
    mappings: list[Mapping], workflow: Workflow, entity: str, source: Schema, target: Schema,
    request: Understanding,
) -> list[Mapping]:  # fmt: skip
    """With what the text itself names: columns, what a message shows, places, pairs."""
    head = heading(workflow, _entry(request, workflow.source.system))
    announced = says(entity) and not says(workflow.source.entity)
    given = [
        *columns(request.columns, source, target),
        *message(request.columns, head, announced, source, target, mappings),
        *constants(request.places, target),
    ]
    by_target = {(one.target, one.each): one for one in [*mappings, *given]}
    return _with_pairs(list(by_target.values()), source, target, request)


def _with(said: dict[str, Mapping], mappings: list[Mapping]) -> list[Mapping]:
    return [*(one for one in mappings if one.target not in said), *said.values()]


def _assumptions(
    entry: SystemEntry, workflow: Workflow, entity: str, source: Schema, request: Understanding
) -> Assumptions:
    head = heading(workflow, _entry(request, workflow.source.system))
    return Assumptions(
        entry, workflow.name, entity, request.text, head, workflow.source.entity, source
    )


def _writes(
    workflow: Workflow, source: Schema, target: Schema, request: Understanding
) -> list[Write]:
    """Further targets in the order of the text, then what goes back to the source."""
    writes = []
    for name in request.ends.targets[1:] if not request.ends.both_ways else []:
        entry = _entry(request, name)
        if entry is None or not entry.entities:
            continue
        origin = _entry(request, workflow.source.system)
        entity = written_entity(
            request.text, request.mentions, origin, entry, workflow.source.entity
        )
        operation = entry.operation(entity, "create") or entry.operation(entity, "upsert")
        into = entry.entity(entity).record_schema
        mappings = _named(fill(Side(source), Side(into)), workflow, entity, source, into, request)
        writes.append(
            Write(
                id=name, system=name, entity=entity, mappings=complete(mappings, Side(into)),
                method=operation.method if operation else None,
                path=operation.path if operation else None,
            )
        )  # fmt: skip
    origin = _entry(request, workflow.source.system)
    if request.ends.write_back and origin is not None and origin.entities:
        writes += write_back(request.text, workflow, origin, target)
    return writes


def taken(target: Schema, operation: Operation | None) -> Schema:
    """The part of a record that the operation sends: a GraphQL call takes what it names."""
    if operation is None or operation.graphql is None:
        return target
    named = re.findall(r"\{([\w.\[\]]+)\}", json.dumps(operation.variables))
    tops = {re.split(r"[.\[]", path)[0] for path in named}
    properties = target.get("properties", {})
    sent = {name: node for name, node in properties.items() if name in tops}
    return {**target, "properties": sent} if tops else target


def _name(flow: Flow) -> str:
    return slugged(f"{flow.source} {flow.source_entity} to {flow.target} {flow.target_entity}")


def _entry(request: Understanding, system: str) -> SystemEntry | None:
    return request.mention(system).entry


def _writing(
    entry: SystemEntry | None, flow: Flow, request: Understanding
) -> tuple[WriteMode, Operation | None]:
    """The write mode asked for, else the one that the API offers for the entity."""
    asked = "update" if flow.aspect is not None else request.writing.mode
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


def group_mappings(group: Group, beside: list[Group]) -> list[Mapping]:
    """One group's mappings as they are planned, without looking references up."""
    others = [other for other in beside if other is not group]
    return with_object(group, fill_group(group, others))


def _used(references: References) -> list[Lookup]:
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
        least = _NAMED if pair.tentative else _MEANT
        into = _free_field(pair.target, target) or resolve(pair.target, target, least)
        if into is None or into.read_only:
            continue
        if pair.constant:
            result[into.path, None] = Mapping(
                target=into.path, constant=pair.source, status="confirmed"
            )
            continue
        origin = resolve(pair.source, source, least)
        if origin is None:
            continue
        each = array_of(origin.path) if "[]" in into.path else None
        result[into.path, each] = Mapping(
            target=into.path, source=origin.path, transform=choose(origin, into),
            status="confirmed", each=each,
        )  # fmt: skip
    return list(result.values())


def _free_field(path: str, target: Schema) -> FieldInfo | None:
    """A field of one's own, named by its path into an object that takes any: `metadata.order`."""
    above = path.rpartition(".")[0]
    if not above or above not in free_objects(target):
        return None
    return (
        None if path in [one.path for one in fields(target)] else FieldInfo(path=path, type="any")
    )


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
        if not pair.tentative
    ]
    return workflow.model_copy(
        update={"mappings": mappings, "match_on": said_keys(request.writing, request.pairs)}
    )
