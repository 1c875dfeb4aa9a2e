"""Edits of when a workflow runs, what it takes, and how it finds and writes records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import InvalidEdit
from pipeline.plan import edits as e
from pipeline.plan.choosing import chosen_workflow, put
from pipeline.plan.filling import source_field, target_field
from pipeline.plan.model import (
    MATCHING,
    Filter,
    KeyPair,
    Lookup,
    Plan,
    Trigger,
    TriggerKind,
    Workflow,
)
from pipeline.plan.schemas import (
    closest,
    did_you_mean,
    entity_schema,
    entry_of,
    find_field,
    paths_of,
    read_schema,
)
from pipeline.plan.triggers import fit, usual_event

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def set_trigger(plan: Plan, edit: e.SetTrigger, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    old = workflow.trigger
    kind = edit.kind or _kind_of(edit) or old.kind
    trigger = Trigger(kind=kind)
    if kind == "schedule":
        cron, zone = edit.cron or old.cron, edit.timezone or old.timezone
        trigger = Trigger(kind=kind, cron=cron, timezone=zone or "UTC")
    if kind == "webhook":
        trigger = Trigger(kind=kind, event=edit.event or old.event)
        entry = entry_of(catalogue, workflow.source.system)
        if trigger.event is None and entry is not None:
            usual = usual_event(entry, workflow.source.entity)
            trigger = Trigger(kind=kind, event=usual.name if usual else None)
    return put(plan, workflow, fit(workflow, trigger, catalogue))


def _kind_of(edit: e.SetTrigger) -> TriggerKind | None:
    if edit.cron or edit.timezone:
        return "schedule"
    return "webhook" if edit.event else None


def add_filter(plan: Plan, edit: e.AddFilter, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    schema = read_schema(catalogue, workflow)
    field = find_field(schema, edit.field)
    if field is None:
        paths = paths_of(schema)
        raise InvalidEdit(
            f"The {workflow.source.entity} has no field “{edit.field}”."
            f"{did_you_mean(edit.field, paths)}"
        )
    if edit.operator in ("in", "not-in") and not isinstance(edit.value, list):
        raise InvalidEdit(f"“{edit.operator}” needs a list of values for {edit.field}.")
    if edit.operator == "eq" and field.enum and edit.value not in field.enum:
        near = closest(str(edit.value), [str(value) for value in field.enum])
        raise InvalidEdit(f"{edit.field} is never “{edit.value}”; it is one of {', '.join(near)}…")
    new = Filter(field=edit.field, op=edit.operator, value=edit.value)
    kept = [one for one in workflow.filters if (one.field, one.op) != (new.field, new.op)]
    return put(plan, workflow, workflow.model_copy(update={"filters": [*kept, new]}))


def remove_filter(plan: Plan, edit: e.RemoveFilter, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    kept = [one for one in workflow.filters if one.field != edit.field]
    if len(kept) == len(workflow.filters):
        names = [one.field for one in workflow.filters]
        raise InvalidEdit(f"No filter is on “{edit.field}”.{did_you_mean(edit.field, names)}")
    return put(plan, workflow, workflow.model_copy(update={"filters": kept}))


def set_write_mode(plan: Plan, edit: e.SetWriteMode, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    match_on = workflow.match_on
    if edit.match_target:
        target_field(
            entity_schema(catalogue, workflow.target.system, workflow.target.entity),
            edit.match_target, workflow.target.entity, writing=False,
        )  # fmt: skip
        source = edit.match_source or _source_of(workflow, edit.match_target)
        match_on = [KeyPair(target=edit.match_target, source=source)]
    if edit.write_mode in MATCHING and not match_on:
        raise InvalidEdit(f"Say by which field to {edit.write_mode}, for example “match on email”.")
    update = {"write_mode": edit.write_mode, "match_on": match_on}
    if edit.write_mode in ("create", "append"):
        update["match_on"] = []
    if edit.write_mode == "delete":
        update["mappings"] = []
    return put(plan, workflow, workflow.model_copy(update=update))


def _source_of(workflow: Workflow, target: str) -> str:
    for mapping in workflow.mappings:
        if mapping.target == target and mapping.source:
            return mapping.source
    raise InvalidEdit(f"Nothing is mapped to {target} yet; say which source field it must equal.")


def set_on_missing(plan: Plan, edit: e.SetOnMissing, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    lookup = _chosen_lookup(workflow, edit.lookup)
    if edit.on_missing == "create" and not lookup.mappings:
        raise InvalidEdit(f"Say first what a new {lookup.entity} is made of.")
    changed = lookup.model_copy(update={"on_missing": edit.on_missing})
    return put(plan, workflow, _with_lookup(workflow, changed))


def set_lookup_key(plan: Plan, edit: e.SetLookupKey, catalogue: Catalogue) -> Plan:
    """The key of that target gets another source; a new target is the only key from then on."""
    workflow = chosen_workflow(plan, edit.workflow)
    lookup = _chosen_lookup(workflow, edit.lookup)
    schema = entity_schema(catalogue, lookup.system, lookup.entity)
    target_field(schema, edit.target, lookup.entity, writing=False)
    source_field(plan, workflow, edit.source, catalogue)
    new = KeyPair(target=edit.target, source=edit.source)
    known = any(pair.target == edit.target for pair in lookup.by)
    by = [new if pair.target == edit.target else pair for pair in lookup.by] if known else [new]
    return put(plan, workflow, _with_lookup(workflow, lookup.model_copy(update={"by": by})))


def _chosen_lookup(workflow: Workflow, name: str) -> Lookup:
    names = [lookup.name for lookup in workflow.lookups]
    if name not in names:
        raise InvalidEdit(f"There is no lookup “{name}”.{did_you_mean(name, names)}")
    return workflow.lookups[names.index(name)]


def _with_lookup(workflow: Workflow, new: Lookup) -> Workflow:
    lookups = [new if one.name == new.name else one for one in workflow.lookups]
    return workflow.model_copy(update={"lookups": lookups})
