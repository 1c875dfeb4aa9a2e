"""Children that use too much are ended with a sentence, and those with nothing to do sleep."""

import asyncio
import threading
from collections.abc import Callable
from itertools import count

import pytest

from pipeline.platforms.local import limits as limits_module
from pipeline.platforms.local.limits import Limits, Usage, excess
from tests.platforms.local.conftest import Deploy, Deployed, RunnerProcess
from tests.platforms.local.projects import Books, version_spec, wait_until
from tests.platforms.local.test_crashes import holding

GREEDY = """\
import { durable, fn, webhook } from "@versori/run";

const kept: unknown[] = [];

async function leak(megabytes: number, take: () => unknown) {
  for (let number = 0; number < megabytes; number++) {
    kept.push(take());
    if (number % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await new Promise((resolve) => setTimeout(resolve, 5000));
}

const greedy = webhook("greedy", { method: "post", connection: "shop" }).then(
  fn("take", async ({ data }) => {
    if (data.takes === "time") while (true);
    if (data.takes === "heap") await leak(2000, () => Array(131072).fill(Math.random()));
    if (data.takes === "buffers") await leak(600, () => new Uint8Array(1 << 20).fill(1));
    return { version: VERSION };
  }),
);

const interpreter = await durable.DurableInterpreter.newInstance();
interpreter.register(greedy);
await interpreter.start();
"""
TAKEN = {
    "time": "stopped answering",
    "heap": "memory that JavaScript may have",
    "buffers": "used more than 200 MB of memory",
}


def log_of(live: Deployed) -> list[str]:
    return [line.message for line in live.platform.logs(live.project_id, live.environment)]


@pytest.mark.parametrize("taken", TAKEN)
def test_a_child_that_takes_too_much_is_ended_named_and_started_again(
    mortal_runner: RunnerProcess, deploy: Deploy, taken: str
) -> None:
    # The heap has a limit of its own, which is lower than what the process may use.
    memory = 200 if taken == "buffers" else 1000
    mortal_runner.limits = Limits(memory_megabytes=memory, silent_seconds=2.0)
    live = deploy(mortal_runner)
    version = live.platform.create_version(live.project_id, version_spec(2, GREEDY))
    live.platform.deploy(live.project_id, version, "test")
    body = b'{"takes": "%s"}' % taken.encode()

    threading.Thread(target=live.send, args=("greedy", body), daemon=True).start()

    wait_until(lambda: any(TAKEN[taken] in message for message in log_of(live)), 30.0)
    (told, *_) = [message for message in log_of(live) if TAKEN[taken] in message]
    assert told.startswith("The integration ended by itself (")
    assert told.endswith("It is started again in 0.2 s.")


def test_computing_without_a_pause_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = count()

    def busy(pid: int) -> Usage:
        now = next(seconds)
        return Usage(now, now * 0.97, 1)

    monkeypatch.setattr(limits_module, "usage_of", busy)

    said = asyncio.run(excess(1, Limits(busy_seconds=5), look_seconds=0))

    assert said == "it computed for 5 seconds without a pause"
    assert next(seconds) == 6


def test_a_pause_starts_the_count_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = count()
    worked = [0.0, 1, 2, 3, 3.2, 4.2, 5.2, 6.2, 7.2, 8.2]

    def mostly_busy(pid: int) -> Usage:
        now = next(seconds)
        return Usage(now, worked[now], 1)

    monkeypatch.setattr(limits_module, "usage_of", mostly_busy)

    asyncio.run(excess(1, Limits(busy_seconds=5), look_seconds=0))

    assert next(seconds) == 10


# ---- Sleep -------------------------------------------------------------------------------------


@pytest.fixture
def sleepy(mortal_runner: RunnerProcess, deploy: Deploy) -> Deployed:
    """A deployment that sleeps soon, and does now."""
    mortal_runner.limits = Limits(idle_seconds=0.3)
    live = deploy(mortal_runner)
    wait_until(lambda: not live.child_pids())
    return live


def test_a_child_that_sleeps_is_healthy_and_wakes_for_an_event(sleepy: Deployed) -> None:
    info = sleepy.platform.deployment(sleepy.project_id, "test")
    assert info is not None and info.healthy

    assert sleepy.send("echo", b'{"good": "morning"}').json()["echoed"] == {"good": "morning"}

    wait_until(lambda: not sleepy.child_pids())
    assert not any("ended by itself" in message for message in log_of(sleepy))


def test_a_deployment_sleeps_through_the_runners_restart(sleepy: Deployed) -> None:
    sleepy.runner.end()
    sleepy.runner.start()

    assert sleepy.child_pids() == []
    assert sleepy.send("echo", b"{}").status_code == 200


def test_events_in_a_row_find_the_same_child(sleepy: Deployed, books: Books) -> None:
    for number in range(5):
        sleepy.send("take-order", b'{"id": %d}' % number)
    wait_until(lambda: len(books.orders) == 5)

    loaded = [message for message in log_of(sleepy) if message == "the project loads"]
    assert len(loaded) == 2  # at its deployment, and when it woke


# ---- Versions ----------------------------------------------------------------------------------


def test_an_event_in_work_ends_on_the_version_it_began_on(deployed: Deployed, books: Books) -> None:
    reached = threading.Event()
    release: Callable[[], None] = holding(reached, 1.0)
    books.before = release
    deployed.send("take-order", b'{"id": 1}')
    assert reached.wait(5)
    books.before = lambda: None

    second = deployed.platform.create_version(deployed.project_id, version_spec(2))
    deployed.platform.deploy(deployed.project_id, second, "test")

    wait_until(lambda: deployed.platform.event_counts(deployed.project_id, "test") == {"done": 1})
    assert [body for _, _, _, body in books.requests] == [b'{"order":1,"version":1}']
    assert deployed.send("echo", b"{}").json()["version"] == 2
