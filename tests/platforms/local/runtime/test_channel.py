"""A deployed project and its runner: the messages of `runtime/protocol.ts`, played by a server."""

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from pipeline.artifacts import SourceFile
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import deno_json, write_project

INDEX = """\
import { durable, fn, http, schedule, webhook, workflow } from "@versori/run";

const copy = webhook("copy", { method: "post", connection: "shop" })
  .then(http("send", { connection: "books" }, async ({ data, fetch, log, baseUrl, openKv }) => {
    log.info("Sending", { id: data.id, base: await baseUrl });
    const response = await fetch("/items", { method: "POST", body: JSON.stringify(data) });
    await openKv(":workspace:").set(["items", String(data.id)], response.status);
    return await response.json();
  }));

const stray = webhook("stray", {
  response: { onError: ({ data }) => new Response(data.message, { status: 418 }) },
}).then(fn("forget", () => {
  Promise.reject(new Error("forgotten"));
  throw new RangeError("no tea");
}));

const slow = webhook("slow").then(fn("wait", async ({ activation }) => {
  await activation.setVariable("slow", true);
  return "done";
}));

const daily = schedule("daily", "0 0 * * *").then(
  fn("start", async ({ start }) => {
    const started = await start("batch", { data: { size: 2 }, maxAttempts: 3 });
    await started.wait();
    return { id: started.id, completed: started.isCompleted, data: await started.getData() };
  }),
);

const batch = workflow("batch", { ttl: 60 }).then(
  fn("again", async ({ workflow, workflowClient, data }) => {
    await workflowClient().rescheduleWorkflow(workflow!, "5s");
    await workflowClient().completeWorkflow(workflow!, "completed", { size: data.size });
  }),
);

const interpreter = await durable.DurableInterpreter.newInstance();
for (const each of [copy, stray, slow, daily, batch]) interpreter.register(each);
await interpreter.start();
console.log("ended well");
"""

ACTIVATION = {"id": "static", "user": {"id": "static"}, "variables": {}}
INSTANCE = {"id": "w1", "group": "batch", "status": "locked", "attempt": 1}


