"""What ended since somebody last looked: nothing twice, nothing left out."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.clock import SettableClock
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger import outcomes as outcomes_module
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.ports import ProjectSpec
from tests.platforms.local.conftest import Deployed
from tests.platforms.local.projects import wait_until

PLACE = Place("prj_1", "test")
START = "2025-12-31T00:00:00+00:00"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def ledger(tmp_path: Path, clock: SettableClock) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite", clock)


def ended(ledger: Ledger, reason: str = "", replay_of: str | None = None) -> str:
    """An event that failed for that reason, or that ended well."""
    event_id = ledger.events.add(PLACE, "take", "webhook", replay_of=replay_of)
    assert event_id is not None
    if reason:
        ledger.events.fail(event_id, reason)
    else:
        ledger.events.finish(event_id, None)
    return event_id


def test_each_end_is_told_once_though_all_are_at_one_moment(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes_module, "_AT_ONCE", 2)
    failed = [ended(ledger, "no") for _ in range(5)]
    ended(ledger)
    told, done, position = [], 0, START
    for _ in range(4):
        news = ledger.outcomes.news(PLACE, position)
        told += [failure.event_id for failure in news.failures]
        done += sum(success.count for success in news.successes)
        position = news.position
    assert (told, done) == (failed, 1)
    assert ledger.outcomes.news(PLACE, position).position == position


def test_a_clock_that_goes_back_hides_nothing(ledger: Ledger, clock: SettableClock) -> None:
    ended(ledger, "first")
    position = ledger.outcomes.news(PLACE, START).position
    clock.time -= timedelta(hours=1)
    ended(ledger, "second")
    assert [one.reason for one in ledger.outcomes.news(PLACE, position).failures] == ["second"]


def test_neither_does_a_new_runner(ledger: Ledger, clock: SettableClock, tmp_path: Path) -> None:
    ended(ledger, "first")
    position = ledger.outcomes.news(PLACE, START).position
    ledger.close()
    again = Ledger(tmp_path / "ledger.sqlite", clock)
    ended(again, "second")
    assert [one.reason for one in again.outcomes.news(PLACE, position).failures] == ["second"]


def test_what_is_replayed_waits_for_nobody(ledger: Ledger) -> None:
    first, second, third = (ended(ledger, "no") for _ in range(3))
    position = ledger.outcomes.news(PLACE, START).position
    ended(ledger, replay_of=first)
    ended(ledger, "again", replay_of=second)
    waiting = ledger.events.add(PLACE, "take", "webhook", replay_of=third)
    assert waiting is not None
    assert ledger.outcomes.unsettled(PLACE, 10) == [second]
    news = ledger.outcomes.news(PLACE, position)
    assert [one.event_id for one in news.replayed] == [first]
    assert [(one.replay_of, one.first_reason) for one in news.failures] == [(second, "no")]
    (tally,) = ledger.outcomes.tally(PLACE, datetime.fromisoformat(START))
    assert (tally.done, tally.failed, tally.waiting) == (1, 4, 1)


def test_issues_are_told_while_they_are_new(ledger: Ledger, clock: SettableClock) -> None:
    for _ in range(2):
        ledger.journal.raise_issue(PLACE, severity="high", title="refused", message="401")
    (issue,) = ledger.outcomes.news(PLACE, START).issues
    assert (issue.title, issue.count) == ("refused", 2)
    later = (clock.time + timedelta(seconds=1)).isoformat()
    assert ledger.outcomes.news(PLACE, later).issues == []


def test_pages_of_events_follow_each_other(ledger: Ledger) -> None:
    made = [ended(ledger) for _ in range(5)]
    first = [event.id for event in ledger.events.list(PLACE, limit=2)]
    second = [event.id for event in ledger.events.list(PLACE, limit=2, before=first[-1])]
    assert first + second == list(reversed(made))[:4]


def test_a_removed_project_leaves_the_others_alone(ledger: Ledger) -> None:
    ids = [
        ledger.projects.create(ProjectSpec(name=name, integration_id=name)) for name in ("a", "b")
    ]
    for project_id in ids:
        place = Place(project_id, "test")
        ledger.events.add(place, "take", "manual")
        ledger.values.set(f"project/{place}", ["k"], 1)
        ledger.variables.put_asset(project_id, "research.md", "x")
    for _ in range(2):
        ledger.removal.remove(ids[0])
    counts = [ledger.events.counts(Place(project_id, "test")) for project_id in ids]
    assert counts == [{}, {"pending": 1}]
    kept = [ledger.values.get(f"project/{project_id}/test", ["k"]) for project_id in ids]
    assert [entry is not None for entry in kept] == [False, True]


def test_through_the_runner(deployed: Deployed) -> None:
    platform, place = deployed.platform, (deployed.project_id, deployed.environment)
    deployed.send("echo", json.dumps({"id": 1}).encode())
    deployed.send("pry", b"{}")
    wait_until(lambda: "failed" in deployed.states())
    news = platform.news(*place, after=START)
    assert [success.workflow for success in news.successes] == ["echo"]
    (failure,) = news.failures
    assert [event.id for event in platform.unsettled(*place)] == [failure.event_id]
    assert platform.events(*place, limit=1, before=failure.event_id)[0].workflow == "echo"
    platform.delete_project(deployed.project_id)
    platform.delete_project(deployed.project_id)
    assert platform.events(*place) == []
    assert platform.deployment(*place) is None
    assert deployed.send("echo", b"{}").status_code == 404
