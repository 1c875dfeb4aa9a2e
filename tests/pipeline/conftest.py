"""A whole pipeline in memory: real store, scripted analyst and verifier, counting platform."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.advance import advance
from pipeline.cancellation import Cancellation
from pipeline.conversation import Conversation, Thread
from pipeline.gates import Gate, GateKind
from pipeline.integration import Integration
from pipeline.replies import Reply
from pipeline.services import Services
from store.database import Database
from store.integrations import SqlIntegrationStore
from store.keys import keys_of_file
from store.migrate import upgrade
from store.vault import SqlVault
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.systems import catalogue
from tests.fakes import MemoryPlatform, ScriptedAnalyst, ScriptedVerifier, SteppingClock

THREAD = Thread(team="T1", channel="C1", thread="1.1")
REQUESTER = "U1"


@dataclass
class Pipeline:
    """What a test talks to: say something, advance, look."""

    services: Services
    conversation: Conversation
    analyst: ScriptedAnalyst
    platform: MemoryPlatform
    verifier: ScriptedVerifier
    database: Database
    clock: SteppingClock
    id: str = ""
    said: list[Reply] = field(default_factory=list)

    def start(self, text: str = "sync orders") -> Integration:
        integration = self.conversation.start(THREAD, REQUESTER, text)
        self.id = integration.id
        return integration

    def advance(self) -> Integration:
        advance(self.id, self.services, Cancellation())
        return self.now

    @property
    def now(self) -> Integration:
        return self.services.store.get(self.id)

    def gate(self, kind: GateKind, subject: str = "") -> Gate:
        """The open gate of that kind and subject."""
        (gate,) = [
            gate
            for gate in self.now.open_gates()
            if gate.kind == kind and subject in ("", gate.subject)
        ]
        return gate

    def approve(self, kind: GateKind, subject: str = "") -> Integration:
        self.conversation.decide(self.id, self.gate(kind, subject).id, REQUESTER, "approved")
        return self.advance()

    def connect_all(self) -> Integration:
        for gate in self.now.open_gates():
            secrets = {"access_token": "secret-value"}
            self.conversation.supply(self.id, gate.id, REQUESTER, secrets, {})
        return self.advance()

    def to_code(self) -> Integration:
        """From the request to the code gate."""
        self.start()
        self.advance()
        self.approve("plan")
        self.approve("set-up")
        return self.connect_all()

    def to_live(self, environment: str = "development") -> Integration:
        self.to_code()
        self.approve("code")
        return self.approve("deploy", environment)

    def replies(self) -> list[Reply]:
        """All that was said so far, in order; what was still unposted when edited is said once."""
        store = self.services.store
        while postings := store.unposted(self.id):
            for posting in postings:
                store.mark_posted(posting.number, f"message {posting.number}")
            self.said += [posting.reply for posting in postings]
        return self.said


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pipeline") / "weft.sqlite"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def pipeline(tmp_path: Path, migrated: Path) -> Iterator[Pipeline]:
    shutil.copy(migrated, tmp_path / "weft.sqlite")
    database = Database(f"sqlite:///{tmp_path / 'weft.sqlite'}")
    clock = SteppingClock()
    store = SqlIntegrationStore(database, clock)
    vault = SqlVault(database, keys_of_file(tmp_path / "keys"))
    analyst = ScriptedAnalyst(shopify_orders_to_quickbooks())
    platform, verifier = MemoryPlatform(), ScriptedVerifier()
    services = Services(
        store=store,
        vault=vault,
        clock=clock,
        analyst=analyst,
        platform=platform,
        catalogue=catalogue(),
        verify=verifier,
    )
    conversation = Conversation(store, vault, clock, services.catalogue)
    yield Pipeline(services, conversation, analyst, platform, verifier, database, clock)
    database.close()
