"""Correcting what was understood by rule with what the model chose; the rules plan from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.analysts.claude.results import ChosenSystem, ChosenWorkflow
from pipeline.analysts.offline.request import Ends, Flow, Mention
from pipeline.analysts.offline.signing_in import scheme
from pipeline.analysts.offline.starts import Start
from pipeline.analysts.offline.understand import Understanding
from pipeline.catalogue.model import Event
from pipeline.errors import InvalidEdit
from pipeline.plan.apply import slugged
from pipeline.plan.model import AuthType, Grant, Trigger
from pipeline.plan.schemas import did_you_mean, entry_of
from pipeline.plan.triggers import check_trigger

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_SYSTEMS = 8  # more than that is no integration anyone could look through


def with_systems(understood: Understanding, chosen: Sequence[ChosenSystem]) -> Understanding:
    """With the systems that were chosen, and the ways to sign in that they really offer."""
    mentions, auth = [], {}
    for one in chosen[:_SYSTEMS]:
        mention = _mention(understood, one)
        mentions.append(mention)
        wanted: tuple[AuthType, Grant | None] = (one.auth_type, one.grant or None)
        offered = mention.entry.auth if mention.entry else []
        if not offered or any((own.type, own.grant) == wanted for own in offered):
            auth[mention.system] = wanted
        elif mention.system in understood.auth:
            auth[mention.system] = understood.auth[mention.system]
    tenants = [slugged(one.name) for one in chosen if one.each_user_connects]
    return replace(understood, mentions=mentions, auth=auth, tenants=tenants or None)


def _mention(understood: Understanding, chosen: ChosenSystem) -> Mention:
    name = slugged(chosen.name) or "system"
    known = [one for one in understood.mentions if one.system == name]
    if known:
        return known[0]
    entry = entry_of(understood.catalogue, name)
    shown = entry.display_name if entry else chosen.display_name[:80] or name
    return Mention(system=name, display_name=shown, start=0, end=0, entry=entry)


def faults_of(chosen: ChosenWorkflow, understood: Understanding) -> list[str]:
    """Why a chosen workflow can't be: names that its systems do not have, an odd trigger."""
    problems = []
    systems = [one.system for one in understood.mentions]
    for system, entity in (
        (chosen.source_system, chosen.source_entity),
        (chosen.target_system, chosen.target_entity),
    ):
        if system not in systems:
            problems.append(f"{system} is not among the systems.{did_you_mean(system, systems)}")
            continue
        entry = understood.mention(system).entry
        names = [one.name for one in entry.entities] if entry else []
        if names and entity not in names:
            problems.append(f"{system} has no entity “{entity}”.{did_you_mean(entity, names)}")
    if not problems:
        try:
            check_trigger(_trigger(chosen), understood.mention(chosen.source_system).entry)
        except InvalidEdit as error:
            problems.append(str(error))
    return problems


def with_workflows(understood: Understanding, chosen: Sequence[ChosenWorkflow]) -> Understanding:
    """With the flows that were chosen; what was read between the same ends stays."""
    flows = [_flow(one, understood.catalogue) for one in chosen]
    starts = [
        Start(trigger=flow.trigger, event=flow.event, clear=flow.trigger_clear) for flow in flows
    ]
    pairs = [(flow.source, flow.target) for flow in flows]
    ends = replace(understood.ends, clear=True)
    if pairs != [(flow.source, flow.target) for flow in understood.flows]:
        ends = Ends(
            sources=list(dict.fromkeys(source for source, _ in pairs)),
            targets=[target for _, target in pairs[:1]],
            both_ways=any((target, source) in pairs for source, target in pairs),
        )
    return replace(understood, flows=flows, starts=starts, ends=ends)


def same_flows(one: Understanding, other: Understanding) -> bool:
    """Whether two understandings lead to the same plan, filters aside."""
    return _decisive(one) == _decisive(other)


def _decisive(understood: Understanding) -> object:
    flows = [replace(flow, filters=[]) for flow in understood.flows]
    systems = list(dict.fromkeys(one.system for one in understood.mentions))
    auth = [scheme(understood.mention(name).entry, understood.auth.get(name)) for name in systems]
    return flows, systems, auth, understood.ends, understood.tenants


def _flow(chosen: ChosenWorkflow, catalogue: Catalogue) -> Flow:
    trigger = _trigger(chosen)
    return Flow(
        source=chosen.source_system,
        source_entity=chosen.source_entity,
        target=chosen.target_system,
        target_entity=chosen.target_entity,
        trigger=trigger,
        event=_event(trigger, chosen.source_system, catalogue),
        trigger_clear=chosen.trigger_was_said,
    )


def _event(trigger: Trigger, system: str, catalogue: Catalogue) -> Event | None:
    entry = entry_of(catalogue, system)
    events = entry.events if entry else []
    return next((one for one in events if one.name == trigger.event), None)


def _trigger(chosen: ChosenWorkflow) -> Trigger:
    if chosen.trigger == "schedule":
        zone = chosen.timezone or "UTC"
        return Trigger(kind="schedule", cron=chosen.cron, timezone=zone)
    if chosen.trigger == "webhook":
        return Trigger(kind="webhook", event=chosen.event or None)
    return Trigger(kind="manual")
