"""One flow, planned: its endpoints, mappings, lookups, keys and further writes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace

from pipeline.analysts.offline.assuming import Assumptions
from pipeline.analysts.offline.elements import all_mappings
from pipeline.analysts.offline.figures import one_figure
from pipeline.analysts.offline.fitting import fitted
from pipeline.analysts.offline.further import further_writes
from pipeline.analysts.offline.keys import Writing
from pipeline.analysts.offline.lines import Group, fill_group, with_object
from pipeline.analysts.offline.matching import match_on, said_keys, with_keys
from pipeline.analysts.offline.presumed import columns_question, reviewed, with_presumed
from pipeline.analysts.offline.presumed_keys import key_question, presumed_keys
from pipeline.analysts.offline.reached import reached_key
from pipeline.analysts.offline.references import References, referred_entity
from pipeline.analysts.offline.request import Flow
from pipeline.analysts.offline.said import named
from pipeline.analysts.offline.understand import Understanding
from pipeline.analysts.offline.unneeded import without_unneeded
from pipeline.analysts.offline.views import view_of
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Action, Operation
from pipeline.catalogue.shape import Schema
from pipeline.plan.apply import slugged
from pipeline.plan.model import (
    Endpoint,
    KeyPair,
    Lookup,
    Mapping,
    Question,
    Variable,
    Workflow,
    WriteMode,
)
from pipeline.plan.schemas import source_schema
from pipeline.plan.triggers import reading


@dataclass
class Planned:
    """A workflow with what else it needs of the plan."""

    workflow: Workflow
    variables: list[Variable] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def plan_workflow(flow: Flow, request: Understanding) -> Planned:
    """The workflow of one flow; without mappings where a system's fields are not known."""
    entry = request.mention(flow.target).entry
    mode, operation = _writing(entry, flow, request)
    workflow = _ends(flow, request, mode, operation)
    source = source_schema(request.catalogue, workflow)
    target: Schema = {}
    if entry is None or not entry.entities or source is None:
        planned = Planned(_only_pairs(workflow, request))
    else:
        target = taken(entry.entity(flow.target_entity).record_schema, operation)
        filters, meant = fitted(workflow.filters, request.pairs, source, target)
        workflow = workflow.model_copy(update={"filters": filters})
        view = view_of(request, flow, source, target)
        sides = _Sides(view.schema, target, operation.required if operation else [])
        planned = _filled(workflow, flow, request, sides.presuming(), meant)
        planned = replace(planned, workflow=view.applied(planned.workflow))
        source = view.whole
    further = further_writes(planned.workflow, source or {}, target, request)
    workflow = planned.workflow.model_copy(update={"writes": further.writes})
    variables = [*planned.variables, *further.variables]
    questions = [*planned.questions, *further.questions]
    return Planned(*without_unneeded(workflow, variables, questions))


@dataclass(frozen=True)
class _Sides:
    """The schemas of both sides; `required` are fields that the call wants beyond the target's."""

    source: Schema
    target: Schema
    required: list[str]

    def presuming(self) -> _Sides:
        return replace(self, source=with_presumed(self.source, self.target, self.required))


