"""The whole plan of a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from pipeline.analysts.offline.both_ways import mirrored
from pipeline.analysts.offline.consulting import with_consulted
from pipeline.analysts.offline.placing import settings
from pipeline.analysts.offline.questions import ask
from pipeline.analysts.offline.scopes import with_scopes
from pipeline.analysts.offline.signing_in import scheme
from pipeline.analysts.offline.understand import Understanding, understand
from pipeline.analysts.offline.words import plural
from pipeline.analysts.offline.workflows import Planned, plan_workflow
from pipeline.plan.model import Fact, Plan, Scope, System, Variable, Workflow
from pipeline.plan.words import show_start

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue
    from pipeline.ports import Request


def research(
    request: Request, scope: Scope, catalogue: Catalogue, report: Callable[[str], None]
) -> Plan:
    """Plan a request that is in scope; the same request gives the same plan."""
    understood = understand(request, catalogue)
    report(_found(understood))
    plan = plan_of(understood, scope, date.fromisoformat(request.today))
    report(_planned(plan))
    return plan


def plan_of(understood: Understanding, scope: Scope, today: date) -> Plan:
    """The plan of a request that was understood, by whomever."""
    planned = [plan_workflow(flow, understood.part_of(flow)) for flow in understood.flows]
    understood, planned = mirrored(understood, planned)
    planned = [with_consulted(one, understood) for one in planned]
    workflows = _numbered([one.workflow for one in planned])
    plan = Plan(
        scope=scope,
        multi_tenant=understood.tenants is not None,
        variables=_variables(planned),
        systems=_systems(understood),
        workflows=workflows,
    )
    entries = {one.system: one.entry for one in understood.mentions if one.entry is not None}
    plan = with_scopes(plan, entries)
    plan = plan.model_copy(
        update={
            "title": title(plan, understood),
            "summary": summary(plan),
            "facts": facts(plan, understood, today),
        }
    )
    return plan.model_copy(update={"questions": ask(plan, understood, planned)})


def _found(understood: Understanding) -> str:
    names = list(dict.fromkeys(one.display_name for one in understood.mentions))
    return f"{len(names)} systems: {', '.join(names)}" if names else "No system is named"


def _planned(plan: Plan) -> str:
    mappings = sum(len(workflow.mappings) for workflow in plan.workflows)
    return f"{mappings} fields mapped, {len(plan.facts)} sourced facts"


def _numbered(workflows: list[Workflow]) -> list[Workflow]:
    """Names are unique: a second workflow of the same name gets a number."""
    seen: dict[str, int] = {}
    result = []
    for workflow in workflows:
        seen[workflow.name] = seen.get(workflow.name, 0) + 1
        count = seen[workflow.name]
        name = workflow.name if count == 1 else f"{workflow.name}-{count}"
        result.append(workflow.model_copy(update={"name": name}))
    return result


def _variables(planned: list[Planned]) -> list[Variable]:
    named = {variable.name: variable for one in planned for variable in one.variables}
    return list(named.values())


def _systems(understood: Understanding) -> list[System]:
    systems = {}
    for mention in understood.mentions:
        entry = mention.entry
        systems[mention.system] = System(
            name=mention.system,
            display_name=mention.display_name,
            role=understood.ends.role(mention.system),
            base_url=entry.base_url if entry else "",
            auth=scheme(entry, understood.auth.get(mention.system)),
            config=settings(entry, understood.places) if entry else [],
            dynamic=mention.system in (understood.tenants or []),
        )
    return list(systems.values())


def title(plan: Plan, understood: Understanding) -> str:
    """Such as “Shop → Books: new orders become sales receipts”."""
    if not plan.workflows:
        names = " and ".join(one.display_name for one in plan.systems)
        return f"An integration of {names or 'systems still to be named'}"
    first = plan.workflows[0]
    both_ways = understood.ends.both_ways and len(plan.workflows) > 1
    arrow = " ↔ " if both_ways else " → "
    names = arrow.join(plan.system(one).display_name for one in (first.source.system,
                                                                 first.target.system))  # fmt: skip
    read, written = noun(first.source.entity), noun(first.target.entity)
    if both_ways:
        return f"{names}: {plural(read)} stay the same on both sides"
    created = (
        understood.flows[0].event is not None and understood.flows[0].event.action == "created"
    )
    fresh = "new " if created else ""
    return f"{names}: {fresh}{plural(read)} become {plural(written)}"


def noun(entity: str) -> str:
    return entity.replace("-", " ").replace("_", " ")


def summary(plan: Plan) -> str:
    """One or two sentences of fact."""
    sentences = []
    for workflow in plan.workflows[:2]:
        source = plan.system(workflow.source.system).display_name
        target = plan.system(workflow.target.system).display_name
        verb = {"create": "creates", "append": "appends", "upsert": "creates or updates",
                "update": "updates", "delete": "deletes"}[workflow.write_mode]  # fmt: skip
        start = show_start(workflow.trigger)
        sentences.append(
            f"For {_what_for(workflow, source)} ({start}), Weft {verb} a {target} "
            f"{noun(workflow.target.entity)}."
        )
    return " ".join(sentences)


def _what_for(workflow: Workflow, source: str) -> str:
    """Of what one record is made: a record, a line of one, or all rows that share a field."""
    read = noun(workflow.source.entity)
    if workflow.group_by is not None:
        return f"all {source} {plural(read)} with the same {workflow.group_by}"
    if workflow.each is not None:
        lines = noun(workflow.each.removesuffix("[]").rpartition(".")[2])
        return f"each of the {lines} of a {source} {read}"
    return f"each {source} {read}"


def facts(plan: Plan, understood: Understanding, today: date) -> list[Fact]:
    """The catalogue's facts on what this plan uses, and what the request itself said."""
    found: list[Fact] = []
    for system in plan.systems:
        entry = understood.mention(system.name).entry
        if entry is None:
            found.append(
                Fact(text=f"Nothing is known of {system.display_name} yet: no address, no fields.",
                     source="the request", grade="unverified", verified_on=today,
                     subject=system.name)
            )  # fmt: skip
            continue
        used = _used_subjects(plan, system.name)
        found += [fact for fact in entry.facts if _relevant(fact.subject, system.name, used)]
    return found


def _used_subjects(plan: Plan, system: str) -> set[str]:
    used = {"auth", "limits", "errors", "config"}
    for workflow in plan.workflows:
        ends = [(one.system, one.entity) for one in (workflow.source, workflow.target)]
        ends += [(one.system, one.entity) for one in workflow.lookups]
        ends += [(one.system, one.entity) for one in workflow.writes]
        used |= {entity for name, entity in ends if name == system}
        if workflow.source.system == system:
            used |= {"events"} if workflow.trigger.kind == "webhook" else {"pagination"}
    return used


def _relevant(subject: str, system: str, used: set[str]) -> bool:
    parts = subject.split(".")
    return parts[0] == system and (len(parts) == 1 or parts[1] in used)