class Runner:
    """The runner's side of one channel: what it sends and receives, in order."""

    def __init__(self, tmp_path: Path) -> None:
        self._connections: list[ServerConnection] = []
        self._connected, self._done = threading.Event(), threading.Event()
        self._server = serve(self._accept, "127.0.0.1", 0)
        self._port = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.child = self._start(tmp_path)

    def send(self, **message: Any) -> None:
        self._connections[0].send(json.dumps(message))

    def receive(self) -> dict[str, Any]:
        assert self._connected.wait(20), "the project did not connect"
        message: dict[str, Any] = json.loads(self._connections[0].recv(timeout=20))
        return message

    def invoke(self, workflow: str, **more: Any) -> None:
        self.send(type="invoke", id="e1", workflow=workflow, activation=ACTIVATION, **more)

    def call(self, method: str) -> dict[str, Any]:
        """The parameters of the call that must come next; answer it with `reply`."""
        message = self.receive()
        assert (message["type"], message["method"]) == ("call", method)
        assert message["execution"] == "e1"
        self._call = message["id"]
        params: dict[str, Any] = message["params"]
        return params

    def reply(self, result: Any) -> None:
        self.send(type="reply", id=self._call, ok=True, result=result)

    def refuse(self, name: str, message: str) -> None:
        error = {"name": name, "message": message}
        self.send(type="reply", id=self._call, ok=False, error=error)

    def break_off(self) -> None:
        self._connections[0].close()

    def close(self) -> None:
        self.child.kill()
        self.child.communicate()
        self._done.set()
        self._server.shutdown()
        self._thread.join()

    def _accept(self, connection: ServerConnection) -> None:
        self._connections.append(connection)
        self._connected.set()
        self._done.wait()

    def _start(self, tmp_path: Path) -> subprocess.Popen[str]:
        project = tmp_path / "project"
        files = {"deno.json": deno_json(), "src/index.ts": INDEX}
        write_project(
            [SourceFile(path=path, content=text) for path, text in files.items()], project
        )
        host = f"127.0.0.1:{self._port}"
        child = subprocess.Popen(
            [Deno().executable, "run", "--no-prompt", f"--allow-net={host}", "src/index.ts"],
            cwd=project,
            env={"DENO_DIR": str(tmp_path / "deno"), "NO_COLOR": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert child.stdin is not None
        start = {"url": f"ws://{host}/child", "token": "t0", "deployment": "d1"}
        child.stdin.write(json.dumps(start) + "\n")
        child.stdin.flush()  # and it stays open: the line alone must be enough
        return child


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    runner = Runner(tmp_path)
    hello = runner.receive()
    assert (hello["type"], hello["token"]) == ("hello", "t0")
    assert [each["id"] for each in hello["workflows"]] == [
        "copy", "stray", "slow", "daily", "batch",
    ]  # fmt: skip
    yield runner
    runner.close()


def test_an_invocation_calls_logs_and_gives_its_result(runner: Runner) -> None:
    connections = {"books": {"base_url": "https://books.example/v1"}}
    runner.invoke("copy", data={"id": 7}, connections=connections)

    assert runner.receive() == {
        "type": "log",
        "execution": "e1",
        "level": "info",
        "message": "Sending",
        "fields": {"id": 7, "base": "https://books.example/v1"},
    }
    request = runner.call("fetch")
    assert request.pop("headers") == {"content-type": "text/plain;charset=UTF-8"}
    assert request == {
        "system": "books",
        "method": "POST",
        "path": "/items",
        "body": '{"id":7}',
        "body_base64": False,
    }
    runner.reply({"status": 201, "headers": {}, "body": '{"ok": true}', "body_base64": False})
    assert runner.call("kv.set") == {"scope": ":workspace:", "key": ["items", "7"], "value": 201}
    runner.reply(None)
    assert runner.receive() == {"type": "result", "id": "e1", "ok": True, "data": {"ok": True}}


def test_a_refused_call_is_an_error_of_that_name(runner: Runner) -> None:
    runner.invoke("slow")
    runner.call("variable.set")
    runner.refuse("NotAllowed", "Declare it first.")

    assert runner.receive()["level"] == "error"
    result = runner.receive()
    assert (result["ok"], result["error"]) == (
        False,
        {"name": "NotAllowed", "message": "Declare it first."},
    )


def test_one_bad_execution_leaves_the_others_alone(runner: Runner) -> None:
    runner.invoke("stray")
    assert runner.receive()["message"] == "Workflow failed"
    result = runner.receive()
    assert result["error"] == {"name": "RangeError", "message": "no tea"}
    assert (result["response"]["status"], result["response"]["body"]) == (418, "no tea")

    runner.invoke("unknown")
    assert "no workflow" in runner.receive()["error"]["message"]

    runner.invoke("slow")
    runner.call("variable.set")


def test_shutting_down_lets_what_runs_finish(runner: Runner) -> None:
    runner.invoke("slow")
    runner.call("variable.set")
    runner.send(type="shutdown")
    runner.reply(None)

    assert runner.receive()["data"] == "done"
    with pytest.raises(ConnectionClosed):
        runner.receive()
    assert runner.child.communicate(timeout=10)[0] == "ended well\n"
    assert runner.child.returncode == 0


def test_a_lost_runner_ends_the_project(runner: Runner) -> None:
    runner.break_off()

    assert "The runner closed the channel." in runner.child.communicate(timeout=10)[1]
    assert runner.child.returncode == 1


def test_durable_workflows_are_started_and_followed(runner: Runner) -> None:
    runner.invoke("daily")
    assert runner.call("workflow.start") == {
        "workflow": "batch",
        "data_base64": "eyJzaXplIjoyfQ==",
        "max_attempts": 3,
        "position": 0,
    }
    runner.reply(INSTANCE)
    for status in ("locked", "completed"):
        assert runner.call("workflow.get") == {"id": "w1"}
        runner.reply({**INSTANCE, "status": status, "output": "eyJzaXplIjoyfQ=="})
    expected = {"id": "w1", "completed": True, "data": {"size": 2}}
    assert runner.receive()["data"] == expected


def test_a_durable_workflow_reschedules_and_completes_itself(runner: Runner) -> None:
    runner.invoke("batch", data={"size": 2}, instance=INSTANCE)
    assert runner.call("workflow.reschedule") == {"id": "w1", "delay_ms": 5000}
    runner.reply(None)
    assert runner.call("workflow.complete") == {
        "id": "w1",
        "status": "completed",
        "result": {"size": 2},
    }
    runner.reply(None)
    assert runner.receive()["data"] is None


def test_a_project_without_a_runner_says_what_to_do(tmp_path: Path) -> None:
    write_project(
        [SourceFile(path="deno.json", content=deno_json()), SourceFile(path="a.ts", content=INDEX)],
        tmp_path,
    )
    ended = subprocess.run(
        [Deno().executable, "run", "--no-prompt", "a.ts"],
        cwd=tmp_path,
        env={"DENO_DIR": str(tmp_path / "deno")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 1
    assert "weft runner" in ended.stderr