def _ends(
    flow: Flow, request: Understanding, mode: WriteMode, operation: Operation | None
) -> Workflow:
    """The workflow as far as its systems, its start and its call go."""
    workflow = Workflow(
        name=slugged(f"{flow.source} {flow.source_entity} to {flow.target} {flow.target_entity}"),
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
    origin = request.mention(flow.source).entry
    return reading(workflow, origin) if origin is not None else workflow


def _filled(
    workflow: Workflow, flow: Flow, request: Understanding, sides: _Sides, meant: list[Mapping]
) -> Planned:
    """The workflow with its record filled and its key, and what was presumed for these."""
    entry = request.mention(flow.target).entry
    assert entry is not None
    writing = request.writing
    referred = referred_entity(writing.of, entry, flow.target_entity)
    references = References(entry, keys={referred: writing.key or ""} if referred else {})
    if referred:  # the text says how that one is found, and nothing of the record itself
        writing = Writing(None, None)
        workflow = workflow.model_copy(update={"write_mode": "create"})
    source, target, required = sides.source, sides.target, sides.required
    assumed = Assumptions.of(workflow, workflow.target, source, request)
    if flow.aspect is not None:
        mappings, keys = one_figure(flow.aspect, source, target, required, references)
    else:
        said = {one.target: one for one in meant}
        mappings = all_mappings(source, target, required, references)
        mappings = [*(one for one in mappings if one.target not in said), *meant]
        mappings = named(mappings, workflow, flow.target_entity, source, target, request)
        if workflow.write_mode not in ("update", "delete"):
            mappings = assumed.fill(mappings, target, required)
        keys = match_on(writing, mappings, source, target, workflow.write_mode,
                        f"{flow.source} {flow.source_entity}")  # fmt: skip
    origin = request.mention(flow.source).entry
    if writing.key and not keys and origin is not None:
        lookups, keys = reached_key(origin, source, target, writing.key)
        references.lookups += lookups
    if workflow.write_mode == "delete":  # it says which record, and nothing of it
        return Planned(workflow.model_copy(update={"match_on": keys, "lookups": _used(references)}))
    known = [one.name for one in references.lookups]
    references.lookups += [one for one in assumed.lookups if one.name not in known]
    workflow, asked = _keyed(workflow, keys, mappings, sides, request)
    mappings = with_keys(mappings, workflow.match_on, target, workflow.write_mode)
    workflow = workflow.model_copy(
        update={"mappings": reviewed(mappings, source), "lookups": _used(references)}
    )
    questions = [*columns_question(workflow, source), *references.questions, *asked,
                 *assumed.questions]  # fmt: skip
    return Planned(workflow, [*references.variables, *assumed.variables], questions)


def _keyed(
    workflow: Workflow, keys: list[KeyPair], mappings: list[Mapping], sides: _Sides,
    request: Understanding,
) -> tuple[Workflow, list[Question]]:  # fmt: skip
    """The workflow with its key, presumed where none is known; without one it creates if it can."""
    if keys or workflow.write_mode not in ("upsert", "update"):
        return workflow.model_copy(update={"match_on": keys}), []
    entry = request.mention(workflow.target.system).entry
    assert entry is not None
    options = presumed_keys(entry, workflow.target.entity, mappings, sides.source, sides.target,
                            request.ends.both_ways)  # fmt: skip
    can_create = entry.operation(workflow.target.entity, "create") is not None
    mode = "create" if can_create and not options else workflow.write_mode
    changed = workflow.model_copy(update={"match_on": options[:1], "write_mode": mode})
    return changed, [key_question(changed, options)]


def taken(target: Schema, operation: Operation | None) -> Schema:
    """The part of a record that the operation sends: a GraphQL call takes what it names."""
    if operation is None or operation.graphql is None:
        return target
    named = re.findall(r"\{([\w.\[\]]+)\}", json.dumps(operation.variables))
    tops = {re.split(r"[.\[]", path)[0] for path in named}
    properties = target.get("properties", {})
    sent = {name: node for name, node in properties.items() if name in tops}
    return {**target, "properties": sent} if tops else target


# By which calls a record can be written, best first; what can only be changed is not created.
_ACTIONS: dict[WriteMode, tuple[Action, ...]] = {
    "create": ("create", "upsert", "action", "update"), "append": ("create", "action", "upsert"),
    "upsert": ("upsert", "create", "update"), "update": ("update", "upsert"),
    "delete": ("delete",),
}  # fmt: skip


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
    for action in _ACTIONS[mode]:
        operation = entry.operation(flow.target_entity, action)
        if operation is not None:
            only_updates = mode == "create" and action == "update"
            return "update" if only_updates else mode, operation
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
