"""When schedules are due, and that each due time starts its workflow once."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import SettableClock
from pipeline.errors import PlatformError
from pipeline.platforms.local import schedules as schedules_module
from pipeline.platforms.local.cron import due_between, latest_due
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import WorkflowInfo
from pipeline.platforms.local.schedules import Schedules
from pipeline.ports import ProjectSpec, VersionSpec

START = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)


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
        self.clock = SettableClock(START)
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
    (line,) = scheduled.ledger.journal.lines(scheduled.place, None, 10)
    assert line.message.startswith("4 earlier runs of “hourly” came due")


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


def due_times(cron: str, timezone: str, start: str, hours: int) -> list[str]:
    """Every due time that shows up in so many hours, looked at every five minutes."""
    now = datetime.fromisoformat(f"{start}+00:00")
    found = [latest_due(cron, timezone, now + timedelta(minutes=5 * n)) for n in range(hours * 12)]
    assert found == sorted(found)
    return [due.strftime("%d %H:%M") for due in dict.fromkeys(found)][1:]


@pytest.mark.parametrize(
    ("cron", "timezone", "start", "expected"),
    [
        # The hour that is skipped: at the change.
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00", ["28 01:30", "29 01:00", "30 00:30"]),
        # The hour that comes twice: the first time.
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00", ["24 00:30", "25 00:30", "26 01:30"]),
        (
            "30 1 * * *",
            "America/New_York",
            "2026-10-31T00:00",
            ["31 05:30", "01 05:30", "02 06:30"],
        ),
        ("0 9 * * *", "America/New_York", "2026-03-07T00:00", ["07 14:00", "08 13:00", "09 13:00"]),
        ("@daily", "Europe/Berlin", "2026-10-24T00:00", ["24 22:00", "25 23:00", "26 23:00"]),
    ],
)
def test_daily_is_once_a_day_through_clock_changes(
    cron: str, timezone: str, start: str, expected: list[str]
) -> None:
    assert due_times(cron, timezone, start, 72) == expected


@pytest.mark.parametrize("cron", ["0 * * * *", "@hourly"])
@pytest.mark.parametrize("start", ["2026-03-28T23:30", "2026-10-24T23:30"])
def test_hourly_is_every_hour_through_clock_changes(cron: str, start: str) -> None:
    day = int(start[8:10]) + 1

    assert due_times(cron, "Europe/Berlin", start, 4) == [f"{day} 0{hour}:00" for hour in range(4)]


def test_due_times_are_counted_without_the_first_and_with_the_last() -> None:
    assert due_between("0 * * * *", None, START, START + timedelta(hours=3)) == 3
    assert due_between("* * * * *", None, START - timedelta(days=300), START) == 1000


def test_a_clock_that_was_set_back_runs_nothing_twice(scheduled: Scheduled) -> None:
    scheduled.clock.time = START + timedelta(hours=2)
    scheduled.tick()
    scheduled.finish()
    for hours in (1, 2):
        scheduled.clock.time = START + timedelta(hours=hours)
        scheduled.tick()

    assert len(scheduled.due_times) == 1


def test_a_ledger_that_cannot_be_written_delays_a_run_and_ends_nothing(
    scheduled: Scheduled, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled.clock.time = START + timedelta(hours=1)
    add, failures = scheduled.ledger.events.add, iter([True, False])

    def full_disk(*arguments: Any, **named: Any) -> str | None:
        if next(failures):
            raise PlatformError("The disk is full.")
        return add(*arguments, **named)

    monkeypatch.setattr(scheduled.ledger.events, "add", full_disk)
    monkeypatch.setattr(schedules_module, "_TICK_SECONDS", 0.001)

    async def run() -> None:
        schedules = Schedules(scheduled.ledger, Woken(), scheduled.clock)  # type: ignore[arg-type]
        running = asyncio.create_task(schedules.run())
        async with asyncio.timeout(5):
            while not scheduled.due_times:
                await asyncio.sleep(0.001)
        running.cancel()

    asyncio.run(run())

    assert len(scheduled.due_times) == 1
