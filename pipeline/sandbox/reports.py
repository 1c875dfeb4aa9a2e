"""What Deno's tools print, read into findings."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from pipeline.artifacts import Finding

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_LOCATION = re.compile(
    r"^ *at (?:async )?(?:.*\()?(?:file://)?([^()\s]+):(\d+):\d+\)?$", re.MULTILINE
)
_PROBLEM_START = re.compile(r"^(?=TS\d+ \[ERROR\]: |error: )", re.MULTILINE)
_SUMMARIES = ("error: Type checking failed.", "error: Found ", "Found ", "Check ")
_UNFORMATTED = re.compile(r"^(?:from (.+):|Error checking: (.+))$\n(?:^ *(\d+) \| )?", re.MULTILINE)
_MESSAGE_LENGTH = 1_500


class Reader:
    """Reads reports about one project, with the machine's paths left out."""

    def __init__(self, project: Path) -> None:
        self._roots = [f"{root}/" for root in (project.as_uri(), str(project))]

    def plain(self, text: str) -> str:
        """The text without colours and without where on this machine the project lies."""
        text = _ANSI.sub("", text)
        for root in self._roots:
            text = text.replace(root, "")
        return text.strip()[:_MESSAGE_LENGTH]

    def check(self, text: str) -> Iterator[Finding]:
        """Findings in what `deno check` wrote."""
        for problem in _PROBLEM_START.split(_ANSI.sub("", text)):
            if problem.strip() and not problem.startswith(_SUMMARIES):
                yield self._located("deno check", problem)

    def lint(self, text: str) -> Iterator[Finding]:
        """Findings in the JSON of `deno lint --json`. ValueError where it is none."""
        report = json.loads(text)
        for each in report["diagnostics"]:
            hint = f" {each['hint']}." if each.get("hint") else ""
            yield Finding(
                tool="deno lint",
                message=self.plain(f"{each['code']}: {each['message'].rstrip('.')}.{hint}"),
                file=self.plain(each["filename"]),
                line=each["range"]["start"]["line"],
            )
        for each in report["errors"]:
            yield self._located("deno lint", each["message"])

    def fmt(self, text: str) -> Iterator[Finding]:
        """Findings in what `deno fmt --check` wrote."""
        for match in _UNFORMATTED.finditer(_ANSI.sub("", text)):
            changed, broken, line = match.groups()
            yield Finding(
                tool="deno fmt",
                message="Not formatted as `deno fmt` does it." if changed else "Can't be parsed.",
                file=self.plain(changed or broken),
                line=int(line) if line else None,
            )

    def failure(self, case: ElementTree.Element, text: str) -> Finding:
        """A finding about a failed test, at the line of its file where it failed."""
        places = [(self.plain(path), line) for path, line in _LOCATION.findall(text)]
        line = next((line for path, line in places if path == _file(case)), case.get("line"))
        return Finding(
            tool="deno test",
            message=f"{case.get('name')}: {self._located('deno test', text).message}",
            file=_file(case),
            line=int(line) if line else None,
        )

    def _located(self, tool: str, problem: str) -> Finding:
        location = _LOCATION.search(problem)
        message = problem[: location.start()] if location else problem
        return Finding(
            tool=tool,
            message=self.plain(message.removeprefix("error: ")),
            file=self.plain(location[1]) if location else None,
            line=int(location[2]) if location else None,
        )


class TestReport:
    """What `deno test` wrote as JUnit XML. ValueError where it is none.

    It is read instead of the output, because a test can print whatever it likes.
    """

    __test__ = False  # it is no test itself, whatever its name says to pytest

    def __init__(self, xml: str, reader: Reader) -> None:
        try:
            root = ElementTree.fromstring(xml)
        except ElementTree.ParseError as error:
            raise ValueError(f"no JUnit report: {error}") from error
        self._reader = reader
        self._cases = list(root.iter("testcase"))

    @property
    def files(self) -> set[str]:
        """Test files that have at least one test."""
        return {_file(case) for case in self._cases}

    @property
    def passed(self) -> int:
        return sum(len(case) == 0 for case in self._cases)

    @property
    def failed(self) -> int:
        return sum(_failure(case) is not None for case in self._cases)

    def findings(self) -> Iterator[Finding]:
        for case in self._cases:
            failure = _failure(case)
            if failure is not None:
                yield self._reader.failure(case, failure.text or failure.get("message") or "")
            elif case.find("skipped") is not None:
                message = f"{case.get('name')}: is switched off."
                yield Finding(tool="deno test", message=message, file=_file(case))


def _failure(case: ElementTree.Element) -> ElementTree.Element | None:
    """Why the test failed, or was never done: one may end the run with code 0."""
    failure = case.find("failure")
    return case.find("error") if failure is None else failure


def _file(case: ElementTree.Element) -> str:
    return case.get("classname", "").removeprefix("./")
