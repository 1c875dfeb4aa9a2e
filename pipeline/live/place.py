"""One environment of an integration where something is live, and how to reach it."""

from dataclasses import dataclass

from pipeline.artifacts import EvidenceWord
from pipeline.case import Case, load_case
from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import UserError
from pipeline.integration import Integration
from pipeline.ports import IntegrationStore, Platform


@dataclass(frozen=True)
class LivePlace:
    case: Case
    environment: str
    platform: Platform

    @property
    def integration(self) -> Integration:
        return self.case.integration

    @property
    def project(self) -> str:
        return self.case.setup.project_id

    @property
    def evidence_word(self) -> EvidenceWord:
        """How far what runs here proves anything: where a mock stands in, it reaches no system."""
        mocked = any(one.mock for one in self.case.connections.connections)
        return "mocked" if mocked else "ran"


def live_place(
    store: IntegrationStore,
    catalogue: Catalogue,
    platform: Platform,
    integration_id: str,
    environment: str,
) -> LivePlace:
    """UserError where nothing is live there."""
    case = load_case(store, integration_id, catalogue)
    return LivePlace(case, meant_environment(case.integration, environment), platform)


def meant_environment(integration: Integration, named: str) -> str:
    """The named environment, or the only one where something is live. UserError otherwise."""
    live = list(integration.live)
    if integration.status == "deleted":
        raise UserError("This integration was deleted. Begin a new one in a new thread.")
    if not live:
        raise UserError("Nothing is live yet. Approve the code and deploy it first.")
    if named in live:
        return named
    if named:
        raise UserError(f"Nothing is live on {named}. It is live on {' and '.join(live)}.")
    if len(live) > 1:
        raise UserError(
            f"It is live on {' and '.join(live)}: say on which, as in “… on {live[0]}”."
        )
    return live[0]
