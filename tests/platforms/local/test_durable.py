"""Durable workflows through a real runner: followed, limited, timed out, and killed in between."""

import contextlib
import json
import os
import signal
import threading
from typing import Any

import pytest

from tests.platforms.local.conftest import Deploy, Deployed, RunnerProcess
from tests.platforms.local.projects import Books, version_spec, wait_until

INDEX = """\
import { durable, fn, http, webhook, workflow } from "@versori/run";

const connection = { connection: "books" };
const post = (fetch: typeof globalThis.fetch, order: unknown) =>
  fetch("/receipts", { method: "POST", body: JSON.stringify({ order }) });

const begin = webhook("begin", { method: "post", connection: "shop", response: { mode: "async" } })
  .then(http("begin", connection, async ({ data, start, fetch }) => {
    const instance = await start(data.workflow, data);
    if (data.after) await post(fetch, data.after);
    if (data.wait) await instance.wait();
    return { id: instance.id, completed: instance.isCompleted, data: await instance.getData() };
  }));

const several = workflow("several", { limit: 2 })
  .then(http("one", connection, async ({ data, fetch, workflow, workflowClient, openKv }) => {
    const kv = openKv(":execution:");
    const done = await kv.get<number>("done", { defaultValue: 0 }) ?? 0;
    await post(fetch, `${data.name}${done}`);
    await kv.set("done", done + 1);
    if (done + 1 < data.count) await workflowClient().rescheduleWorkflow(workflow!, "50ms");
    return { done: done + 1, attempt: workflow!.attempt };
  }));

const failing = workflow("failing", { maxAttempts: 2 })
  .then(http("fail", connection, async ({ fetch, workflow }) => {
    await post(fetch, workflow!.attempt);
    throw new Error("never works");
  }));

const late = workflow("late", { ttl: 0.3 })
  .then(http("late", connection, async ({ fetch, workflow }) => {
    const { attempt } = workflow!;
    await post(fetch, `began ${attempt}`);
    if (attempt === 1) await new Promise((resolve) => setTimeout(resolve, 1500));
    await post(fetch, `ended ${attempt}`);
    return attempt;
  }));

const complete = workflow("complete")
  .then(fn("complete", async ({ workflow, workflowClient }) => {
    const client = workflowClient();
    await client.completeWorkflow(workflow!, "completed", { by: "itself" });
    return "ignored";
  }));

const parent = workflow("parent")
  .then(fn("start", async ({ workflowClient }) => {
    const client = workflowClient();
    const child = await client.startWorkflow("complete", { dataRaw: "bm8ganNvbg==" });
    const ended = await client.waitForCompletion(child);
    return { status: ended.status, parent: child.metadata.parentWorkflowId, raw: child.payload };
  }));

const interpreter = await durable.DurableInterpreter.newInstance();
for (const each of [begin, several, failing, late, complete, parent]) interpreter.register(each);
await interpreter.start();
"""


@pytest.fixture
def durable(deployed: Deployed) -> Deployed:
    return switched(deployed)


def switched(deployed: Deployed) -> Deployed:
    version_id = deployed.platform.create_version(deployed.project_id, version_spec(2, INDEX))
    deployed.platform.deploy(deployed.project_id, version_id, deployed.environment)
    return deployed


def begin(live: Deployed, workflow: str, **more: Any) -> str:
    answer = live.send("begin", json.dumps({"workflow": workflow, **more}).encode())
    event_id: str = answer.json()["event"]
    return event_id


def instances(live: Deployed, workflow: str) -> list[Any]:
    """The instances that have ended, oldest first."""
    events = live.platform.events(live.project_id, live.environment)
    return [
        event
        for event in reversed(events)
        if event.workflow == workflow and event.state in ("done", "failed")
    ]


def test_an_instance_runs_again_as_often_as_it_says(durable: Deployed, books: Books) -> None:
    begun = begin(durable, "several", data={"name": "a", "count": 3}, wait=True)

    wait_until(lambda: durable.platform.event(begun).state == "done")
    assert books.orders == ["a0", "a1", "a2"]
    [instance] = instances(durable, "several")
    assert durable.platform.event(begun).result == {
        "id": instance.id,
        "completed": True,
        "data": {"done": 3, "attempt": 3},
    }


