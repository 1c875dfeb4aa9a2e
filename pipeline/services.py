"""The collaborators that the pipeline works with, wired once in `bot/wiring.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.artifacts import DryRun, SourceFile, Verification
from pipeline.cancellation import Cancellation
from pipeline.catalogue.catalogue import Catalogue
from pipeline.integration import TestCase
from pipeline.plan.model import Plan
from pipeline.ports import Analyst, Clock, IntegrationStore, Platform, Vault

Report = Callable[[str], None]
"""Says in a few words what a step is doing now, for the progress message."""


class Verifier(Protocol):
    def __call__(self, files: Sequence[SourceFile], cancellation: Cancellation) -> Verification: ...


class DryRunner(Protocol):
    """Runs a project against mocks of its plan's systems, before anybody approves it."""

    def __call__(
        self,
        plan: Plan,
        catalogue: Catalogue,
        files: Sequence[SourceFile],
        cases: Sequence[TestCase],
        cancellation: Cancellation,
    ) -> DryRun: ...


@dataclass(frozen=True)
class Services:
    store: IntegrationStore
    vault: Vault
    clock: Clock
    analyst: Analyst
    platform: Platform
    catalogue: Catalogue
    verify: Verifier
    redirect_url: str | None = None
    dry_run: DryRunner | None = None
