"""Runs generated projects against the mocks, with everything that must last kept outside."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deno import find_deno_bin

from pipeline.artifacts import SourceFile
from pipeline.codegen.names import camel, kebab
from pipeline.plan.model import Plan
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import deno_json, write_project
from tests.codegen.world import Killed, World

STATIC: Mapping[str, Any] = {"id": "static", "variables": {}}


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


@contextmanager
def running(plans: Mapping[str, Plan], directory: Path) -> Iterator[Runtime]:
    """The projects of a folder, ready to run; ended at the end."""
    add_driver(plans, directory)
    started = Runtime(directory)
    try:
        yield started
    finally:
        started.kill()
