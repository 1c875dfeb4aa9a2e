"""When schedules are due, and that each due time starts its workflow once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import WorkflowInfo
from pipeline.platforms.local.schedules import Schedules, latest_due
from pipeline.ports import ProjectSpec, VersionSpec

START = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)


class SetClock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time


class Woken:
    """Stands for the supervisor, of which schedules only want to wake a delivery."""

    def __init__(self) -> None:
        self.delivery = self
        self.count = 0

    def live(self, place: Place) -> "Woken":
        return self

    def wake(self) -> None:
        self.count += 1


class Scheduled:
    """A ledger with one hourly workflow live since START."""

    def __init__(self, directory: Path) -> None:
        self.clock = SetClock()
        self.path = directory / "ledger.sqlite"
        self.ledger = Ledger(self.path, self.clock)
        project_id = self.ledger.projects.create(ProjectSpec(name="p", integration_id="i"))
        spec = VersionSpec(name="v1", description="", files=[], digest="d")
        self.version_id = self.ledger.versions.create(project_id, spec)
        self.place = Place(project_id, "test")
        self.workflow = WorkflowInfo(id="hourly", kind="schedule", cron="0 * * * *")
        self.ledger.deployments.put(self.place, self.version_id, [self.workflow])

    def tick(self) -> None:
        Schedules(self.ledger, Woken(), self.clock).tick()  # type: ignore[arg-type]

    def finish(self) -> None:
        event = self.ledger.events.claim(self.place)
        assert event is not None
        self.ledger.events.finish(event.id, None)

    @property
    def due_times(self) -> list[str]:
        events = self.ledger.events.list(self.place)
        return [event.body.decode() for event in reversed(events)]


@pytest.fixture
def scheduled(tmp_path: Path) -> Scheduled:
    return Scheduled(tmp_path)


def test_nothing_is_due_from_before_the_deployment(scheduled: Scheduled) -> None:
    scheduled.tick()

    assert scheduled.due_times == []


def test_a_due_time_starts_once_however_often_is_looked(scheduled: Scheduled) -> None:
    scheduled.clock.time = datetime(2026, 11, 22, 13, 0, 0, tzinfo=UTC)
    scheduled.tick()
    scheduled.finish()
    scheduled.clock.time += timedelta(seconds=1)
    scheduled.tick()

    assert scheduled.due_times == ['{"scheduledTime": "2026-11-22T13:00:00+00:00"}']


def test_a_due_time_starts_once_across_a_restart(scheduled: Scheduled) -> None:
    scheduled.clock.time = datetime(2026, 11, 22, 13, 0, 1, tzinfo=UTC)
    scheduled.tick()
    scheduled.finish()
    scheduled.ledger.close()

    scheduled.ledger = Ledger(scheduled.path, scheduled.clock)
    scheduled.tick()

    assert len(scheduled.due_times) == 1


def test_runs_missed_while_the_runner_was_down_count_as_one(scheduled: Scheduled) -> None:
    scheduled.clock.time = START + timedelta(hours=5)
    scheduled.tick()

    assert scheduled.due_times == ['{"scheduledTime": "2026-11-22T17:00:00+00:00"}']


def test_a_run_waits_for_the_one_before(scheduled: Scheduled) -> None:
    scheduled.clock.time = START + timedelta(hours=1)
    scheduled.tick()
    scheduled.clock.time = START + timedelta(hours=2)
    scheduled.tick()
    assert len(scheduled.due_times) == 1

    scheduled.finish()
    scheduled.tick()

    assert len(scheduled.due_times) == 2


def test_a_new_version_does_not_lose_a_due_time(scheduled: Scheduled) -> None:
    scheduled.clock.time = START + timedelta(hours=1)
    scheduled.ledger.deployments.put(scheduled.place, scheduled.version_id, [scheduled.workflow])
    scheduled.tick()

    assert len(scheduled.due_times) == 1


def test_a_paused_deployment_starts_nothing_and_catches_nothing_up(scheduled: Scheduled) -> None:
    scheduled.ledger.deployments.set_state(scheduled.place, "paused")
    scheduled.clock.time = START + timedelta(hours=1)
    scheduled.tick()
    scheduled.ledger.deployments.set_state(scheduled.place, "live")
    scheduled.tick()

    assert scheduled.due_times == []


def test_a_cron_expression_that_is_none_becomes_an_issue(scheduled: Scheduled) -> None:
    broken = WorkflowInfo(id="broken", kind="schedule", cron="every day")
    scheduled.ledger.deployments.put(
        scheduled.place, scheduled.version_id, [broken, scheduled.workflow]
    )
    scheduled.clock.time = START + timedelta(hours=1)
    for _ in range(2):
        scheduled.tick()

    (issue,) = scheduled.ledger.journal.issues(scheduled.place)
    assert "every day" in issue["message"]
    assert len(scheduled.due_times) == 1


@pytest.mark.parametrize(
    ("timezone", "now", "due"),
    [
        ("UTC", "2026-11-22T09:00:00+00:00", "2026-11-22T09:00:00+00:00"),
        ("Europe/Berlin", "2026-11-22T08:30:00+00:00", "2026-11-22T08:00:00+00:00"),
        ("Europe/Berlin", "2026-07-01T08:30:00+00:00", "2026-07-01T07:00:00+00:00"),
        ("America/New_York", "2026-11-22T14:00:00+00:00", "2026-11-22T14:00:00+00:00"),
        (None, "2026-11-22T08:59:59+00:00", "2026-11-21T09:00:00+00:00"),
    ],
)
def test_nine_in_the_morning_is_the_zones(timezone: str | None, now: str, due: str) -> None:
    found = latest_due("0 9 * * *", timezone, datetime.fromisoformat(now))

    assert found == datetime.fromisoformat(due)


def test_an_unknown_time_zone_is_said(scheduled: Scheduled) -> None:
    with pytest.raises(PlatformError, match="Mars/Olympus"):
        latest_due("0 9 * * *", "Mars/Olympus", START)
