"""Systems and workflows: what the model chose, planned by the same rules as without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipeline.analysts.claude.addresses import Addresses
from pipeline.analysts.claude.briefing import show_outline
from pipeline.analysts.claude.catalogue_tools import catalogue_tools
from pipeline.analysts.claude.correcting import faults_of, with_systems, with_workflows
from pipeline.analysts.claude.desk import Desk
from pipeline.analysts.claude.edit_tools import read_json
from pipeline.analysts.claude.metered import Report
from pipeline.analysts.claude.questions import with_questions
from pipeline.analysts.claude.results import (
    ChosenFilter,
    ChosenSystem,
    ChosenWorkflow,
    SystemsResult,
    WorkflowsResult,
)
from pipeline.analysts.offline.research import plan_of
from pipeline.analysts.offline.understand import Understanding
from pipeline.errors import InvalidEdit
from pipeline.plan.apply import apply_edit
from pipeline.plan.edits import AddFilter, PlanEdit, SetWriteMode
from pipeline.plan.model import Plan, Scope, System

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_CORRECTIONS = 2


def choose_systems(
    desk: Desk, brief: str, proposal: Plan, catalogue: Catalogue, report: Report
) -> list[ChosenSystem]:
    report("Claude names the systems")
    dialogue = desk.dialogue("systems", "judging", tools=catalogue_tools(catalogue), report=report)
    text = f"{brief}\n\nThe starting point:\n{show_outline(proposal)}"
    return dialogue.ask(text, SystemsResult).systems


def plan_workflows(
    desk: Desk, brief: str, proposal: Plan, understood: Understanding,
    systems: Sequence[ChosenSystem], scope: Scope, today: date, report: Report,
) -> Plan:  # fmt: skip
    """The plan of the chosen workflows; what can't be is told to the model, then left out."""
    report("Claude plans the workflows")
    understood = with_systems(understood, systems)
    dialogue = desk.dialogue(
        "workflows", "judging", tools=catalogue_tools(understood.catalogue), report=report
    )
    names = ", ".join(one.system for one in understood.mentions)
    text = f"{brief}\n\nThe systems: {names}.\n\nThe starting point:\n{show_outline(proposal)}"
    for _ in range(_CORRECTIONS):
        result = dialogue.ask(text, WorkflowsResult)
        plan, problems = _plan(result, understood, scope, today)
        if not problems:
            break
        text = "This can't be planned as given:\n" + "\n".join(problems) + "\nAnswer again, whole."
    else:
        result = dialogue.ask(text, WorkflowsResult)
        plan, _ = _plan(result, understood, scope, today)
    addresses = Addresses(brief)
    plan = plan.model_copy(
        update={
            "title": addresses.without_foreign(result.title[:150]).strip() or plan.title,
            "summary": addresses.without_foreign(result.summary[:600]).strip() or plan.summary,
            "systems": [_with_choice(one, systems) for one in plan.systems],
        }
    )
    return with_questions(plan, result.questions)


def _with_choice(system: System, chosen: Sequence[ChosenSystem]) -> System:
    role = next((one.role for one in chosen if one.name == system.name), system.role)
    return system.model_copy(update={"role": role})


def _plan(
    result: WorkflowsResult, understood: Understanding, scope: Scope, today: date
) -> tuple[Plan, list[str]]:
    """The plan of what can be, and why the rest can't."""
    problems = [
        f"Workflow {number}: {fault}"
        for number, one in enumerate(result.workflows, 1)
        for fault in faults_of(one, understood)
    ]
    possible = [one for one in result.workflows if not faults_of(one, understood)]
    plan = plan_of(with_workflows(understood, possible), scope, today)
    names = {id(one): workflow.name for one, workflow in zip(possible, plan.workflows, strict=True)}
    for number, chosen in enumerate(result.workflows, 1):
        if id(chosen) not in names:
            continue
        plan, refused = _settled(plan, names[id(chosen)], chosen, understood.catalogue)
        problems += refused
        for item in (one for one in result.filters if one.workflow == number):
            plan, refused = _filtered(plan, names[id(chosen)], item, understood.catalogue)
            problems += refused
    return plan, problems


def _settled(
    plan: Plan, name: str, chosen: ChosenWorkflow, catalogue: Catalogue
) -> tuple[Plan, list[str]]:
    """With the write mode that was chosen, where the rules took another."""
    same_key = not chosen.match_target or any(
        pair.target == chosen.match_target for pair in plan.workflow(name).match_on
    )
    if plan.workflow(name).write_mode == chosen.write_mode and same_key:
        return plan, []
    edit = SetWriteMode(
        workflow=name,
        write_mode=chosen.write_mode,
        match_target=chosen.match_target or None,
        match_source=chosen.match_source or None,
    )
    return _tried(plan, edit, catalogue)


def _filtered(
    plan: Plan, name: str, chosen: ChosenFilter, catalogue: Catalogue
) -> tuple[Plan, list[str]]:
    try:
        value = read_json("value", chosen.value) if chosen.value else None
    except InvalidEdit as error:
        return plan, [str(error)]
    edit = AddFilter(workflow=name, field=chosen.field, operator=chosen.operator, value=value)
    return _tried(plan, edit, catalogue)


def _tried(plan: Plan, edit: PlanEdit, catalogue: Catalogue) -> tuple[Plan, list[str]]:
    try:
        return apply_edit(plan, edit, catalogue), []
    except InvalidEdit as error:
        return plan, [str(error)]
