"""Applying edits to a plan, each checked against the catalogue before it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from pipeline.errors import InvalidEdit
from pipeline.plan import edits as e
from pipeline.plan.answers import chosen_question, edits_of, in_its_words
from pipeline.plan.filling import filled, target_field, unfilled
from pipeline.plan.model import (
    Auth,
    Filter,
    KeyPair,
    Lookup,
    Plan,
    System,
    Trigger,
    TriggerKind,
    Variable,
    Workflow,
)
from pipeline.plan.schemas import (
    closest,
    did_you_mean,
    entity_schema,
    entry_of,
    find_field,
    paths_of,
    source_schema,
)
from pipeline.plan.triggers import fit, usual_event

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def replay(base: Plan, edits: Iterable[e.PlanEdit], catalogue: Catalogue) -> Plan:
    """The plan after all edits, in order; InvalidEdit at the first that does not fit."""
    plan = base
    for edit in edits:
        plan = apply_edit(plan, edit, catalogue)
    return plan


def replay_what_fits(
    base: Plan, edits: Iterable[e.PlanEdit], catalogue: Catalogue
) -> tuple[Plan, list[str]]:
    """The plan after the edits, in order, and why those that no longer fit were left out.

    An edit fitted when it was made; new research may have taken away what it changes.
    """
    plan, lapsed = base, list[str]()
    for edit in edits:
        try:
            plan = apply_edit(plan, edit, catalogue)
        except InvalidEdit as error:
            lapsed.append(str(error))
    return plan, lapsed


def apply_edit(plan: Plan, edit: e.PlanEdit, catalogue: Catalogue) -> Plan:
    """The plan after one edit; InvalidEdit, with what to do, where it can't be applied."""
    return _APPLY[type(edit)](plan, edit, catalogue)


def chosen_workflow(plan: Plan, name: str | None) -> Workflow:
    """The workflow that an edit means; InvalidEdit where that is not clear."""
    names = [workflow.name for workflow in plan.workflows]
    if name is None and len(names) == 1:
        return plan.workflows[0]
    if name is None:
        raise InvalidEdit(f"Say which workflow you mean: {', '.join(names) or 'there is none'}.")
    if name not in names:
        raise InvalidEdit(f"There is no workflow “{name}”.{did_you_mean(name, names)}")
    return plan.workflow(name)


def _put(plan: Plan, old: Workflow, new: Workflow) -> Plan:
    workflows = [new if workflow.name == old.name else workflow for workflow in plan.workflows]
    return plan.model_copy(update={"workflows": workflows})


def _chosen_system(plan: Plan, name: str) -> System:
    names = [system.name for system in plan.systems]
    if name not in names:
        raise InvalidEdit(f"The plan has no system “{name}”.{did_you_mean(name, names)}")
    return plan.system(name)


def _put_system(plan: Plan, new: System) -> Plan:
    systems = [new if system.name == new.name else system for system in plan.systems]
    return plan.model_copy(update={"systems": systems})


def _set_trigger(plan: Plan, edit: e.SetTrigger, catalogue: Catalogue) -> Plan:
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
    return _put(plan, workflow, fit(workflow, trigger, catalogue))


def _kind_of(edit: e.SetTrigger) -> TriggerKind | None:
    if edit.cron or edit.timezone:
        return "schedule"
    return "webhook" if edit.event else None


