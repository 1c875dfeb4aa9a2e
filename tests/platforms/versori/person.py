"""Somebody who takes an integration through all its gates, while another process advances it."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.clock import SystemClock
from pipeline.conversation import Conversation, Thread
from pipeline.integration import Integration
from pipeline.platforms.versori.project import Project
from store.database import Database
from store.integrations import SqlIntegrationStore
from store.keys import keys_of_file
from store.vault import SqlVault
from tests.codegen.systems import catalogue
from tests.platforms.versori.conftest import VersoriSetup

ROOT = Path(__file__).parents[3]
SECRETS = {
    "shopify": {"api_key": "planted-shopify-token"},
    "quickbooks": {"client_id": "planted-client", "client_secret": "planted-quickbooks-secret"},
}
CONFIG = {"shopify": {"shop": "acme"}, "quickbooks": {"realm_id": "4620816365"}}


@dataclass
class Person:
    setup: VersoriSetup
    home: Path
    team: str = "weft"
    advancing: int = 0  # the process that does so now

    def __post_init__(self) -> None:
        self.url = f"sqlite:///{self.home / 'weft.sqlite'}"
        self.database = Database(self.url)
        self.store = SqlIntegrationStore(self.database, SystemClock())
        vault = SqlVault(self.database, keys_of_file(self.home / "keys"))
        self.conversation = Conversation(self.store, vault, SystemClock(), catalogue())
        thread = Thread(team=self.team, channel="C1", thread="1.1")
        self.id = self.conversation.start(thread, "U1", "sync orders").id

    @property
    def now(self) -> Integration:
        return self.store.get(self.id)

    @property
    def project(self) -> Project:
        setup = self.store.artifacts(self.id, "systems")[-1].artifact
        return Project.parse(setup.project_id)  # type: ignore[union-attr]

    @cached_property
    def _process(self) -> "subprocess.Popen[str]":
        """What starts processes that advance the integration; what they say goes to a file."""
        command = [
            sys.executable, "-m", "tests.platforms.versori.advancing", self.url, str(self.home),
            str(self.setup.configuration), str(self.setup.command_line), self.id,
        ]  # fmt: skip
        environment = {**os.environ, **self.setup.double.environment, "TMPDIR": str(self.scratch)}
        with (self.home / "log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=environment, text=True, stderr=log,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip

    def advance(self) -> None:
        """Advance the integration in a process of its own, until it ends or is killed."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.advancing = int(self._process.stdout.readline())
        assert self._process.stdout.readline() == "ended\n"

    def kill(self) -> None:
        """SIGKILL, now."""
        os.kill(self.advancing, signal.SIGKILL)

    def leave(self) -> None:
        self._process.communicate()
        self.database.close()

    @property
    def scratch(self) -> Path:
        folder = self.home / "tmp"
        folder.mkdir(exist_ok=True)
        return folder

    def answer(self) -> None:
        """Approve what is open, connect what is to be connected, and consent."""
        for gate in self.now.open_gates():
            if gate.kind == "connection":
                given = SECRETS[gate.subject], CONFIG[gate.subject]
                self.conversation.supply(self.id, gate.id, "U1", *given)
            elif gate.subject != "production":
                self.conversation.decide(self.id, gate.id, "U1", "approved")
        if self.now.steps["connections"].status == "needs-person":
            self.setup.double.consent(self.project.id, "quickbooks")
