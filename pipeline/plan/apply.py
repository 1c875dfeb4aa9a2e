"""Applying edits to a plan, each checked against the catalogue before it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from pipeline.errors import InvalidEdit
from pipeline.plan import edits as e
from pipeline.plan import flow_edits, regrouping, system_edits
from pipeline.plan.answers import chosen_question, edits_of, in_its_words
from pipeline.plan.choosing import chosen_workflow, put
from pipeline.plan.filling import filled, unfilled
from pipeline.plan.model import Plan, System, Variable

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


def _map(plan: Plan, edit: e.MapField, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    return put(plan, workflow, filled(plan, workflow, edit, catalogue))


def _unmap(plan: Plan, edit: e.UnmapField, catalogue: Catalogue) -> Plan:
    workflow = chosen_workflow(plan, edit.workflow)
    return put(plan, workflow, unfilled(workflow, edit, catalogue))


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
    return put(plan, workflow, workflow.model_copy(update={"name": slug}))


def slugged(text: str) -> str:
    """Kebab case of what is a–z or 0–9: “New Orders!” gives `new-orders`."""
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text.lower())
    return "-".join(words.split())[:60].strip("-")


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
    e.SetTrigger: flow_edits.set_trigger,
    e.MapField: _map,
    e.UnmapField: _unmap,
    e.AddFilter: flow_edits.add_filter,
    e.RemoveFilter: flow_edits.remove_filter,
    e.Rename: _rename,
    e.SetAuth: system_edits.set_auth,
    e.AnswerQuestion: _answer,
    e.SetVariable: _set_variable,
    e.SetWriteMode: flow_edits.set_write_mode,
    e.SetOnMissing: flow_edits.set_on_missing,
    e.SetLookupKey: flow_edits.set_lookup_key,
    e.SetBaseUrl: system_edits.set_base_url,
    e.GroupRows: regrouping.set_group,
    e.DropWorkflow: _drop_workflow,
}
