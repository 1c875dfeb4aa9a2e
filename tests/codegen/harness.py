"""Runs generated projects against the mocks, with everything that must last kept outside."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from deno import find_deno_bin

from pipeline.artifacts import SourceFile
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.names import camel, kebab
from pipeline.plan.model import Plan
from pipeline.plan.roots import root
from pipeline.platforms.local.credentials import Request, dress
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import deno_json, write_project
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.world import EFFECTIVE

SECRETS = {"api_key": "key", "access_token": "token", "username": "me", "password": "word",
           "access_key_id": "me", "secret_access_key": "secret"}  # fmt: skip


STATIC: Mapping[str, Any] = {"id": "static", "variables": {}}


class Killed(Exception):
    """The process was killed in the middle of a run."""


@dataclass
class World:
    """What is there whether a process runs or not: systems, kept values, issues.

    Values are kept by whose they are (an activation's, or nobody's) and their key.
    """

    systems: dict[str, MockSystem]
    kept: dict[str, Any] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)
    logs: list[dict[str, Any]] = field(default_factory=list)
    writes: int = 0
    kill_after_write: int | None = None
    rescheduled: int = 0
    started: dict[str, str] = field(default_factory=dict)  # instances: id -> workflow
    running: set[str] = field(default_factory=set)  # those that have not ended

    def connections(self) -> dict[str, Any]:
        """What each connection was made with: a value for all that is asked for."""
        return {
            name: {
                "base_url": "http://mock.invalid" + root(mock.entry.base_url),
                "variables": {item.name: f"my-{item.name}" for item in mock.entry.config},
            }
            for name, mock in self.systems.items()
        }

    def answer(self, method: str, params: dict[str, Any], activation: str) -> Any:
        """The result of a call of a workflow; Killed where that write is its last."""
        owner = activation if params.get("scope") == ":project:" else ""
        match method:
            case "fetch":
                return self._fetch(params)
            case "kv.get":
                key = kept_as(params["key"], owner)
                found = key in self.kept
                return {"found": found, **({"value": self.kept[key]} if found else {})}
            case "kv.set":
                self.kept[kept_as(params["key"], owner)] = params["value"]
            case "kv.delete":
                self.kept.pop(kept_as(params["key"], owner), None)
            case "kv.list":
                return self._listed(params, owner)
            case "workflow.reschedule":
                self.rescheduled += 1
            case "workflow.start":
                return self._start(params["workflow"])
            case "workflow.get":
                return self._instance(params["id"])
            case "issue":
                self.issues.append(params)
                return {"id": str(len(self.issues))}
        return None

    def _fetch(self, params: dict[str, Any]) -> Any:
        mock = self.systems[params["system"]]
        base = httpx.URL("http://mock.invalid").join(params["path"])
        body = (params.get("body") or "").encode()
        request = Request(params["method"], base, dict(params["headers"]), body)
        config = self.connections()[params["system"]]["variables"]
        sent = dress(mock.entry.auth[0], SECRETS, config, request, datetime.now(UTC))
        response = mock.handle(
            sent.method, sent.url.path, sent.url.query.decode(), sent.headers, sent.body
        )
        if mock.exchanges.all()[-1].effect in EFFECTIVE:
            self.writes += 1
            if self.writes == self.kill_after_write:
                raise Killed
        if response.dropped:
            raise ConnectionError("The answer was lost.")
        body = response.body.decode()
        return {
            "status": response.status,
            "headers": response.headers,
            "body": body,
            "body_base64": False,
        }

    def _start(self, workflow: str) -> Any:
        number = f"instance-{len(self.started) + 1}"
        self.started[number] = workflow
        self.running.add(number)
        return self._instance(number)

    def _instance(self, number: str) -> Any:
        return {"id": number, "status": "available" if number in self.running else "completed"}

    def _listed(self, params: dict[str, Any], owner: str) -> Any:
        """A page of what is kept under a prefix; the cursor counts the entries before the next."""
        prefix, first = params["prefix"], int(params.get("after") or 0)
        data = [
            {"key": key, "value": value}
            for (whose, *key), value in ((json.loads(kept), one) for kept, one in self.kept.items())
            if whose == owner and key[: len(prefix)] == prefix
        ]
        end = first + params["limit"]
        return {"entries": data[first:end], "next_cursor": str(end) if end < len(data) else ""}


def kept_as(key: list[str], owner: str = "") -> str:
    """Where a value of an activation, or of nobody, is kept."""
    return json.dumps([owner, *key])


def world(plan: Plan, catalogue: Catalogue) -> World:
    """A fresh mock of each system of a plan."""
    clock = Ticking()
    entries = [catalogue.system(one.name) for one in plan.systems]
    return World(
        {
            # A probe would answer in place of the list whose path it shares.
            entry.name: MockSystem(entry.model_copy(update={"probe": None}), clock)
            for entry in entries
        }
    )


class Ticking:
    """A clock that goes on by a second whenever somebody looks at it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def write_together(projects: Mapping[str, Iterable[SourceFile]], directory: Path) -> None:
    """Several projects as one, each in a folder of its own, so that Deno runs once for all.

    A test that is the same in several of them stands there once.
    """
    files = [
        SourceFile(path=f"src/{name}/{one.path.removeprefix('src/')}", content=one.content)
        for name, sources in projects.items()
        for one in sources
        if one.path.startswith("src/")
    ]
    tests = {one.content: one for one in reversed(files) if one.path.endswith(".test.ts")}
    kept = [one for one in files if tests.get(one.content, one) is one]
    config = SourceFile(path="deno.json", content=deno_json())
    write_project([config, *Deno().format(kept)], directory)


