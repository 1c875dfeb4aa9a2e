"""Runs the steps with one executable against a double, and tells each outcome without its chances.

`python -m tests.versori.walk` writes down what the real command line does: what stands in for it
must do the same.
"""

import json
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.versori import starting
from tests.versori.command_line import cli_version, real_cli
from tests.versori.config import write_config
from tests.versori.double import VersoriDouble
from tests.versori.shapes import ULID
from tests.versori.starting import Start

HERE = Path(__file__).parent
RECORDED = HERE / "recorded.yaml"

Step = dict[str, Any]
Outcome = dict[str, Any]

# What differs from run to run, or from one language's library to another's.
CHANCES = (
    (re.compile(rf"\b{ULID}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<host>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?"), "<time>"),
    (re.compile(r"(failed to decode response): .*"), r"\1: <why>"),
    (re.compile(r"^v(?=\d+\.\d+\.\d+$)"), ""),
)


def steps() -> list[Step]:
    loaded: list[Step] = yaml.safe_load((HERE / "steps.yaml").read_text())
    return loaded


class Walk:
    def __init__(self, start: Start, double: VersoriDouble, folder: Path) -> None:
        self._start = start
        self._double = double
        self._folder = folder
        self._configuration = write_config(folder, double)
        self._kept: dict[str, str] = {}

    def outcomes(self) -> Iterator[Outcome]:
        return map(self.take, steps())

    def take(self, step: Step) -> Outcome:
        self._prepare(step)
        before = len(self._double.requests)
        words = [self._filled(word) for word in shlex.split(step["run"].replace("$", "\\$"))]
        arguments = ["--config", str(self._configuration), *words]
        finished = self._start(arguments, self._folder, self._environment(step))
        output = _read(finished.output)
        for name, place in step.get("keep", {}).items():
            self._kept[_at(output, place)] = name
        return {
            "run": step["run"],
            "exit": finished.code,
            "output": self._told(output),
            "errors": self._told(_lines(finished.errors)),
            "requests": [
                {"operation": one.operation, "status": one.status, "body": self._told(one.body)}
                for one in self._double.requests[before:]
            ],
        }

    def _prepare(self, step: Step) -> None:
        for name, content in step.get("files", {}).items():
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        for method, options in step.get("double", {}).items():
            if method == "log":
                self._double.log(project_id=self._of("project"), **options)
            else:
                self._double.fail(**options)

    def _environment(self, step: Step) -> dict[str, str]:
        own: dict[str, str] = {"PATH": os.environ["PATH"], "HOME": str(self._folder)}
        given: dict[str, str] = step.get("environment", {})
        return own | self._double.environment | given

    def _of(self, name: str) -> str:
        return next(value for value, kept in self._kept.items() if kept == name)

    def _filled(self, word: str) -> str:
        for value, name in self._kept.items():
            word = word.replace(f"{{{name}}}", value)
        return word

    def _told(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._told(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._told(one) for one in value]
        if not isinstance(value, str):
            return value
        for kept, name in self._kept.items():
            value = value.replace(kept, f"{{{name}}}")
        for chance, mark in CHANCES:
            value = chance.sub(mark, value)
        return value.replace(str(self._folder), "<folder>")


def _read(output: str) -> Any:
    """JSON as what it says; other text by its lines; help as no more than that it is help."""
    try:
        return json.loads(output)
    except ValueError:
        return "<help>" if "Usage:\n" in output else _lines(output)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def _at(output: Any, place: str) -> str:
    for part in place.split("."):
        output = output[int(part) if part.isdigit() else part]
    return str(output)


def record(path: Path) -> None:
    with VersoriDouble() as double, tempfile.TemporaryDirectory() as folder:
        outcomes = list(Walk(starting.executable(path), double, Path(folder)).outcomes())
    told = yaml.safe_dump(outcomes, sort_keys=False, width=100, allow_unicode=True)
    version = cli_version(path)
    RECORDED.write_text(f"# What version {version} did at each step; see walk.py.\n{told}")


if __name__ == "__main__":
    installed = real_cli()
    if installed is None:
        sys.exit("The real command line is not on this machine.")
    record(installed)
