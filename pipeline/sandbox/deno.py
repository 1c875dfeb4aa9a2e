"""Deno, run on a project that nobody trusts: no permission, no network, no environment."""

import json
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from deno import find_deno_bin  # type: ignore[import-untyped]

from pipeline.artifacts import Finding, SourceFile
from pipeline.cancellation import Cancellation
from pipeline.errors import SandboxError
from pipeline.model import Value
from pipeline.sandbox import inspection, process
from pipeline.sandbox.process import Finished
from pipeline.sandbox.project import deno_json, write_project
from pipeline.sandbox.reports import Reader, TestReport

_OFFLINE = ("--no-remote", "--no-npm", "--no-lock")
_NO_CACHE = Path("/dev/null/deno")  # tests may write into Deno's own folder without permission
_HEAP_MEGABYTES = 512


class ToolResult(Value):
    """What one tool said about a project."""

    tool: str
    findings: list[Finding]
    tests_passed: int = 0
    tests_failed: int = 0

    @property
    def passed(self) -> bool:
        return not self.findings


class Deno:
    """The `deno` executable in a sandbox.

    Every method raises SandboxError where Deno can't work at all, and Stopped on cancellation.
    """

    def __init__(
        self,
        executable: Path | None = None,
        *,
        cache: Path | None = None,
        timeout: float = 60,
    ) -> None:
        self._given_executable = executable
        self._given_cache = cache
        self._timeout = timeout

    @cached_property
    def executable(self) -> Path:
        """Where Deno is. SandboxError where it is missing."""
        try:
            path = self._given_executable or Path(find_deno_bin())
        except FileNotFoundError:
            path = None
        if path is None or not path.is_file():
            raise SandboxError("Deno is missing: install it with `pip install deno`.")
        return path.resolve()

    @cached_property
    def _folder(self) -> Path:
        if self._given_cache is None:
            directory = Path(tempfile.mkdtemp(prefix="weft-deno-"))
            weakref.finalize(self, shutil.rmtree, directory, ignore_errors=True)
        else:
            directory = self._given_cache.resolve()
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return directory

    def check(self, project: Path, cancellation: Cancellation) -> ToolResult:
        """Type-check every module, tests too."""
        project = project.resolve()
        if refused := self.inspect(project, cancellation):
            return ToolResult(tool="deno check", findings=refused)
        ended = self._run(project, cancellation, "check", "--cached-only", *_OFFLINE, ".")
        return _result("deno check", ended, list(Reader(project).check(ended.errors)))

    def test(self, project: Path, cancellation: Cancellation) -> ToolResult:
        """Run the tests. What can't be counted has not passed."""
        project = project.resolve()
        if refused := self.inspect(project, cancellation):
            return ToolResult(tool="deno test", findings=refused)
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            report = Path(scratch, "report.xml")
            flags = ("--no-prompt", "--cached-only", "--no-check", f"--junit-path={report}")
            ended = self._run(project, cancellation, "test", *flags, *_OFFLINE, cache=_NO_CACHE)
            xml = report.read_text(encoding="utf-8") if report.exists() else ""
        return _test_result(project, ended, xml)

    def lint(self, project: Path, cancellation: Cancellation) -> ToolResult:
        project = project.resolve()
        if refused := inspection.refused_files(project):
            return ToolResult(tool="deno lint", findings=refused)
        ended = self._run(project, cancellation, "lint", "--json")
        try:
            findings = list(Reader(project).lint(ended.output))
        except ValueError:
            findings = []
        return _result("deno lint", ended, findings)

    def fmt_check(self, project: Path, cancellation: Cancellation) -> ToolResult:
        project = project.resolve()
        if refused := inspection.refused_files(project):
            return ToolResult(tool="deno fmt", findings=refused)
        ended = self._run(project, cancellation, "fmt", "--check")
        return _result("deno fmt", ended, list(Reader(project).fmt(ended.errors)))

    def format(
        self, files: Sequence[SourceFile], cancellation: Cancellation | None = None
    ) -> list[SourceFile]:
        """The files as `deno fmt` writes them. SandboxError where one can't be parsed."""
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            project = Path(scratch).resolve()
            write_project(files, project)
            (project / "deno.json").write_text(deno_json(), encoding="utf-8")
            ended = self._run(project, cancellation or Cancellation(), "fmt")
            if ended.code != 0:
                raise SandboxError(f"deno fmt failed: {Reader(project).plain(ended.errors)}")
            return [
                SourceFile(path=file.path, content=(project / file.path).read_text("utf-8"))
                for file in files
            ]

    def inspect(self, project: Path, cancellation: Cancellation) -> list[Finding]:
        """Findings about what may not run at all, before anything does."""
        if refused := inspection.refused_files(project):
            return refused
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            entry = Path(scratch).resolve() / "entry.ts"
            sources = inspection.sources(project)
            imports = [f"import {json.dumps(source.as_uri())};" for source in sources]
            entry.write_text("\n".join(imports), encoding="utf-8")
            ended = self._run(project, cancellation, "info", "--json", *_OFFLINE, str(entry))
            return inspection.foreign_modules(_graph(ended, project), project, entry)

    def command(self, project: Path, tool: str, *arguments: str) -> list[str | Path]:
        """The command line of a tool, for this project and nothing around it."""
        return [self.executable, tool, "--config", project / "deno.json", *arguments]

    def environment(self, cache: Path | None = None) -> dict[str, str]:
        """All that a process of Deno may know of this machine."""
        return {
            "DENO_DIR": str(cache or self._folder / "deno"),
            "DENO_NO_PROMPT": "1",
            "DENO_NO_UPDATE_CHECK": "1",
            "DENO_V8_FLAGS": f"--max-old-space-size={_HEAP_MEGABYTES}",
            "NO_COLOR": "1",
        }

    def _run(
        self,
        project: Path,
        cancellation: Cancellation,
        tool: str,
        *arguments: str,
        cache: Path | None = None,
    ) -> Finished:
        return process.run(
            self.command(project, tool, *arguments),
            directory=project,
            environment=self.environment(cache),
            timeout=self._timeout,
            cancellation=cancellation,
        )


