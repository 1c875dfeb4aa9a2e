"""Looks at what is live: each failure is told once, through crashes and beside other workers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.clock import SettableClock
from pipeline.integration import Integration
from pipeline.live.reading import news_of_logs
from pipeline.live.state import Watch
from pipeline.live.summary import subscribe, summarise
from pipeline.live.watching import Watcher
from pipeline.ports import LogLine
from pipeline.replies import FailuresShown, IssueRaised, Recovered, Reply, Said
from tests.pipeline.conftest import Pipeline, migrated, pipeline
from tests.running import BEGINNING, RunningPlatform

__all__ = ["migrated", "pipeline"]


@pytest.fixture
def platform() -> RunningPlatform:
    return RunningPlatform()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(BEGINNING + timedelta(minutes=5))


@pytest.fixture
def watcher(pipeline: Pipeline, platform: RunningPlatform, clock: SettableClock) -> Watcher:
    pipeline.services = replace(pipeline.services, platform=platform)
    pipeline.platform = platform
    pipeline.to_live()
    pipeline.replies()
    pipeline.said.clear()
    return Watcher(pipeline.services.store, lambda: platform, clock)


def look(watcher: Watcher, pipeline: Pipeline) -> list[Reply]:
    """What a look makes people hear."""
    watcher.look(pipeline.id, "development")
    pipeline.said.clear()
    return pipeline.replies()


def test_failures_are_told_once_and_grow_in_place(
    watcher: Watcher, pipeline: Pipeline, platform: RunningPlatform, clock: SettableClock
) -> None:
    failed = platform.end("ApiError: down")
    platform.lines = [
        LogLine(
            at=BEGINNING,
            level="error",
            message="no",
            fields={"record": "1042"},
            execution_id=failed.id,
        )
    ]
    (first,) = look(watcher, pipeline)
    assert isinstance(first, FailuresShown)
    assert (first.group.count, first.group.record) == (1, "1042")
    assert look(watcher, pipeline) == []
    platform.end("ApiError: down")
    assert look(watcher, pipeline) == []  # told a moment ago
    clock.time += timedelta(minutes=1)
    (grown,) = look(watcher, pipeline)
    assert isinstance(grown, FailuresShown)
    assert (grown.key, grown.group.count) == (first.key, 2)


def test_recovery_is_said_once(
    watcher: Watcher, pipeline: Pipeline, platform: RunningPlatform, clock: SettableClock
) -> None:
    for _ in range(3):
        platform.end("ApiError: down")
    look(watcher, pipeline)
    platform.end()
    said = [*look(watcher, pipeline), *look(watcher, pipeline)]
    recoveries = [one for one in said if isinstance(one, Recovered)]
    assert [one.group.went_through for one in recoveries] == [1]
    clock.time += timedelta(minutes=1)
    for event in platform.unsettled("", ""):
        platform.replay(event.id)
    (shown,) = look(watcher, pipeline)
    assert isinstance(shown, FailuresShown)
    assert (shown.group.replayed, shown.group.kept) == (3, 0)


def test_a_crash_before_it_is_saved_loses_nothing(
    watcher: Watcher,
    pipeline: Pipeline,
    platform: RunningPlatform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    platform.end("ApiError: down")

    class Crash(Exception):
        pass

    change = pipeline.services.store.change

    @contextmanager
    def crashing(integration_id: str, event_key: str | None = None) -> Iterator[Integration]:
        with change(integration_id, event_key) as integration:
            yield integration
            raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(pipeline.services.store, "change", crashing)
        with pytest.raises(Crash):
            watcher.look(pipeline.id, "development")
    assert pipeline.replies() == []
    (told,) = look(watcher, pipeline)
    assert isinstance(told, FailuresShown)
    assert told.group.count == 1


def test_two_workers_count_once(
    watcher: Watcher, pipeline: Pipeline, platform: RunningPlatform, clock: SettableClock
) -> None:
    platform.end("ApiError: down")
    other = Watcher(pipeline.services.store, lambda: platform, clock)
    news = platform.news

    def beside(project: str, environment: str, *, after: str) -> Any:
        platform.news = news  # type: ignore[method-assign]
        found = news(project, environment, after=after)
        other.look(pipeline.id, environment)  # the other is in between
        return found

    platform.news = beside  # type: ignore[method-assign]
    (told,) = look(watcher, pipeline)
    assert isinstance(told, FailuresShown)
    assert told.group.count == 1
    assert look(watcher, pipeline) == []


def test_an_issue_of_the_code_reaches_the_thread_once(
    watcher: Watcher, pipeline: Pipeline, platform: RunningPlatform
) -> None:
    platform.raise_issue("A record it refers to is missing", "No item “TRAY”.")
    told = [*look(watcher, pipeline), *look(watcher, pipeline)]
    assert [one.issue.title for one in told if isinstance(one, IssueRaised)] == [
        "A record it refers to is missing"
    ]
    assert len(told) == 1


def test_what_does_not_run_is_told_and_that_it_does_again(
    watcher: Watcher, pipeline: Pipeline, platform: RunningPlatform, clock: SettableClock
) -> None:
    (place,) = platform.live
    healthy = platform.live[place]
    platform.live[place] = healthy.model_copy(update={"healthy": False, "detail": "it crashed"})
    assert look(watcher, pipeline) == []
    clock.time += timedelta(minutes=1)
    (told, *more) = [*look(watcher, pipeline), *look(watcher, pipeline)]
    assert isinstance(told, IssueRaised)
    assert more == []
    assert "it crashed" in told.issue.message
    platform.live[place] = healthy
    (again,) = [*look(watcher, pipeline), *look(watcher, pipeline)]
    assert isinstance(again, Said)
    assert "runs again on development" in again.text


def test_nothing_is_saved_where_nothing_fails(
    watcher: Watcher, pipeline: Pipeline, platform: RunningPlatform
) -> None:
    platform.end()
    look(watcher, pipeline)
    platform.end()
    revision = pipeline.now.revision
    assert look(watcher, pipeline) == []
    assert pipeline.now.revision == revision


def test_a_summary_comes_when_it_is_due_and_once(
    watcher: Watcher, pipeline: Pipeline, platform: RunningPlatform, clock: SettableClock
) -> None:
    platform.end("no")
    platform.end()
    store = pipeline.services.store
    with store.change(pipeline.id) as integration:
        subscribe(integration, "daily", clock.time)

    def due() -> list[Reply]:
        pipeline.said.clear()
        summarise(store, platform, clock, pipeline.id)
        return pipeline.replies()

    assert due() == []
    clock.time += timedelta(days=3, hours=1)
    (summary,) = due()
    assert isinstance(summary, Said)
    assert "development, orders: 1 done, 1 failed." in summary.text
    assert due() == []
    clock.time += timedelta(hours=23)
    assert len(due()) == 1


# ---- A platform that has only logs -------------------------------------------------------------


def line(second: int, run: str, level: str = "info", **fields: Any) -> LogLine:
    at = BEGINNING + timedelta(seconds=second)
    return LogLine(at=at, level=level, message="Written", fields=fields, execution_id=run)


def test_runs_are_told_apart_in_logs() -> None:
    lines = [
        line(1, "a"),
        line(2, "b", "error", error="401"),
        line(3, "b", "error", error="gone"),
        line(4, "a"),
    ]
    watch = Watch(position=BEGINNING.isoformat())
    news, recent = news_of_logs(lines, watch)
    assert [one.reason for one in news.failures] == ["Written: 401"]
    assert [one.count for one in news.successes] == [1]
    again = watch.model_copy(update={"position": news.position, "recent": recent})
    news, _ = news_of_logs([*lines, line(4, "c", "error", error="late")], again)
    assert [one.reason for one in news.failures] == ["Written: late"]
    assert news.successes == []


def test_a_platform_with_logs_alone_is_watched(pipeline: Pipeline, clock: SettableClock) -> None:
    pipeline.to_live()
    pipeline.replies()
    pipeline.said.clear()
    lines = [line(1, "b", "error", error="401", record="7")]
    pipeline.platform.logs = (  # type: ignore[method-assign]
        lambda project, environment, *, after=None, limit=200: lines
    )
    watcher = Watcher(pipeline.services.store, lambda: pipeline.platform, clock)
    (told,) = look(watcher, pipeline)
    assert isinstance(told, FailuresShown)
    assert (told.group.record, told.can_replay) == ("7", False)
    assert look(watcher, pipeline) == []
