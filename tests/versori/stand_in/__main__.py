"""A stand-in for the `versori` command line, for machines without Go.

It has the commands that Weft uses, with the recorded behaviour of the real one: flags, outputs,
errors, exit codes, and questions that nobody answers. Its output is JSON only.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.versori.stand_in import (
    connections,
    context,
    people,
    projects,
    systems,
    variables,
    versions,
)
from tests.versori.stand_in.parsing import Values, check_required, command, parse, split
from tests.versori.stand_in.running import Failure, Running, load_context

AREAS = (connections, context, people, projects, systems, variables, versions)
VERSION = "0.0.7"  # whose behaviour was recorded


def main() -> None:
    try:
        run(sys.argv[1:])
    except Failure as failure:
        sys.exit(failure.told.removesuffix("\n"))


def run(arguments: list[str]) -> None:
    if arguments == ["--version"]:
        print(f"versori version {VERSION}")
        return
    found, words = split(arguments)
    if found is None:
        print("Usage:\n  versori [command]")
        return
    values, positional = parse(found, words)
    needs_context = found.words != ("version",)
    configured = _context(values) if needs_context else {}
    running = Running({"output": "table", **values}, positional, configured)
    if before := BEFORE_CHECKS.get(found.words):
        before(running)
    check_required(found, values)
    found.run(running)


def _context(values: Values) -> dict[str, str]:
    default = os.environ.get("VERSORI_CONFIG") or Path.home() / ".versori" / "config.yaml"
    return load_context(Path(values.get("config", default)), values.get("context", ""))


@command("version")
def version(running: Running) -> None:
    print(VERSION)


BEFORE_CHECKS: dict[tuple[str, ...], Callable[[Running], None]] = {
    ("connections", "create"): connections.resolve
}

if __name__ == "__main__":
    main()