def add_driver(plans: Mapping[str, Plan], directory: Path) -> None:
    """What the Runtime starts, beside the projects: all that their workflows' modules export."""
    imports, members = [], []
    for name, plan in plans.items():
        modules = []
        for workflow in plan.workflows:
            alias = camel(f"{name} {workflow.name}")
            module = f"./src/{name}/workflows/{workflow.name}.ts"
            imports.append(f'import * as {alias} from "{module}";')
            modules.append(f"...Object.values({alias})")
        members.append(f'  "{kebab(name)}": [{", ".join(modules)}],')
    type_ = 'import type { Workflow } from "@versori/run";'
    table = "export const PROJECTS: Record<string, Workflow<unknown>[]> = {"
    text = "\n".join([type_, *imports, table, *members, "};", ""])
    (directory / "projects.ts").write_text(text)
    driver = Path(__file__).with_name("driver.ts")
    (directory / "driver.ts").write_text(driver.read_text())


class Runtime:
    """The process in which workflows run; killed and started again, it knows nothing any more."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: subprocess.Popen[str] | None = None
        self._runs = 0

    def run(
        self,
        project: str,
        workflow: str,
        data: Any,
        there: World,
        *,
        durable: bool = False,
        activation: Mapping[str, Any] = STATIC,
    ) -> dict[str, Any]:
        """The outcome of one run; Killed where the world ends it in the middle."""
        self._runs += 1
        asked = {
            "project": project, "workflow": workflow, "data": data, "id": f"run-{self._runs}",
            "activation": {**activation, "user": {"id": activation["id"]}},
            "connections": there.connections(),
        }  # fmt: skip
        self._send({**asked, "instance": {"id": "instance"}} if durable else asked)
        while True:
            message = json.loads(self._line())
            if "outcome" in message:
                outcome = message["outcome"]
                assert isinstance(outcome, dict)
                return outcome
            if "log" in message:
                there.logs.append(message["log"])
            else:
                self._answer(message, there, activation["id"])

    def _answer(self, message: dict[str, Any], there: World, activation: str) -> None:
        answer: dict[str, Any] = {"answer": message["call"]}
        try:
            answer["result"] = there.answer(message["method"], message["params"], activation)
        except ConnectionError as error:
            answer |= {"error": str(error), "result": None}
        except Killed:
            self.kill()
            raise
        self._send(answer)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
        self._process = None

    def _send(self, message: dict[str, Any]) -> None:
        if self._process is None:
            self._process = self._started()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process is not None and self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process ended by itself"
        return line

    def _started(self) -> "subprocess.Popen[str]":
        command = [find_deno_bin(), "run", "--no-check", "--no-prompt", "--no-remote", "--no-npm"]
        return subprocess.Popen(
            [*command, "driver.ts"],
            cwd=self._directory,
            env={
                "NO_COLOR": "1",
                "DENO_DIR": str(self._directory.with_name("deno")),  # else it stands in the project
                "DENO_NO_UPDATE_CHECK": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
