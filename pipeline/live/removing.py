"""Deleting an integration: what stops, what goes, and what is kept."""

from pipeline.case import Case
from pipeline.integration import Integration
from pipeline.live.capabilities import Removable
from pipeline.live.cards import card_of, draw_failures_again, ended
from pipeline.ports import IntegrationStore, Platform, Vault


def effects_of_deletion(case: Case, platform: Platform) -> list[str]:
    """What deleting will do, for a person to confirm."""
    integration = case.integration
    webhooks = sum(one.trigger.kind == "webhook" for one in case.plan.workflows)
    effects = [f"Stops on {' and '.join(integration.live)}, after what runs now."]
    if isinstance(platform, Removable):
        effects.append(
            "Removes its deployments, connections, stored events and logs"
            + (", and its webhook addresses answer 404." if webhooks else ".")
        )
    else:
        effects.append(f"Its project on {platform.name} stays: delete it on its own pages.")
    typed = [
        case.plan.system(grant.system).display_name
        for grant in integration.credentials.values()
        if not grant.mock
    ]
    effects.append(f"Deletes the credentials of {' and '.join(typed or ['the mocks'])}.")
    if webhooks:
        sources = {
            case.plan.system(one.source.system).display_name
            for one in case.plan.workflows
            if one.trigger.kind == "webhook"
        }
        effects.append(f"Remove its webhooks in {' and '.join(sorted(sources))} yourself.")
    return [*effects, "Kept: this thread, the plan, the code, and every record that it wrote."]


def remove(case: Case, platform: Platform, vault: Vault, store: IntegrationStore) -> None:
    """Safe to repeat after a crash in the middle. PlatformError, StoreError."""
    integration = case.integration
    for environment in integration.live:
        platform.stop(case.setup.project_id, environment)
    if isinstance(platform, Removable):
        platform.delete_project(case.setup.project_id)
    vault.forget(integration.team, integration.id)
    with store.change(integration.id) as changed:
        _end(changed, store)


def _end(integration: Integration, store: IntegrationStore) -> None:
    for environment in integration.live:
        card = card_of(integration, environment, store)
        if card is not None:
            integration.say(ended(card, "It was deleted."))
        draw_failures_again(integration, environment, store)
    integration.status = "deleted"
    integration.live, integration.watched, integration.summary = {}, {}, None
    integration.credentials = {}
    integration.gates = [
        gate.model_copy(update={"state": "superseded"}) if gate.state == "open" else gate
        for gate in integration.gates
    ]
