"""Workflows that were chosen, built by the rules; what can't be built is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.analysts.claude.correcting import faults_of, same_flows, with_workflows
from pipeline.analysts.claude.reading_json import read_json
from pipeline.analysts.claude.results import ChosenFilter, ChosenWorkflow, WorkflowsResult
from pipeline.analysts.offline.research import plan_of
from pipeline.analysts.offline.understand import Understanding
from pipeline.errors import InvalidEdit
from pipeline.plan.apply import apply_edit
from pipeline.plan.edits import AddFilter, PlanEdit, SetWriteMode
from pipeline.plan.model import Plan, Scope

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


@dataclass(frozen=True)
class Proposal:
    """What the rules make of a request: how they understand it, and the plan of that."""

    understood: Understanding
    scope: Scope
    today: date
    plan: Plan


def build(
    result: WorkflowsResult, understood: Understanding, proposal: Proposal
) -> tuple[Plan, list[str]]:
    """The plan of what can be, and why the rest can't."""
    problems: list[str] = []
    possible: list[tuple[int, ChosenWorkflow]] = []
    for number, one in enumerate(result.workflows, 1):
        faults = faults_of(one, understood)
        problems += [f"Workflow {number}: {fault}" for fault in faults]
        if not faults:
            possible.append((number, one))
    plan = _planned([one for _, one in possible], understood, proposal)
    names = [workflow.name for workflow in plan.workflows]
    for (number, chosen), name in zip(possible, names, strict=True):
        plan, refused = _settled(plan, name, chosen, understood.catalogue)
        problems += refused
        for item in (one for one in result.filters if one.workflow == number):
            plan, refused = _filtered(plan, name, item, understood.catalogue)
            problems += refused
    return plan, problems


def _planned(
    chosen: Sequence[ChosenWorkflow], understood: Understanding, proposal: Proposal
) -> Plan:
    """The plan without filters; the proposal's, where the same flows were chosen."""
    corrected = with_workflows(understood, chosen)
    if not same_flows(corrected, proposal.understood):
        return plan_of(corrected, proposal.scope, proposal.today)
    workflows = [one.model_copy(update={"filters": []}) for one in proposal.plan.workflows]
    return proposal.plan.model_copy(update={"workflows": workflows})


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
