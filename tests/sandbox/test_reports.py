from pathlib import Path

import pytest

from pipeline.sandbox.reports import Reader, TestReport

PROJECT = Path("/somewhere/project")
READER = Reader(PROJECT)

CHECK = """\
Check src/index.ts
\x1b[1mTS2322\x1b[0m [ERROR]: Type 'number' is not assignable to type 'string'.
export const a: string = 1;
             ^
    at file:///somewhere/project/src/index.ts:3:14

TS2554 [ERROR]: Expected 1 arguments, but got 0.
call();
~~~~
    at file:///somewhere/project/src/services/a.ts:9:1

Found 2 errors.

error: Type checking failed.
"""


def test_type_errors_have_a_place_and_no_machine_path() -> None:
    first, second = READER.check(CHECK)

    assert (first.tool, first.file, first.line) == ("deno check", "src/index.ts", 3)
    assert first.message.startswith("TS2322 [ERROR]: Type 'number' is not assignable")
    assert (second.file, second.line) == ("src/services/a.ts", 9)
    assert not any(
        "somewhere" in each.message or "\x1b" in each.message for each in (first, second)
    )


def test_an_error_without_a_place_is_told_too() -> None:
    [finding] = READER.check("error: Unsupported compiler option\n")

    assert (finding.message, finding.file) == ("Unsupported compiler option", None)


def test_formatting_names_files_and_first_lines() -> None:
    text = """
from /somewhere/project/src/k.ts:
4 | -export function  f() {}
4 | +export function f() {}

Error checking: /somewhere/project/src/i.ts
  SyntaxError: Unexpected token

error: Found 2 not formatted files in 3 files
"""
    assert [(each.file, each.line) for each in READER.fmt(text)] == [
        ("src/k.ts", 4),
        ("src/i.ts", None),
    ]


def test_failures_have_the_line_of_the_test_file() -> None:
    xml = """<testsuites><testsuite>
      <testcase name="one" classname="./src/a.test.ts" line="2"><failure message="m">AssertionError: no
    at check (file:///somewhere/project/src/a.ts:1:2)
    at async file:///somewhere/project/src/a.test.ts:7:26</failure></testcase>
      <testcase name="two" classname="./src/a.test.ts" line="3"><failure message="m">gone</failure></testcase>
      <testcase name="three" classname="./src/b.test.ts" line="4"/>
      <testcase name="four" classname="./src/b.test.ts" line="5"><skipped/></testcase>
    </testsuite></testsuites>"""  # noqa: E501
    report = TestReport(xml, READER)

    assert (report.passed, report.failed) == (1, 2)
    assert report.files == {"src/a.test.ts", "src/b.test.ts"}
    assert [(each.file, each.line, each.message) for each in report.findings()] == [
        ("src/a.test.ts", 7, "one: AssertionError: no"),
        ("src/a.test.ts", 3, "two: gone"),
        ("src/b.test.ts", None, "four: is switched off."),
    ]


@pytest.mark.parametrize("text", ["", "{", "<testsuites>", "no report"])
def test_what_is_no_report_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):
        TestReport(text, READER)
    with pytest.raises(ValueError):
        list(READER.lint(text))
