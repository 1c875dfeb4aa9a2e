"""Every payload that any test sends to Slack, looked at when the run ends.

What the double took is kept once for each shape and type-checked against Slack's own packages;
what Weft itself sends has to pass its limits layer too. A failure of either fails the run.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bot.playground.recording import Call, Calls
from bot.slack_limits import message_problems, view_problems
from tests.slack_types import Checked, TypesUnavailable, arguments, check

_WORD = re.compile(r"[a-z_]{1,40}")  # of a vocabulary, perhaps: types, styles, states


class SentToSlack:
    def __init__(self) -> None:
        self.payloads = self.from_weft = 0
        self._shapes: dict[str, Call] = {}

    def add(self, call: Call) -> None:
        given = arguments(call)
        if given is not None:
            self.payloads += 1
            self._shapes.setdefault(json.dumps([call.method, _shape(given)]), call)

    def add_from_weft(self, calls: Iterable[Call]) -> list[str]:
        """What is wrong with calls of Weft itself, by its limits layer."""
        found = []
        for call in calls:
            given = arguments(call)
            if given is not None:
                self.from_weft += 1
                found += [f"{call.method}: {problem}" for problem in _problems(given)]
        return found

    def check(self, directory: Path) -> Checked:
        """TypesUnavailable without Slack's packages."""
        return check(self._shapes.values(), directory)


def _shape(value: Any) -> Any:
    """The value with its names and vocabulary, and without texts, numbers and repetitions."""
    if isinstance(value, dict):
        return {name: _shape(item) for name, item in sorted(value.items())}
    if isinstance(value, list | tuple):
        return sorted({json.dumps(_shape(item)) for item in value})
    if isinstance(value, str) and _WORD.fullmatch(value):
        return value
    return type(value).__name__


def _problems(given: dict[str, Any]) -> Iterator[str]:
    if "view" in given:
        yield from view_problems(given["view"])
    elif "blocks" in given or "text" in given:
        yield from message_problems(given.get("text") or "", given.get("blocks") or [])


SENT = SentToSlack()


@pytest.fixture(autouse=True, scope="session")
def _every_call_is_kept() -> Iterator[None]:
    record = Calls.record

    def record_and_keep(
        self: Calls, method: str, arguments: dict[str, Any], error: str | None
    ) -> None:
        record(self, method, arguments, error)
        SENT.add(Call(0, method, arguments, error))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Calls, "record", record_and_keep)
        yield


_summary = pytest.StashKey[list[str]]()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if not SENT.payloads:
        return
    try:
        with TemporaryDirectory() as directory:
            checked = SENT.check(Path(directory))
    except TypesUnavailable as reason:
        session.config.stash[_summary] = [f"{SENT.payloads} payloads were sent to Slack. {reason}"]
        return
    if checked.problems:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    session.config.stash[_summary] = [
        f"{SENT.payloads} payloads that tests sent to Slack, {checked}.",
        f"{SENT.from_weft} of them are Weft's own, and passed its limits layer.",
        *checked.problems,
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = terminalreporter.config.stash.get(_summary, [])
    if lines:
        terminalreporter.section("sent to Slack")
        for line in lines:
            terminalreporter.line(line)
