"""The card of what is live: one message an environment that says where and what, with its buttons.

What takes its place ends it, so that only the newest has buttons.
"""

from pipeline.artifacts import DeploymentRecord
from pipeline.case import Case
from pipeline.integration import Integration
from pipeline.live.versions import earlier_version
from pipeline.plan.words import show_start
from pipeline.ports import IntegrationStore
from pipeline.replies import Deployed, Reply


def announce_live(case: Case, record: DeploymentRecord, store: IntegrationStore) -> list[Reply]:
    """The card of a version that just went live, after the end of the one before."""
    earlier = earlier_version(store, case.integration, record.environment, record.version)
    per_customer = any(system.dynamic for system in case.plan.systems)
    card = Deployed(
        key=f"deployed:{record.environment}:{record.version}",
        environment=record.environment,
        number=record.number,
        version=record.version,
        url=record.url,
        webhooks={} if per_customer else record.webhooks,
        register_hints=[] if per_customer else register_hints(case),
        starts={
            one.name: show_start(one.trigger)
            for one in case.plan.workflows
            if one.trigger.kind == "schedule"
        },
        mocks=[one.display_name or one.system for one in case.connections.connections if one.mock],
        evidence=record.evidence,
        earlier=earlier.number if earlier else 0,
        startable=any(one.trigger.kind != "webhook" for one in case.plan.workflows),
        per_customer=per_customer,
    )
    before = card_of(case.integration, record.environment, store)
    if before is None or before.key == card.key:
        return [card]
    return [ended(before, f"Version {record.number} took its place."), card]


def card_of(integration: Integration, environment: str, store: IntegrationStore) -> Deployed | None:
    """The card of what is live there now."""
    live = integration.live.get(environment)
    if live is None:
        return None
    key = live.card or f"deployed:{environment}:{live.version}"
    shown = store.last_reply(integration.id, key)
    return shown if isinstance(shown, Deployed) else None


def ended(card: Deployed, why: str) -> Deployed:
    return card.model_copy(update={"ended": why})


def draw_failures_again(
    integration: Integration, environment: str, store: IntegrationStore
) -> None:
    """What is told of failures has buttons too, which fit what is live now."""
    watch = integration.watched.get(environment)
    for group in watch.groups if watch else []:
        shown = store.last_reply(integration.id, f"failures:{group.id}")
        if shown is not None:
            integration.say(shown)


def register_hints(case: Case) -> list[str]:
    """How webhooks are registered in the systems that send them."""
    hints = []
    for workflow in case.plan.workflows:
        if workflow.trigger.kind != "webhook" or workflow.trigger.event is None:
            continue
        entry = case.catalogue.system(workflow.source.system)
        try:
            hint = entry.event(workflow.trigger.event).register_hint
        except KeyError:
            continue
        if hint:
            hints.append(f"{entry.display_name}: {hint}")
    return hints
