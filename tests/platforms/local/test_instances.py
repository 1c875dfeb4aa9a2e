"""Durable workflows in the ledger: attempts, pauses, limits, and ends that come twice."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.clock import SettableClock
from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.events import Event
from pipeline.platforms.local.ledger.instances import USUAL_ATTEMPTS

PLACE = Place("prj_1", "test")
ELSEWHERE = Place("prj_1", "production")
SCHEMA = Path(__file__).parents[3] / "pipeline/platforms/local/ledger/schema/1-beginnings.sql"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def ledger(tmp_path: Path, clock: SettableClock) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite", clock)


def start(ledger: Ledger, workflow: str = "batch", max_attempts: int | None = None) -> str:
    instance_id = ledger.events.add(PLACE, workflow, "workflow", max_attempts=max_attempts)
    assert instance_id is not None
    return instance_id


def claim(ledger: Ledger, *full: str) -> Event | None:
    return ledger.instances.claim(PLACE, full)


def state(ledger: Ledger, instance_id: str) -> str:
    return ledger.events.get(instance_id).state


def test_a_failure_is_attempted_again_after_pauses_that_grow(
    ledger: Ledger, clock: SettableClock
) -> None:
    instance_id = start(ledger)
    pauses = []
    while claimed := claim(ledger):
        ledger.instances.failed(claimed, "no luck")
        pauses.append(ledger.instances.due_in(PLACE))
        assert claim(ledger) is None
        clock.time += timedelta(hours=1)

    assert pauses == [1, 2, 4, 8, None]
    ended = ledger.events.get(instance_id)
    assert (ended.state, ended.attempts, ended.reason) == ("failed", USUAL_ATTEMPTS, "no luck")


@pytest.mark.parametrize("attempts", [1, 3, 9])
def test_as_many_attempts_as_were_asked_for(
    ledger: Ledger, clock: SettableClock, attempts: int
) -> None:
    instance_id = start(ledger, max_attempts=attempts)
    while claimed := claim(ledger):
        ledger.instances.failed(claimed, "no luck")
        clock.time += timedelta(hours=1)

    assert ledger.events.get(instance_id).attempts == attempts


def test_an_instance_that_asks_to_run_again_does_so_when_it_said(
    ledger: Ledger, clock: SettableClock
) -> None:
    instance_id = start(ledger)
    for _ in range(3 * USUAL_ATTEMPTS):  # asking is no failure
        assert claim(ledger) is not None
        ledger.instances.reschedule(PLACE, instance_id, timedelta(minutes=5))
        ledger.instances.succeeded(instance_id, {"so": "far"})
        clock.time += timedelta(minutes=4)
        assert claim(ledger) is None
        clock.time += timedelta(minutes=1)

    assert claim(ledger) is not None
    ledger.instances.succeeded(instance_id, "at last")
    assert ledger.events.get(instance_id).result == "at last"
    assert state(ledger, instance_id) == "done"


def test_asking_again_counts_as_an_attempt_where_attempts_are_limited(
    ledger: Ledger, clock: SettableClock
) -> None:
    instance_id = start(ledger, max_attempts=2)
    for _ in range(2):
        assert claim(ledger) is not None
        ledger.instances.reschedule(PLACE, instance_id, timedelta(0))
        ledger.instances.succeeded(instance_id, None)

    ended = ledger.events.get(instance_id)
    assert (ended.state, ended.attempts) == ("failed", 2)
    assert "all its attempts" in ended.reason


def test_what_was_completed_stays_so(ledger: Ledger) -> None:
    instance_id = start(ledger)
    claimed = claim(ledger)
    assert claimed is not None
    ledger.instances.complete(PLACE, instance_id, failed=False, result={"size": 2})

    ledger.instances.failed(claimed, "thrown after it")
    ledger.instances.succeeded(instance_id, "returned after it")
    ledger.events.release(instance_id)

    ended = ledger.events.get(instance_id)
    assert (ended.state, ended.result, claim(ledger)) == ("done", {"size": 2}, None)


def test_a_waiting_instance_can_be_ended_from_outside(ledger: Ledger) -> None:
    instance_id = start(ledger)
    ledger.instances.complete(PLACE, instance_id, failed=True, result="not wanted")

    assert claim(ledger) is None
    assert "not wanted" in ledger.events.get(instance_id).reason


@pytest.mark.parametrize("place", [PLACE, ELSEWHERE])
def test_what_has_ended_or_is_elsewhere_cannot_be_changed(ledger: Ledger, place: Place) -> None:
    instance_id = start(ledger)
    ledger.instances.complete(PLACE, instance_id, failed=False, result=None)

    with pytest.raises(PlatformError):
        ledger.instances.reschedule(place, instance_id, timedelta(0))
    with pytest.raises(PlatformError):
        ledger.instances.complete(place, instance_id, failed=True, result=None)


def test_a_full_workflow_waits_and_others_do_not(ledger: Ledger) -> None:
    start(ledger, "full")
    free = start(ledger, "free")

    claimed = claim(ledger, "full")
    assert claimed is not None
    assert claimed.id == free
    assert claim(ledger, "full") is None
    assert claim(ledger) is not None


def test_instances_stand_in_nobodys_way(ledger: Ledger) -> None:
    start(ledger)
    event_id = ledger.events.add(PLACE, "w", "webhook")

    claimed = ledger.events.claim(PLACE)
    assert claimed is not None
    assert claimed.id == event_id
    assert ledger.events.claim(PLACE) is None


def test_after_the_end_of_a_runner_only_what_has_attempts_left_runs_again(ledger: Ledger) -> None:
    last, more = start(ledger, max_attempts=1), start(ledger, max_attempts=2)
    assert claim(ledger) is not None
    assert claim(ledger) is not None
    ledger.instances.reschedule(PLACE, more, timedelta(hours=1))

    ledger.events.release_all()

    assert (state(ledger, last), state(ledger, more)) == ("failed", "pending")
    assert claim(ledger) is None  # it had said when


def test_a_ledger_of_the_version_before_is_brought_up_to_date(
    tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(SCHEMA.read_text())
        connection.execute("PRAGMA user_version = 1")
        connection.execute("INSERT INTO project VALUES ('prj_1', 'i', 'p', 't', 'now')")
        connection.execute(
            "INSERT INTO event (id, project_id, environment, workflow, kind, state, received_at,"
            " request, body) VALUES ('evt_1', 'prj_1', 'test', 'w', 'webhook', 'pending',"
            " '2026-11-22T12:00:00+00:00', '{}', x'7b7d')"
        )
        connection.execute(
            "INSERT INTO connection VALUES ('con_1', 'prj_1', 'test', 'shop', 'Shop',"
            " '{\"type\": \"none\"}', 0, 'vault_1', NULL, '{}', 1)"
        )
        connection.execute("INSERT INTO variable_value VALUES ('prj_1', 'test', 'region', '1')")
    connection.close()

    for _ in range(2):
        ledger = Ledger(path, clock)
        assert ledger.connections.get(*PLACE, "shop").vault_reference == "vault_1"
        assert ledger.variables.all(*PLACE) == {"region": 1}
        assert ledger.events.get("evt_1").body == b"{}"
        ledger.close()
