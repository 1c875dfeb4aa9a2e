"""Making an earlier version live again."""

from pipeline.artifacts import Evidence
from pipeline.live.cards import card_of, ended
from pipeline.live.place import LivePlace
from pipeline.live.versions import LiveVersion, earlier_version, version_to_return_to
from pipeline.ports import DeploymentInfo, IntegrationStore
from pipeline.replies import Deployed


def roll_back(place: LivePlace, store: IntegrationStore, number: int | None) -> None:
    """To the version of that number, or to the one before; UserError where there is none."""
    environment = place.environment
    version = version_to_return_to(store, place.integration, environment, number)
    place.platform.roll_back(place.project, environment, version.record.version)
    live = place.platform.deployment(place.project, environment)
    with store.change(place.integration.id) as integration:
        before = card_of(integration, environment, store)
        if before is not None:
            why = f"Version {version.number} is live again instead."
            integration.say(ended(before, why))
        earlier = earlier_version(store, integration, environment, version.record.version)
        card = _card(version, live, earlier, before, integration.revision)
        integration.go_live(version.record, version.digest, card.key)
        integration.set_live(environment, number=version.number)
        integration.say(card)


def _card(
    version: LiveVersion,
    live: DeploymentInfo | None,
    earlier: LiveVersion | None,
    before: Deployed | None,
    revision: int,
) -> Deployed:
    record = version.record
    is_healthy = live is not None and live.version_id == record.version and live.healthy
    claim = f"rolled back; live on {record.environment}" + (", healthy" if is_healthy else "")
    return Deployed(
        key=f"deployed:{record.environment}:{record.version}:{revision}",
        environment=record.environment,
        number=version.number,
        version=record.version,
        url=record.url,
        webhooks=record.webhooks,
        earlier=earlier.number if earlier else 0,
        startable=before.startable if before else False,
        evidence=[Evidence(claim=claim, word="ran" if is_healthy else "not reached")],
    )