def _map(plan: Plan, edit: e.MapField, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    return _put(plan, workflow, filled(plan, workflow, edit, catalogue))


def _unmap(plan: Plan, edit: e.UnmapField, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    return _put(plan, workflow, unfilled(workflow, edit, catalogue))


def _add_filter(plan: Plan, edit: e.AddFilter, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    schema = source_schema(catalogue, workflow)
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
    return _put(plan, workflow, workflow.model_copy(update={"filters": [*kept, new]}))


def _remove_filter(plan: Plan, edit: e.RemoveFilter, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    kept = [one for one in workflow.filters if one.field != edit.field]
    if len(kept) == len(workflow.filters):
        names = [one.field for one in workflow.filters]
        raise InvalidEdit(f"No filter is on “{edit.field}”.{did_you_mean(edit.field, names)}")
    return _put(plan, workflow, workflow.model_copy(update={"filters": kept}))


def _rename(plan: Plan, edit: e.Rename, catalogue: Catalogue) -> Plan:
    name = edit.name.strip()
    if not name:
        raise InvalidEdit("A name needs at least one letter.")
    if edit.workflow is None:
        return plan.model_copy(update={"title": name})
    workflow = chosen_workflow(plan, edit.workflow)
    slug = slugged(name)
    if not slug:
        raise InvalidEdit("A workflow's name needs at least one letter of a–z.")
    if any(other.name == slug for other in plan.workflows if other is not workflow):
        raise InvalidEdit(f"There is already a workflow “{slug}”; choose another name.")
    return _put(plan, workflow, workflow.model_copy(update={"name": slug}))


def slugged(text: str) -> str:
    """Kebab case of what is a–z or 0–9: “New Orders!” gives `new-orders`."""
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text.lower())
    return "-".join(words.split())[:60].strip("-")


def _set_auth(plan: Plan, edit: e.SetAuth, catalogue: Catalogue) -> Plan:
    system = _chosen_system(plan, edit.system)
    entry = entry_of(catalogue, edit.system)
    schemes = entry.auth if entry else []
    for scheme in schemes:
        if scheme.type == edit.type and edit.grant in (None, scheme.grant):
            return _put_system(plan, system.model_copy(update={"auth": scheme}))
    if schemes:
        known = ", ".join(dict.fromkeys(show_auth(scheme) for scheme in schemes))
        raise InvalidEdit(f"{system.display_name} does not offer that; it offers {known}.")
    return _put_system(
        plan, system.model_copy(update={"auth": Auth(type=edit.type, grant=edit.grant)})
    )


def show_auth(auth: Auth) -> str:
    """A scheme in words: “OAuth 2.0 authorization code”, “API key”."""
    names = {"oauth2": "OAuth 2.0", "api-key": "API key", "basic-auth": "basic authentication",
             "hmac": "HMAC", "none": "no authentication", "certificate": "certificate"}  # fmt: skip
    return " ".join([names[auth.type], *([auth.grant.replace("-", " ")] if auth.grant else [])])


def _answer(plan: Plan, edit: e.AnswerQuestion, catalogue: Catalogue) -> Plan:
    question = chosen_question(plan, edit.question)
    answer = in_its_words(question, edit.answer)
    answered = question.model_copy(update={"answer": answer})
    questions = [answered if one.id == question.id else one for one in plan.questions]
    plan = plan.model_copy(update={"questions": questions})
    return replay(plan, edits_of(question, answer), catalogue)


def _set_variable(plan: Plan, edit: e.SetVariable, catalogue: Catalogue) -> Plan:
    types: dict[str, type | tuple[type, ...]] = {
        "string": str, "number": (int, float), "boolean": bool,
    }  # fmt: skip
    default, wanted = edit.default, types[edit.type]
    misfit = not isinstance(default, wanted) or isinstance(default, bool) != (wanted is bool)
    if default is not None and misfit:
        raise InvalidEdit(f"The variable {edit.name} is a {edit.type}; “{default}” is none.")
    known = {variable.name: variable for variable in plan.variables}
    was = known.get(edit.name)
    text = edit.description or (was.description if was else "")
    known[edit.name] = Variable(name=edit.name, type=edit.type, default=default, description=text)
    return plan.model_copy(update={"variables": list(known.values())})


def _set_write_mode(plan: Plan, edit: e.SetWriteMode, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    match_on = workflow.match_on
    if edit.match_target:
        target_field(
            entity_schema(catalogue, workflow.target.system, workflow.target.entity),
            edit.match_target, workflow.target.entity, writing=False,
        )  # fmt: skip
        source = edit.match_source or _source_of(workflow, edit.match_target)
        match_on = [KeyPair(target=edit.match_target, source=source)]
    if edit.write_mode in ("upsert", "update") and not match_on:
        raise InvalidEdit(f"Say by which field to {edit.write_mode}, for example “match on email”.")
    update = {"write_mode": edit.write_mode, "match_on": match_on}
    if edit.write_mode in ("create", "append"):
        update["match_on"] = []
    return _put(plan, workflow, workflow.model_copy(update=update))


def _source_of(workflow: Workflow, target: str) -> str:
    for mapping in workflow.mappings:
        if mapping.target == target and mapping.source:
            return mapping.source
    raise InvalidEdit(f"Nothing is mapped to {target} yet; say which source field it must equal.")


def _set_on_missing(plan: Plan, edit: e.SetOnMissing, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    names = [lookup.name for lookup in workflow.lookups]
    if edit.lookup not in names:
        raise InvalidEdit(f"There is no lookup “{edit.lookup}”.{did_you_mean(edit.lookup, names)}")

    def changed(lookup: Lookup) -> Lookup:
        if lookup.name != edit.lookup:
            return lookup
        if edit.on_missing == "create" and not lookup.mappings:
            raise InvalidEdit(f"Say first what a new {lookup.entity} is made of.")
        return lookup.model_copy(update={"on_missing": edit.on_missing})

    lookups = [changed(lookup) for lookup in workflow.lookups]
    return _put(plan, workflow, workflow.model_copy(update={"lookups": lookups}))


def _set_base_url(plan: Plan, edit: e.SetBaseUrl, catalogue: Catalogue) -> Plan:
    system = _chosen_system(plan, edit.system)
    if not edit.base_url.startswith(("https://", "http://localhost", "http://127.0.0.1")):
        raise InvalidEdit(f"“{edit.base_url[:80]}” is no address; it begins with https://.")
    url = edit.base_url.rstrip("/")
    return _put_system(plan, system.model_copy(update={"base_url": url}))


def _drop_workflow(plan: Plan, edit: e.DropWorkflow, catalogue: Catalogue) -> Plan:
    dropped = chosen_workflow(plan, edit.workflow)
    kept = [workflow for workflow in plan.workflows if workflow is not dropped]
    if not kept:
        raise InvalidEdit("The last workflow can't be removed; say “stop” to end this instead.")
    groups = [workflow.sync_group for workflow in kept]
    alone = {"sync_group": None, "conflict": None}
    kept = [one.model_copy(update=alone) if groups.count(one.sync_group) == 1 else one
            for one in kept]  # fmt: skip
    plan = plan.model_copy(update={"workflows": kept})
    systems = [system.model_copy(update={"role": _role(plan, system)}) for system in plan.systems]
    return plan.model_copy(update={"systems": systems})


def _role(plan: Plan, system: System) -> str:
    read = any(workflow.source.system == system.name for workflow in plan.workflows)
    written = any(
        system.name in (workflow.target.system, *(write.system for write in workflow.writes))
        for workflow in plan.workflows
    )
    return "both" if read and written else "target" if written else "source"


_APPLY: dict[type, Callable[[Plan, Any, Catalogue], Plan]] = {
    e.SetTrigger: _set_trigger,
    e.MapField: _map,
    e.UnmapField: _unmap,
    e.AddFilter: _add_filter,
    e.RemoveFilter: _remove_filter,
    e.Rename: _rename,
    e.SetAuth: _set_auth,
    e.AnswerQuestion: _answer,
    e.SetVariable: _set_variable,
    e.SetWriteMode: _set_write_mode,
    e.SetOnMissing: _set_on_missing,
    e.SetBaseUrl: _set_base_url,
    e.DropWorkflow: _drop_workflow,
}
