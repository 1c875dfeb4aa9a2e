"""Several processes on one database: nothing is lost, and nothing is left half-done."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from store.database import Database
from store.integrations import SqlIntegrationStore
from tests.contracts.test_integration_store import an_integration

WRITER = Path(__file__).with_name("writer.py")
WRITERS, CHANGES = 3, 40


@pytest.fixture
def store(database: Database, clock: Any) -> SqlIntegrationStore:
    return SqlIntegrationStore(database, clock)


def start(url: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", str(WRITER), url, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_three_writers_lose_no_change(store, database_url):
    integration = an_integration()
    store.add(integration)
    writers = [start(database_url, integration.id, "add", str(CHANGES)) for _ in range(WRITERS)]
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    saved = store.get(integration.id)
    assert (saved.code_version, saved.revision) == (WRITERS * CHANGES, WRITERS * CHANGES)
    said = []
    while portion := store.unposted():
        for posting in portion:
            said.append(int(posting.reply.text))
            store.mark_posted(posting.number, "1.1")
    assert said == list(range(1, WRITERS * CHANGES + 1))


@pytest.mark.parametrize("moment", ["block", "commit"])
def test_a_writer_killed_in_a_change_leaves_nothing_half_done(store, database_url, moment):
    integration = an_integration()
    store.add(integration)
    with start(database_url, integration.id, "hang", moment) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "hanging\n"
        writer.kill()
    assert store.get(integration.id) == integration
    assert store.unposted() == []
    with store.change(integration.id, "event") as changed:
        changed.code_version += 1
    assert store.get(integration.id).revision == 1
