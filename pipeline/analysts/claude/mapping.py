"""Mappings of one workflow: the model looks through those made by rule, and changes a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.claude.addresses import Addresses
from pipeline.analysts.claude.briefing import show_fields, show_mappings
from pipeline.analysts.claude.catalogue_tools import catalogue_tools
from pipeline.analysts.claude.custom_transforms import CustomTransforms
from pipeline.analysts.claude.desk import Desk
from pipeline.analysts.claude.guards import keeps_addresses, keeps_confirmed
from pipeline.analysts.claude.metered import Report
from pipeline.analysts.claude.questions import with_questions
from pipeline.analysts.claude.reading_json import read_json
from pipeline.analysts.claude.remarking import remarked
from pipeline.analysts.claude.results import ChosenMapping, MappingsResult
from pipeline.analysts.claude.tools import as_json
from pipeline.catalogue.schema import fields
from pipeline.errors import InvalidEdit
from pipeline.plan.apply import apply_edit
from pipeline.plan.check import check
from pipeline.plan.edits import MapField, PlanEdit, UnmapField
from pipeline.plan.model import Plan
from pipeline.plan.schemas import entity_schema, source_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_CORRECTIONS = 2


def plan_mappings(
    desk: Desk, brief: str, plan: Plan, name: str, catalogue: Catalogue, report: Report
) -> Plan:
    """The plan with the workflow's mappings as the model wants them, unless that made it worse."""
    workflow = plan.workflow(name)
    source = source_schema(catalogue, workflow)
    target = entity_schema(catalogue, workflow.target.system, workflow.target.entity)
    if source is None or target is None:
        return plan
    report(f"Claude looks through {len(workflow.mappings)} mappings")
    transforms = CustomTransforms(plan, desk.try_transform)
    tools = [*catalogue_tools(catalogue), transforms.tool()]
    dialogue = desk.dialogue("mappings", "judging", tools=tools, report=report)
    text = "\n\n".join(
        [
            brief,
            show_fields("source fields", fields(source)),
            show_fields("target fields", [one for one in fields(target) if not one.read_only]),
            show_mappings(workflow),
            _findings_text(_findings(plan, name, catalogue)),
        ]
    )
    changed, problems = plan, [""]
    for _ in range(_CORRECTIONS + 1):
        result = dialogue.ask(text, MappingsResult)
        changed, problems = _changed(changed, name, result, transforms, catalogue, brief)
        problems += _findings(changed, name, catalogue)
        if not problems:
            break
        text = (
            "Not all of this holds. What was accepted stays; answer with corrections alone.\n"
            + "\n".join(problems)
        )
    if len(check(changed, catalogue)) > len(check(plan, catalogue)):
        return plan
    return _without_answered(changed, plan)


def _findings(plan: Plan, name: str, catalogue: Catalogue) -> list[str]:
    start = f"{name}: "
    return [one.message for one in check(plan, catalogue) if one.message.startswith(start)]


def _findings_text(findings: Sequence[str]) -> str:
    return f"What Weft's checks miss: {as_json(findings) if findings else 'nothing'}."


def _changed(
    plan: Plan, name: str, result: MappingsResult, transforms: CustomTransforms,
    catalogue: Catalogue, brief: str,
) -> tuple[Plan, list[str]]:  # fmt: skip
    """The plan with every change that holds, and why others do not."""
    addresses = Addresses(brief)
    problems: list[str] = []
    for chosen in result.mappings:
        try:
            edit = transforms.resolved(_map(name, chosen))
            plan = remarked(
                plan, _applied(plan, edit, catalogue, addresses), edit, chosen.confidence
            )
        except InvalidEdit as error:
            problems.append(f"{chosen.target}: {error}")
    for dropped in result.dropped:
        edit_out = UnmapField(workflow=name, target=dropped.target, reason=dropped.reason)
        try:
            plan = _applied(plan, edit_out, catalogue, addresses)
        except InvalidEdit as error:
            problems.append(f"{dropped.target}: {error}")
    return with_questions(plan, result.questions), problems


def _applied(plan: Plan, edit: PlanEdit, catalogue: Catalogue, addresses: Addresses) -> Plan:
    problem = keeps_confirmed(edit, plan) or keeps_addresses(addresses, edit)
    if problem:
        raise InvalidEdit(problem)
    return apply_edit(plan, edit, catalogue)


def _map(workflow: str, chosen: ChosenMapping) -> MapField:
    args = read_json("transform_args", chosen.transform_args) if chosen.transform_args else {}
    if not isinstance(args, dict):
        raise InvalidEdit("transform_args must be a JSON object.")
    return MapField(
        workflow=workflow,
        lookup=chosen.lookup or None,
        target=chosen.target,
        source=chosen.source or None,
        constant=read_json("constant", chosen.constant) if chosen.constant else None,
        transform=chosen.transform or None,
        transform_args=args,
        each=chosen.each or None,
        reason=chosen.reason[:200],
    )


def _without_answered(plan: Plan, before: Plan) -> Plan:
    """Without questions on what is filled by now and was not before."""
    filled = _targets(plan) - _targets(before)
    kept = [
        one for one in plan.questions
        if one.assumption is not None or not any(target in one.text for target in filled)
    ]  # fmt: skip
    return plan.model_copy(update={"questions": kept})


def _targets(plan: Plan) -> set[str]:
    return {mapping.target for workflow in plan.workflows for mapping in workflow.mappings}
