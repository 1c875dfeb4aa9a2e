"""Does a generated project hold? Type check, tests, lint and format, each really run."""

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.artifacts import Evidence, Finding, SourceFile, Verification
from pipeline.cancellation import Cancellation
from pipeline.model import digest
from pipeline.sandbox import inspection
from pipeline.sandbox.deno import Deno, ToolResult
from pipeline.sandbox.project import write_project

_AT_ONCE = 2
_MOST_FINDINGS = 100


def verify(
    files: Sequence[SourceFile],
    cancellation: Cancellation,
    deno: Deno | None = None,
    *,
    run_sdk: Path | None = None,
) -> Verification:
    """Run every tool on the project. SandboxError where Deno can't work; Stopped when stopped."""
    deno = deno or Deno()
    with tempfile.TemporaryDirectory(prefix="weft-verify-") as directory:
        project = Path(directory)
        write_project(files, project, run_sdk=run_sdk)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            tools = (deno.check, deno.test, deno.lint, deno.fmt_check)
            results = list(pool.map(lambda tool: tool(project, cancellation), tools))
    return Verification(
        project_digest=project_digest(files),
        findings=_bounded(results),
        tests_passed=sum(result.tests_passed for result in results),
        tests_failed=sum(result.tests_failed for result in results),
        evidence=[_evidence(result) for result in results],
    )


def project_digest(files: Sequence[SourceFile]) -> str:
    """The digest of what is verified and later deployed; the files' order does not matter."""
    return digest([file.model_dump() for file in sorted(files, key=lambda file: file.path)])


def _bounded(results: Sequence[ToolResult]) -> list[Finding]:
    """Each finding once, and no more of them than somebody can read."""
    findings = list(dict.fromkeys(each for result in results for each in result.findings))
    if len(findings) > _MOST_FINDINGS:
        rest = len(findings) - _MOST_FINDINGS
        more = Finding(tool=findings[-1].tool, message=f"There are {rest} findings more.")
        return [*findings[:_MOST_FINDINGS], more]
    return findings


def _evidence(result: ToolResult) -> Evidence:
    if any(finding.tool == inspection.TOOL for finding in result.findings):
        return Evidence(claim=f"{result.tool}: refused before it ran", word="not reached")
    if result.tests_passed or result.tests_failed:
        outcome = f"{result.tests_passed} passed, {result.tests_failed} failed"
    else:
        outcome = _count(result.findings)
    return Evidence(claim=f"{result.tool}: {outcome}", word="ran")


def _count(findings: list[Finding]) -> str:
    return f"{len(findings)} findings" if findings else "clean"