def test_one_that_a_person_starts_runs_again_too(durable: Deployed, books: Books) -> None:
    data = {"name": "a", "count": 3}
    started = durable.platform.run_workflow(durable.project_id, "test", "several", data)

    wait_until(lambda: durable.platform.event(started).state == "done")
    assert books.orders == ["a0", "a1", "a2"]


def test_a_failure_is_attempted_as_often_as_allowed(durable: Deployed, books: Books) -> None:
    begin(durable, "failing")
    begin(durable, "failing", maxAttempts=1)

    ended = wait_until(lambda: len(found := instances(durable, "failing")) == 2 and found)
    assert sorted(event.attempts for event in ended) == [1, 2]
    assert {event.reason for event in ended} == {"Error: never works"}
    assert sorted(books.orders) == [1, 1, 2]


def test_never_more_at_once_than_the_limit(durable: Deployed, books: Books) -> None:
    running, most = threading.Semaphore(0), []

    def count() -> None:
        running.release()
        threading.Event().wait(0.05)
        most.append(running._value)
        running.acquire()

    books.before = count
    for number in range(8):
        begin(durable, "several", data={"name": f"n{number}-", "count": 1})

    wait_until(lambda: len(instances(durable, "several")) == 8)
    assert max(most) == 2


def test_an_attempt_that_was_given_up_does_nothing_more(durable: Deployed, books: Books) -> None:
    begin(durable, "late", maxAttempts=2)

    [instance] = wait_until(lambda: instances(durable, "late"))
    threading.Event().wait(1.0)  # by now the first attempt wants to go on
    assert (instance.state, instance.attempts, instance.result) == ("done", 2, 2)
    assert books.orders == ["began 1", "began 2", "ended 2"]


def test_instances_may_complete_themselves_and_start_others(durable: Deployed) -> None:
    begin(durable, "parent")

    [parent] = wait_until(lambda: instances(durable, "parent"))
    [child] = instances(durable, "complete")
    assert child.result == {"by": "itself"}
    assert parent.result == {"status": "completed", "parent": parent.id, "raw": "bm8ganNvbg=="}


def test_a_workflow_that_is_not_there_cannot_be_started(durable: Deployed) -> None:
    begun = begin(durable, "begin")

    wait_until(lambda: durable.platform.event(begun).state == "failed")
    assert "register it first" in durable.platform.event(begun).reason


def test_a_starter_whose_child_is_killed_starts_no_second_instance(
    durable: Deployed, books: Books
) -> None:
    reached = threading.Event()

    def hold() -> None:
        reached.set()
        threading.Event().wait(1.0)

    books.before = hold
    begun = begin(durable, "complete", after="started")
    assert reached.wait(5)
    books.before = lambda: None

    os.kill(durable.child_pid(), signal.SIGKILL)

    wait_until(lambda: durable.platform.event(begun).state == "done")
    assert durable.platform.event(begun).attempts == 2
    assert len(instances(durable, "complete")) == 1


def test_an_instance_survives_the_end_of_child_and_runner(
    mortal_runner: RunnerProcess, deploy: Deploy, books: Books
) -> None:
    live = switched(deploy(mortal_runner))
    reached = threading.Event()

    def hold() -> None:
        if books.orders[-1] == "a1":
            reached.set()
            threading.Event().wait(1.0)

    books.before = hold
    begin(live, "several", data={"name": "a", "count": 4}, maxAttempts=9)
    assert reached.wait(10)
    books.before = lambda: None
    mortal_runner.end(signal.SIGKILL)

    mortal_runner.start()

    with contextlib.closing(mortal_runner.platform()) as platform:
        live.platform = platform
        [instance] = wait_until(lambda: instances(live, "several"))
    assert (instance.state, instance.attempts, instance.result["done"]) == ("done", 5, 4)
    assert books.orders == ["a0", "a1", "a1", "a2", "a3"]  # one step twice, none left out
