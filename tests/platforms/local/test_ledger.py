"""What the ledger keeps, orders, expires and trims."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clock import SettableClock
from pipeline.errors import PlatformError
from pipeline.plan.model import Variable
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.journal import LINES_KEPT
from pipeline.ports import ProjectSpec

PLACE = Place("prj_1", "test")
OTHER = Place("prj_1", "production")


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def ledger(tmp_path: Path, clock: SettableClock) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite", clock)


# ---- Values ------------------------------------------------------------------------------------


def test_a_value_is_its_owners(ledger: Ledger) -> None:
    ledger.values.set("a", ["k"], {"x": [1, None]})

    found = ledger.values.get("a", ["k"])
    assert found is not None
    assert found.value == {"x": [1, None]}
    assert ledger.values.get("b", ["k"]) is None


def test_null_is_a_value(ledger: Ledger) -> None:
    ledger.values.set("a", ["k"], None)

    assert ledger.values.get("a", ["k"]) is not None


def test_values_expire(ledger: Ledger, clock: SettableClock) -> None:
    ledger.values.set("a", ["k"], 1, timedelta(seconds=10))
    clock.time += timedelta(seconds=11)

    assert ledger.values.get("a", ["k"]) is None
    assert ledger.values.count("a", []) == 0
    assert ledger.values.list("a", [], limit=10) == ([], "")


def test_expired_values_are_forgotten(ledger: Ledger, clock: SettableClock) -> None:
    ledger.values.set("a", ["gone"], 1, timedelta(seconds=10))
    ledger.values.set("a", ["stays"], 1)
    clock.time += timedelta(seconds=11)

    assert ledger.values.forget_expired() == 1


def test_a_prefix_ends_at_a_word(ledger: Ledger) -> None:
    for key in (["order", "1"], ["order", "2"], ["orders", "3"]):
        ledger.values.set("a", key, 0)

    entries, _ = ledger.values.list("a", ["order"], limit=10)

    assert [entry.key for entry in entries] == [["order", "1"], ["order", "2"]]
    assert ledger.values.count("a", []) == 3


@pytest.mark.parametrize("reverse", [False, True])
def test_pages_hold_everything_once(ledger: Ledger, reverse: bool) -> None:
    for number in range(7):
        ledger.values.set("a", ["n", str(number)], number)
    found, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        entries, cursor = ledger.values.list("a", ["n"], limit=3, after=cursor, reverse=reverse)
        found += [entry.value for entry in entries]
        pages += 1

    assert found == sorted(range(7), reverse=reverse)
    assert pages == 3


words = st.lists(st.text(min_size=0, max_size=6), min_size=1, max_size=3)


@settings(max_examples=30, deadline=None)
@given(key=words, other=words)
def test_every_key_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, key: list[str], other: list[str]
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "l.sqlite", SettableClock())
    ledger.values.set("a", key, "mine")
    ledger.values.set("a", other, "other")

    entries, _ = ledger.values.list("a", [], limit=10)

    assert sorted(entry.key for entry in entries) == sorted([key] if key == other else [key, other])
    ledger.close()


# ---- Events ------------------------------------------------------------------------------------


def test_events_are_claimed_in_order_and_once(ledger: Ledger) -> None:
    added = [ledger.events.add(PLACE, "w", "webhook", body=b"%d" % number) for number in range(3)]
    ledger.events.add(OTHER, "w", "webhook")

    claimed = [ledger.events.claim(PLACE) for _ in range(4)]

    assert [event.id if event else None for event in claimed] == [*added, None]


def test_a_released_event_keeps_its_place_and_its_count(ledger: Ledger) -> None:
    first = ledger.events.add(PLACE, "w", "webhook")
    ledger.events.add(PLACE, "w", "webhook")
    assert first is not None
    ledger.events.claim(PLACE)
    ledger.events.release(first)

    again = ledger.events.claim(PLACE)

    assert again is not None
    assert (again.id, again.attempts) == (first, 2)


def test_a_finished_event_is_not_released(ledger: Ledger) -> None:
    event_id = ledger.events.add(PLACE, "w", "webhook")
    assert event_id is not None
    ledger.events.claim(PLACE)
    ledger.events.finish(event_id, {"ok": True})
    ledger.events.release(event_id)
    ledger.events.release_all()

    assert ledger.events.get(event_id).state == "done"


def test_an_occurrence_is_stored_once(ledger: Ledger) -> None:
    assert ledger.events.add(PLACE, "w", "schedule", occurrence="o") is not None
    assert ledger.events.add(PLACE, "w", "schedule", occurrence="o") is None


def test_an_unknown_event_is_said(ledger: Ledger) -> None:
    with pytest.raises(PlatformError, match="evt_none"):
        ledger.events.get("evt_none")


# ---- Journal -----------------------------------------------------------------------------------


def test_old_lines_are_dropped(ledger: Ledger) -> None:
    for number in range(LINES_KEPT + 600):
        ledger.journal.log(PLACE, "info", str(number))
    ledger.journal.log(OTHER, "info", "other")

    lines = ledger.journal.lines(PLACE, None, LINES_KEPT * 2)

    assert LINES_KEPT <= len(lines) < LINES_KEPT + 256
    assert lines[-1].message == str(LINES_KEPT + 599)
    assert len(ledger.journal.lines(OTHER, None, 10)) == 1


def test_huge_lines_are_cut(ledger: Ledger) -> None:
    ledger.journal.log(PLACE, "info", "x" * 100_000, {"body": "y" * 100_000})

    (line,) = ledger.journal.lines(PLACE, None, 10)

    assert len(line.message) < 5_000
    assert "100" in str(line.fields["dropped"])


def test_the_same_issue_is_counted(ledger: Ledger) -> None:
    for key in ("a", "a", "b"):
        ledger.journal.raise_issue(PLACE, severity="high", title=key, message="m")

    counts = {issue["title"]: issue["count"] for issue in ledger.journal.issues(PLACE)}
    assert counts == {"a": 2, "b": 1}


# ---- Variables and the file --------------------------------------------------------------------


def test_a_value_that_was_set_outlives_a_new_declaration(ledger: Ledger) -> None:
    project_id = ledger.projects.create(ProjectSpec(name="p", integration_id="i"))
    ledger.variables.declare(project_id, [Variable(name="region", default="eu")])
    ledger.variables.set(project_id, "test", "region", "us")
    ledger.variables.declare(project_id, [Variable(name="region", default="asia")])

    assert ledger.variables.all(project_id, "test") == {"region": "us"}
    assert ledger.variables.all(project_id, "production") == {"region": "asia"}


def test_what_was_kept_is_there_after_opening_again(tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "ledger.sqlite"
    first = Ledger(path, clock)
    project_id = first.projects.create(ProjectSpec(name="p", integration_id="i"))
    first.close()

    assert Ledger(path, clock).projects.get(project_id).name == "p"


def test_a_newer_ledger_is_not_touched(tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(path, clock).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(PlatformError, match="newer Weft"):
        Ledger(path, clock)


def test_a_damaged_ledger_is_said(tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_text("this is no database at all, however long one looks at it" * 50)

    with pytest.raises(PlatformError, match="damaged"):
        Ledger(path, clock)
