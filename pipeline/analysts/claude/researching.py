"""The whole plan: the rules propose, the model judges, and the same checks hold both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipeline.analysts.claude.addresses import Addresses
from pipeline.analysts.claude.briefing import show_request
from pipeline.analysts.claude.building import Proposal
from pipeline.analysts.claude.desk import Desk
from pipeline.analysts.claude.mapping import plan_mappings
from pipeline.analysts.claude.metered import Report
from pipeline.analysts.claude.planning import choose_systems, plan_workflows
from pipeline.analysts.claude.questions import bounded
from pipeline.analysts.claude.results import ChosenSystem
from pipeline.analysts.claude.web import research_on_the_web
from pipeline.analysts.offline.research import plan_of
from pipeline.analysts.offline.systems import with_attachments
from pipeline.analysts.offline.understand import understand
from pipeline.errors import AnalystError
from pipeline.plan.diff import plan_diff
from pipeline.plan.model import Fact, Plan, Scope, System
from pipeline.plan.schemas import entry_of

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue
    from pipeline.ports import Request

_TOLD = 8  # differences from the rules' plan that are told one by one


def research(
    request: Request, scope: Scope, catalogue: Catalogue, desk: Desk, report: Report
) -> Plan:
    today = date.fromisoformat(request.today)
    known, attached, _ = with_attachments(catalogue, request)
    understood = understand(request, catalogue)
    proposal = Proposal(understood, scope, today, plan_of(understood, scope, today))
    brief = show_request(request, known, attached)
    systems = choose_systems(desk, brief, proposal.plan, known, report)
    plan = plan_workflows(desk, brief, proposal, systems, report)
    if proposal.plan.workflows and not plan.workflows:
        plan = proposal.plan  # nothing that was chosen could be planned
    plan = _with_addresses(plan, systems, request)
    for workflow in plan.workflows:
        plan = plan_mappings(desk, brief, plan, workflow.name, known, report)
    found = _found(plan, known, desk, today, report)
    facts = [*_differences(proposal.plan, plan, today), *plan.facts, *found]
    return bounded(plan.model_copy(update={"facts": facts}))


def _with_addresses(plan: Plan, chosen: Sequence[ChosenSystem], request: Request) -> Plan:
    """A base URL is taken from the model only where the request itself names it."""
    addresses = Addresses(request.text)
    said = {one.name: one.base_url.rstrip("/") for one in chosen}

    def addressed(system: System) -> System:
        url = said.get(system.name, "")
        if system.base_url or not url.startswith("https://") or addresses.foreign(url):
            return system
        return system.model_copy(update={"base_url": url})

    return plan.model_copy(update={"systems": [addressed(one) for one in plan.systems]})


def _found(plan: Plan, catalogue: Catalogue, desk: Desk, today: date, report: Report) -> list[Fact]:
    """What public pages say of the systems whose APIs nobody described."""
    if not desk.configuration.web:
        return []
    facts: list[Fact] = []
    for system in plan.systems:
        entry = entry_of(catalogue, system.name)
        if entry is not None and entry.entities:
            continue
        try:
            facts += research_on_the_web(
                desk, system.name, system.display_name, entry, today, report
            )
        except AnalystError as error:  # the plan stands without it
            report(f"{system.display_name}: {error}")
    return facts


def _differences(proposal: Plan, plan: Plan, today: date) -> list[Fact]:
    """Where the model and the rules disagree, so that a person sees it."""
    changes = plan_diff(proposal, plan)
    told = [one for one in changes if not one.startswith("Title:")]
    more = [f"{len(told) - _TOLD} more changes"] if len(told) > _TOLD else []
    return [
        Fact(text=f"Claude's reading differs from the rules' here: {one}", source="the request",
             grade="inferred", verified_on=today)
        for one in [*told[:_TOLD], *more]
    ]  # fmt: skip
