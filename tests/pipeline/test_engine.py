"""The durable engine: single flight, no lost job, takeover of the dead, stop in the middle."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cancellation import Cancellation
from pipeline.engine import JobQueue, Worker, prepare
from pipeline.errors import StoreError
from tests.postgres import postgres_server, postgres_url  # noqa: F401  # fixtures

TAKEN_OVER_SECONDS = 10.0


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


class Jobs:
    """Counts what runs, and how much of it at once."""

    def __init__(self, seconds: float = 0.05) -> None:
        self.ran: list[str] = []
        self.most_at_once: dict[str, int] = {}
        self.seconds = seconds
        self._running: list[str] = []
        self._lock = threading.Lock()

    def advance(self, integration_id: str, cancellation: Cancellation) -> None:
        with self._lock:
            self._running.append(integration_id)
            now = self._running.count(integration_id)
            self.most_at_once[integration_id] = max(now, self.most_at_once.get(integration_id, 0))
        try:
            cancellation.wait(self.seconds)
        finally:
            with self._lock:
                self._running.remove(integration_id)
                self.ran.append(integration_id)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'engine.sqlite'}"


def worker(url: str, jobs: Jobs, runnable: list[str] | None = None) -> Worker:
    return Worker(url, "one", jobs.advance, lambda _: True, lambda: runnable or [])


def test_one_job_a_state_and_one_at_a_time(url: str) -> None:
    jobs = Jobs()
    running = worker(url, jobs)
    queue = JobQueue(url)
    for state in range(3):
        for _ in range(2):
            queue.enqueue("int_a", str(state))
            queue.enqueue("int_b", str(state))
    wait_for(lambda: len(jobs.ran) == 6)
    queue.close()
    running.close()
    assert sorted(jobs.ran) == ["int_a"] * 3 + ["int_b"] * 3
    assert jobs.most_at_once == {"int_a": 1, "int_b": 1}


def test_a_job_put_in_before_any_worker_ran_is_done(url: str) -> None:
    prepare(url)
    queue = JobQueue(url)
    queue.enqueue("int_a", "1")
    queue.close()
    jobs = Jobs()
    running = worker(url, jobs)
    wait_for(lambda: jobs.ran == ["int_a"])
    running.close()


def test_the_sweep_finds_what_has_no_job(url: str) -> None:
    jobs = Jobs()
    running = worker(url, jobs, ["int_forgotten"])
    running.sweep()
    wait_for(lambda: "int_forgotten" in jobs.ran)
    running.close()


def test_stop_reaches_a_running_job(url: str) -> None:
    jobs = Jobs(seconds=30)
    active = {"int_a": True}
    running = Worker(url, "one", jobs.advance, lambda name: active[name], list)
    queue = JobQueue(url)
    queue.enqueue("int_a", "1")
    wait_for(lambda: jobs.most_at_once.get("int_a") == 1)
    active["int_a"] = False
    wait_for(lambda: jobs.ran == ["int_a"], seconds=3)
    queue.close()
    running.close()


def test_two_living_workers_can_not_share_a_name(url: str) -> None:
    running = worker(url, Jobs())
    with pytest.raises(StoreError, match="running already"):
        worker(url, Jobs())
    running.close()


_HANGING_WORKER = """
import sys, time
from pipeline.engine import Worker
def advance(integration_id, cancellation):
    print("running", flush=True)
    time.sleep(600)
Worker(sys.argv[1], sys.argv[2], advance, lambda _: True, lambda: [])
print("ready", flush=True)
time.sleep(600)
"""


def hanging_worker(url: str, name: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _HANGING_WORKER, url, name], stdout=subprocess.PIPE, text=True
    )


def killed_in_the_middle(url: str, name: str) -> None:
    process = hanging_worker(url, name)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    queue = JobQueue(url)
    queue.enqueue("int_a", "1")
    queue.close()
    assert process.stdout.readline() == "running\n"
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_job_cut_off_by_a_kill_runs_again_after_a_restart(url: str) -> None:
    killed_in_the_middle(url, "one")
    jobs = Jobs()
    running = worker(url, jobs)
    wait_for(lambda: jobs.ran == ["int_a"])
    running.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_job_of_a_dead_worker_is_taken_over(
    kind: str, url: str, request: pytest.FixtureRequest
) -> None:
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_url")
    killed_in_the_middle(url, "the dead one")
    began = time.monotonic()
    jobs = Jobs()
    running = Worker(url, "the survivor", jobs.advance, lambda _: True, list)
    wait_for(lambda: jobs.ran == ["int_a"], TAKEN_OVER_SECONDS)
    running.close()
    assert time.monotonic() - began < TAKEN_OVER_SECONDS
