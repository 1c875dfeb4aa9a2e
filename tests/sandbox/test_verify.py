import random
import subprocess
from pathlib import Path

import pytest

from pipeline.artifacts import Finding
from pipeline.cancellation import Cancellation
from pipeline.errors import SandboxError, Stopped
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.verify import project_digest, verify
from tests.sandbox.sample_project import SERVICE_TEST, sample_files

TEST = "src/services/to-receipt.test.ts"


def test_a_sound_project_passes(deno: Deno, cancellation: Cancellation) -> None:
    verification = verify(sample_files(), cancellation, deno)

    assert verification.passed
    assert (verification.tests_passed, verification.tests_failed) == (1, 0)
    assert [(each.claim, each.word) for each in verification.evidence] == [
        ("deno check: clean", "ran"),
        ("deno test: 1 passed, 0 failed", "ran"),
        ("deno lint: clean", "ran"),
        ("deno fmt: clean", "ran"),
    ]


def test_each_tool_finds_its_own(deno: Deno, cancellation: Cancellation) -> None:
    files = sample_files(
        **{
            "src/wrong.ts": 'export const count: number = "one";\n',
            "src/careless.ts": "export function id(value: any) {\n  return value;\n}\n",
            "src/untidy.ts": "export const  untidy = 1;\n",
            TEST: SERVICE_TEST.replace("12.5,", "13,"),
        }
    )

    verification = verify(files, cancellation, deno)

    assert [(each.tool, each.file, each.line) for each in verification.findings] == [
        ("deno check", "src/wrong.ts", 1),
        ("deno test", TEST, 5),
        ("deno lint", "src/careless.ts", 1),
        ("deno fmt", "src/untidy.ts", 1),
    ]
    assert verification.tests_failed == 1


def test_no_machine_path_reaches_a_person(deno: Deno, cancellation: Cancellation) -> None:
    files = sample_files(**{"src/broken.ts": "const = 1;\n", "src/lost.ts": 'import "./no.ts";\n'})

    for finding in verify(files, cancellation, deno).findings:
        assert "/tmp" not in finding.message and "file:" not in finding.message
        assert not (finding.file or "").startswith("/")


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (None, "The project has no tests."),
        ("export {};\n", "No test of this file was run."),
        ('Deno.test.ignore("skipped", () => {});\n', "skipped: is switched off."),
    ],
)
def test_untested_is_no_pass(
    deno: Deno, cancellation: Cancellation, test: str | None, message: str
) -> None:
    verification = verify(sample_files(**{TEST: test}), cancellation, deno)

    assert not verification.passed
    assert message in [finding.message for finding in verification.findings]
    assert verification.tests_passed == 0


def test_what_is_refused_was_not_reached(deno: Deno, cancellation: Cancellation) -> None:
    files = sample_files(**{"src/escape.ts": 'import "node:fs";\n'})

    verification = verify(files, cancellation, deno)

    assert len([each for each in verification.findings if each.tool == "sandbox"]) == 1
    assert {each.claim: each.word for each in verification.evidence} == {
        "deno check: refused before it ran": "not reached",
        "deno test: refused before it ran": "not reached",
        "deno lint: clean": "ran",
        "deno fmt: clean": "ran",
    }


def test_no_files_is_no_pass(deno: Deno, cancellation: Cancellation) -> None:
    assert not verify([], cancellation, deno).passed


def test_a_missing_deno_says_what_to_do(tmp_path: Path, cancellation: Cancellation) -> None:
    with pytest.raises(SandboxError, match="pip install deno"):
        verify(sample_files(), cancellation, Deno(tmp_path / "deno", cache=tmp_path))


def test_stopped_work_stays_stopped(deno: Deno, cancellation: Cancellation) -> None:
    cancellation.cancel()
    with pytest.raises(Stopped):
        verify(sample_files(), cancellation, deno)


def test_the_digest_does_not_depend_on_order() -> None:
    files = sample_files()
    shuffled = random.Random(1).sample(files, len(files))

    assert project_digest(shuffled) == project_digest(files)
    assert project_digest(sample_files(**{TEST: ""})) != project_digest(files)


def test_formatting_gives_what_fmt_wants(deno: Deno) -> None:
    files = sample_files(**{"src/untidy.ts": "export const  untidy = 1", "notes.md": "*  a\n"})

    formatted = {file.path: file.content for file in deno.format(files)}

    assert formatted["src/untidy.ts"] == "export const untidy = 1;\n"
    assert formatted["notes.md"] == "- a\n"
    assert list(formatted) == [file.path for file in files]


def test_formatting_what_does_not_parse_is_an_error(deno: Deno) -> None:
    with pytest.raises(SandboxError, match="src/broken.ts"):
        deno.format(sample_files(**{"src/broken.ts": "const = 1;\n"}))


@pytest.mark.parametrize(
    "tool", [["check", "src/index.ts"], ["test"], ["lint"], ["fmt", "--check"]]
)
def test_plain_deno_passes_in_the_project_with_nothing_prepared(
    project: Path, deno: Deno, tmp_path: Path, tool: list[str]
) -> None:
    environment = {"DENO_DIR": str(tmp_path / "fresh"), "HTTPS_PROXY": "http://127.0.0.1:9"}

    ended = subprocess.run(
        [deno.executable, *tool], cwd=project, env=environment, capture_output=True, timeout=60
    )

    assert ended.returncode == 0, ended.stderr.decode()


def test_there_are_no_more_findings_than_can_be_read(
    deno: Deno, cancellation: Cancellation
) -> None:
    careless = "".join(f"export const v{number}: any = 1;\n" for number in range(150))

    findings = verify(sample_files(**{"src/any.ts": careless}), cancellation, deno).findings

    assert len(findings) == 101
    assert findings[-1].message == "There are 50 findings more."


def test_a_finding_is_a_finding_once(deno: Deno, cancellation: Cancellation) -> None:
    files = sample_files(**{"deno.json": "{}"})

    assert verify(files, cancellation, deno).findings == [
        Finding(
            tool="sandbox",
            message="deno.json must be the one that Weft writes.",
            file="deno.json",
        )
    ]
