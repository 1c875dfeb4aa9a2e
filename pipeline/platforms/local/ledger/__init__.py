"""What the runner remembers, in one SQLite file; secrets are never in it, only references."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from pipeline.platforms.local.ledger.activations import Activations
from pipeline.platforms.local.ledger.aging import Aging
from pipeline.platforms.local.ledger.connections import Connections
from pipeline.platforms.local.ledger.database import Database
from pipeline.platforms.local.ledger.deployments import Deployments
from pipeline.platforms.local.ledger.events import Events
from pipeline.platforms.local.ledger.instances import Instances
from pipeline.platforms.local.ledger.journal import Journal
from pipeline.platforms.local.ledger.mock_memory import MockMemory
from pipeline.platforms.local.ledger.outcomes import Outcomes
from pipeline.platforms.local.ledger.projects import Projects
from pipeline.platforms.local.ledger.removal import Removal
from pipeline.platforms.local.ledger.values import Values
from pipeline.platforms.local.ledger.variables import Variables
from pipeline.platforms.local.ledger.versions import Versions
from pipeline.ports import Clock


class Ledger:
    """All of the runner's tables over one connection; it is used from one thread."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._database = Database(path)
        self.projects = Projects(self._database, clock)
        self.activations = Activations(self._database, clock)
        self.connections = Connections(self._database)
        self.variables = Variables(self._database)
        self.versions = Versions(self._database, clock)
        self.deployments = Deployments(self._database, clock)
        self.events = Events(self._database, clock)
        self.instances = Instances(self._database, clock, self.events)
        self.values = Values(self._database, clock)
        self.journal = Journal(self._database, clock)
        self.outcomes = Outcomes(self._database)
        self.aging = Aging(self._database)
        self.removal = Removal(self._database)

    def close(self) -> None:
        self._database.close()

    def mock_memory(self, project_id: str, system: str) -> MockMemory:
        return MockMemory(self._database, project_id, system)

    def secured(self) -> AbstractAsyncContextManager[None]:
        """For a block of writes that others are told of: see `Database.secured`."""
        return self._database.secured()


__all__ = ["Ledger"]
