"""What is forgotten after a while, and what never is."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.clock import SettableClock
from pipeline.platforms.local.cron import latest_due
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import WorkflowInfo
from pipeline.platforms.local.retention import Cleaning, Retention
from pipeline.platforms.local.schedules import Schedules
from pipeline.platforms.local.workspace import Workspace
from pipeline.ports import ProjectSpec, VersionSpec
from tests.platforms.local.projects import files, version_spec
from tests.platforms.local.test_schedules import Woken

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class Kept:
    """A ledger with one live deployment, whose cleaning keeps a week and two versions."""

    def __init__(self, directory: Path) -> None:
        self.clock = SettableClock(START - timedelta(days=1))
        self.ledger = Ledger(directory / "ledger.sqlite", self.clock)
        self.workspace = Workspace(directory / "versions")
        self.project = self.ledger.projects.create(ProjectSpec(name="p", integration_id="i"))
        self.place = Place(self.project, "test")
        self.versions = [
            self.ledger.versions.create(self.project, version_spec(number)) for number in range(5)
        ]
        yearly = WorkflowInfo(id="yearly", kind="schedule", cron="0 0 1 1 *")
        self.ledger.deployments.put(self.place, self.versions[1], [yearly])
        self.clock.time = START

    def add(self, state: str, replay_of: str | None = None) -> str:
        events = self.ledger.events
        event_id = events.add(self.place, "w", "webhook", replay_of=replay_of)
        assert event_id is not None
        if state != "pending":
            events.claim(self.place)
        if state == "done":
            events.finish(event_id, None)
        if state == "failed":
            events.fail(event_id, "no such luck")
        return event_id

    def clean(self, after: timedelta = timedelta(days=8)) -> set[str]:
        """The events that are left."""
        self.clock.time = START + after
        retention = Retention(days=7, versions=2)
        asyncio.run(Cleaning(self.ledger, self.workspace, self.clock, retention).clean())
        return {event.id for event in self.ledger.events.list(self.place, limit=10_000)}


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_what_waits_for_anybody_is_never_removed(kept: Kept) -> None:
    done = [kept.add("done") for _ in range(1200)]
    failed, running = kept.add("failed"), kept.add("running")
    pending = kept.add("pending")

    assert kept.clean(timedelta(days=6)) == {*done, failed, running, pending}
    assert kept.clean() == {failed, running, pending}
    assert kept.clean(timedelta(days=4000)) == {failed, running, pending}


def test_a_failed_event_goes_when_a_replay_of_it_succeeded(kept: Kept) -> None:
    failed = kept.add("failed")
    again = kept.add("failed", replay_of=failed)
    kept.clean()
    assert kept.add("done", replay_of=failed) in kept.clean()

    assert kept.clean(timedelta(days=30)) == set()
    assert again != failed


def test_a_schedules_latest_run_stays_so_that_it_does_not_run_again(kept: Kept) -> None:
    def tick() -> int:
        Schedules(kept.ledger, Woken(), kept.clock).tick()  # type: ignore[arg-type]
        return sum(kept.ledger.events.counts(kept.place).values())

    assert latest_due("0 0 1 1 *", None, START) == START.replace(hour=0)
    assert tick() == 1
    event = kept.ledger.events.claim(kept.place)
    assert event is not None
    kept.ledger.events.finish(event.id, None)

    assert kept.clean(timedelta(days=300)) == {event.id}
    assert tick() == 1


def test_old_lines_are_dropped(kept: Kept) -> None:
    kept.ledger.journal.log(kept.place, "info", "long ago")
    kept.clock.time += timedelta(days=5)
    kept.ledger.journal.log(kept.place, "info", "lately")

    kept.clean()

    (line,) = kept.ledger.journal.lines(kept.place, None, 10)
    assert line.message == "lately"


def test_the_latest_versions_and_the_live_one_stay(kept: Kept) -> None:
    kept.clean()

    names = [f"v{number}" for number in range(5)]
    found = [name for name in names if kept.ledger.versions.find(kept.project, name)]
    assert found == ["v1", "v3", "v4"]


def test_directories_of_forgotten_versions_are_removed(kept: Kept) -> None:
    async def prepare(number: int) -> Path:
        return await kept.workspace.prepare(f"v{number}", files(number))

    forgotten, live = asyncio.run(prepare(0)), asyncio.run(prepare(1))

    kept.clean()

    assert (forgotten.exists(), live.exists()) == (False, True)
    assert asyncio.run(prepare(0)) == forgotten


def test_another_run_sdk_is_another_directory(kept: Kept, tmp_path: Path) -> None:
    before = asyncio.run(kept.workspace.prepare("v1", files(1)))
    updated = Workspace(tmp_path / "versions")
    updated._sdk_digest = "another"

    assert asyncio.run(updated.prepare("v1", files(1))) != before


def test_versions_can_be_rolled_back_to_after_cleaning(kept: Kept) -> None:
    kept.clean()
    spec = VersionSpec(name="v1", description="", files=files(1), digest="digest-1")

    assert kept.ledger.versions.create(kept.project, spec) == kept.versions[1]
