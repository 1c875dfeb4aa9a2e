"""SIGKILL of the child and of the runner: no stored event is lost."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable

from tests.platforms.local.conftest import Deploy, Deployed, RunnerProcess
from tests.platforms.local.projects import Books, wait_until


def holding(reached: threading.Event, seconds: float) -> Callable[[], None]:
    """Make an API say that it was reached, and let the caller wait."""

    def hold() -> None:
        reached.set()
        threading.Event().wait(seconds)

    return hold


def test_an_event_whose_child_is_killed_is_delivered_again(
    deployed: Deployed, books: Books
) -> None:
    reached = threading.Event()
    books.before = holding(reached, 1.0)
    event_id = deployed.send("take-order", b'{"id": 1}').json()["event"]
    assert reached.wait(5)
    books.before = lambda: None

    os.kill(deployed.child_pid(), signal.SIGKILL)

    wait_until(lambda: deployed.platform.event(event_id).state == "done")
    assert deployed.platform.event(event_id).attempts == 2
    assert books.orders == [1, 1]
    logged = [line.message for line in deployed.platform.logs(deployed.project_id, "test")]
    assert any("ended by itself" in message for message in logged)


def test_events_stored_before_the_runner_is_killed_are_delivered_after_its_restart(
    mortal_runner: RunnerProcess, deploy: Deploy, books: Books
) -> None:
    live = deploy(mortal_runner)
    reached = threading.Event()
    books.before = holding(reached, 1.0)
    in_work = live.send("take-order", b'{"id": 1}')
    assert reached.wait(5)
    live.platform.pause(live.project_id, "test")
    kept = live.send("take-order", b'{"id": 2}')
    mortal_runner.end(signal.SIGKILL)
    books.before = lambda: None

    mortal_runner.start()

    with contextlib.closing(mortal_runner.platform()) as platform:
        assert (in_work.status_code, kept.status_code) == (202, 202)
        assert platform.event_counts(live.project_id, "test") == {"pending": 2}
        platform.resume(live.project_id, "test")
        wait_until(lambda: platform.event_counts(live.project_id, "test") == {"done": 2})
    assert sorted(books.orders) == [1, 1, 2]


def test_no_child_outlives_a_killed_runner(mortal_runner: RunnerProcess, deploy: Deploy) -> None:
    child_pid = deploy(mortal_runner).child_pid()

    mortal_runner.end(signal.SIGKILL)

    wait_until(lambda: not is_alive(child_pid))


def test_a_stopped_runner_first_ends_what_it_works_on(
    mortal_runner: RunnerProcess, deploy: Deploy, books: Books
) -> None:
    live = deploy(mortal_runner)
    reached = threading.Event()
    books.before = holding(reached, 0.5)
    live.send("take-order", b'{"id": 1}')
    assert reached.wait(5)

    mortal_runner.end(signal.SIGTERM)
    mortal_runner.start()

    with contextlib.closing(mortal_runner.platform()) as platform:
        assert platform.event_counts(live.project_id, "test") == {"done": 1}
    assert books.orders == [1]
    assert mortal_runner.output == ""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