def _graph(ended: Finished, project: Path) -> dict[str, Any]:
    try:
        graph = json.loads(ended.output)
    except ValueError:
        reason = ended.ran_out or Reader(project).plain(ended.errors)
        raise SandboxError(f"The project's imports can't be read: {reason}") from None
    assert isinstance(graph, dict)
    return graph


def _test_result(project: Path, ended: Finished, xml: str) -> ToolResult:
    """The report's counts. Every test file must be in it, since a file can end its own run."""
    written = {
        path.relative_to(project).as_posix()
        for path in inspection.sources(project)
        if path.name.endswith(".test.ts")
    }
    if not written:
        finding = Finding(tool="deno test", message="The project has no tests.")
        return ToolResult(tool="deno test", findings=[finding])
    try:
        report = TestReport(xml, Reader(project))
    except ValueError:
        return _result("deno test", ended, [])
    left_out = [
        Finding(tool="deno test", message="No test of this file was run.", file=file)
        for file in sorted(written - report.files)
    ]
    result = _result("deno test", ended, [*report.findings(), *left_out])
    return result.model_copy(update={"tests_passed": report.passed, "tests_failed": report.failed})


def _result(tool: str, ended: Finished, findings: list[Finding]) -> ToolResult:
    """A tool that was ended, or failed without saying why, has not passed either."""
    if ended.ran_out:
        findings = [*findings, Finding(tool=tool, message=f"{tool} {ended.ran_out}.")]
    elif ended.code != 0 and not findings:
        said = Reader(Path("/")).plain(ended.errors or ended.output)
        findings = [Finding(tool=tool, message=said or f"{tool} failed without a word.")]
    return ToolResult(tool=tool, findings=findings)
