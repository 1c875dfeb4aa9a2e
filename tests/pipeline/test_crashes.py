"""SIGKILL in each of the eight steps: before it, between effect and record, and after it."""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.advance import advance
from pipeline.artifacts import STEPS
from pipeline.cancellation import Cancellation
from pipeline.clock import SystemClock
from pipeline.conversation import Conversation
from pipeline.errors import UserError
from pipeline.integration import Integration
from store.database import Database
from store.integrations import SqlIntegrationStore
from store.keys import keys_of_file
from store.migrate import upgrade
from store.vault import SqlVault
from tests.codegen.systems import catalogue
from tests.pipeline.conftest import REQUESTER, THREAD
from tests.pipeline.crashing import WHENS, crashing_services
from tests.postgres import postgres_server, postgres_url  # noqa: F401  # fixtures

TAKEN_OVER_SECONDS = 10.0
ROOT = Path(__file__).parents[2]

# What one integration on one environment needs outside; deploying the same version is repeatable.
EXPECTED = {"project": 1, "system": 2, "link": 2, "connection": 2, "version": 1}


class Person:
    """Somebody who approves whatever is asked, from another process than the worker's."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.database = Database(database_url)
        self.store = SqlIntegrationStore(self.database, SystemClock())
        vault = SqlVault(self.database, keys_of_file(home / "keys"))
        self.conversation = Conversation(self.store, vault, SystemClock(), catalogue())
        self.id = self.conversation.start(THREAD, REQUESTER, "sync orders").id

    @property
    def now(self) -> Integration:
        return self.store.get(self.id)

    def approve(self) -> bool:
        """Approve what is open, development alone; whether anything was."""
        gates = [gate for gate in self.now.open_gates() if gate.subject != "production"]
        for gate in gates:
            try:
                if gate.kind == "connection":
                    secrets = {"access_token": "x"}
                    self.conversation.supply(self.id, gate.id, REQUESTER, secrets, {})
                else:
                    self.conversation.decide(self.id, gate.id, REQUESTER, "approved")
            except UserError:
                continue  # superseded meanwhile
        return bool(gates)


def effects(home: Path) -> Counter[str]:
    lines = (home / "effects").read_text().splitlines()
    return Counter(line.split()[0] for line in lines)


def assert_effects(home: Path, deployed: int) -> None:
    counted = effects(home)
    assert 1 <= counted.pop("deployed") <= deployed
    assert counted == EXPECTED


def advance_in_child(url: str, home: Path, integration_id: str, moment: str) -> int:
    """Advance in a process of its own; gives the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        try:
            services = crashing_services(url, home, moment)
            advance(integration_id, services, Cancellation())
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", WHENS)
def test_killed_and_restarted(step: str, when: str, tmp_path: Path, migrated: Path) -> None:
    shutil.copy(migrated, tmp_path / "weft.sqlite")
    url = f"sqlite:///{tmp_path / 'weft.sqlite'}"
    person = Person(url, tmp_path)
    kills = 0
    for _ in range(12):
        moment = "never" if kills else f"{step}:{when}"
        kills += advance_in_child(url, tmp_path, person.id, moment) == 9
        if not person.approve() and kills and person.now.live:
            break
    assert kills == 1, "the moment never came"
    assert all(state.status == "done" for state in person.now.steps.values())
    assert_effects(tmp_path, deployed=2)
    made = {step: len(person.store.artifacts(person.id, step)) for step in STEPS}
    assert set(made.values()) == {1}, made
    person.database.close()


def wait_for(condition: Callable[[], bool], seconds: float) -> float:
    """Wait for it; gives how long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not come"
        time.sleep(0.05)
    return time.monotonic() - began


def start_worker(url: str, home: Path, name: str, moment: str) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-m", "tests.pipeline.crashing", url, url, name, str(home), moment]
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "ready" in process.stdout.readline()
    return process


def test_two_workers_on_postgresql_one_killed(
    tmp_path: Path,
    postgres_url: str,  # noqa: F811
) -> None:
    upgrade(postgres_url)
    person = Person(postgres_url, tmp_path)
    first = start_worker(postgres_url, tmp_path, "first", "systems:between")
    second = None
    try:
        wait_for(lambda: person.approve() and False or first.poll() is not None, 30)
        second = start_worker(postgres_url, tmp_path, "second", "never")
        before = person.now.revision
        took = wait_for(lambda: person.now.revision > before, TAKEN_OVER_SECONDS)
        wait_for(lambda: not person.approve() and bool(person.now.live), 30)
    finally:
        for process in filter(None, (first, second)):
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
    assert took < TAKEN_OVER_SECONDS
    assert_effects(tmp_path, deployed=1)
    person.database.close()
