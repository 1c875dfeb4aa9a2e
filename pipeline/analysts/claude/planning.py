"""Systems and workflows: what the model chose, planned by the same rules as without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.claude.addresses import Addresses
from pipeline.analysts.claude.briefing import show_outline
from pipeline.analysts.claude.building import Proposal, build
from pipeline.analysts.claude.catalogue_tools import catalogue_tools
from pipeline.analysts.claude.correcting import with_systems
from pipeline.analysts.claude.desk import Desk
from pipeline.analysts.claude.metered import Report
from pipeline.analysts.claude.questions import with_questions
from pipeline.analysts.claude.results import ChosenSystem, SystemsResult, WorkflowsResult
from pipeline.plan.model import Plan, System

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
    desk: Desk, brief: str, proposal: Proposal, systems: Sequence[ChosenSystem], report: Report
) -> Plan:
    """The plan of the chosen workflows; what can't be is told to the model, then left out."""
    report("Claude plans the workflows")
    understood = with_systems(proposal.understood, systems)
    dialogue = desk.dialogue(
        "workflows", "judging", tools=catalogue_tools(understood.catalogue), report=report
    )
    names = ", ".join(one.system for one in understood.mentions)
    text = f"{brief}\n\nThe systems: {names}.\n\nThe starting point:\n{show_outline(proposal.plan)}"
    for _ in range(_CORRECTIONS + 1):
        result = dialogue.ask(text, WorkflowsResult)
        plan, problems = build(result, understood, proposal)
        if not problems:
            break
        text = "This can't be planned as given:\n" + "\n".join(problems) + "\nAnswer again, whole."
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
