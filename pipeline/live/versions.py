"""Versions that were live: which one can be rolled back to."""

from pipeline.artifacts import DeploymentRecord, Made
from pipeline.errors import UserError
from pipeline.integration import Integration
from pipeline.ports import IntegrationStore


class LiveVersion:
    """A deployment that went live healthy, with the digest of its record."""

    def __init__(self, made: Made, record: DeploymentRecord, order: int) -> None:
        self.record = record
        self.digest = made.digest
        # Records of an earlier Weft have no number of their own.
        self.number = record.number or order


def versions_on(
    store: IntegrationStore, integration: Integration, environment: str
) -> list[LiveVersion]:
    """Every version that was live there, each once, in the order of their first time."""
    found: dict[str, LiveVersion] = {}
    for made in store.artifacts(integration.id, "deployment"):
        record = made.artifact
        if isinstance(record, DeploymentRecord) and record.environment == environment:
            order = len(found) + 1
            found[record.version] = LiveVersion(made, record, order)
    return list(found.values())


def earlier_version(
    store: IntegrationStore, integration: Integration, environment: str, current: str
) -> LiveVersion | None:
    """The version that was live there before the current one (the platform's id), if any was."""
    before: LiveVersion | None = None
    for version in versions_on(store, integration, environment):
        if version.record.version == current:
            return before
        before = version
    return None


def version_to_return_to(
    store: IntegrationStore, integration: Integration, environment: str, number: int | None
) -> LiveVersion:
    """The version of that number; without one, the one before. UserError where there is none."""
    live = integration.live[environment].version
    if number is None:
        earlier = earlier_version(store, integration, environment, live)
        if earlier is None:
            raise UserError(f"There is no earlier version on {environment} to roll back to.")
        return earlier
    known = versions_on(store, integration, environment)
    for version in known:
        if version.number == number and version.record.version != live:
            return version
    others = [str(one.number) for one in known if one.record.version != live]
    raise UserError(
        f"Version {number} was never live on {environment}, or is live now."
        + (f" There was {', '.join(others)}." if others else " No other version was.")
    )
