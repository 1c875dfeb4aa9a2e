from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cancellation import Cancellation
from pipeline.sandbox.deno import Deno, ToolResult
from pipeline.sandbox.project import write_project
from tests.sandbox.sample_project import sample_files

TestCode = Callable[[str], ToolResult]


@pytest.fixture(scope="session")
def deno(tmp_path_factory: pytest.TempPathFactory) -> Deno:
    return Deno(cache=tmp_path_factory.mktemp("deno"), timeout=30)


@pytest.fixture
def cancellation() -> Cancellation:
    return Cancellation()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The sample project on disk, with a secret lying beside it."""
    directory = tmp_path / "project"
    directory.mkdir()
    write_project(sample_files(), directory)
    (tmp_path / "secret.txt").write_text("TOP-SECRET")
    (tmp_path / "secret.ts").write_text('export const secret = "TOP-SECRET";')
    return directory


@pytest.fixture
def run_test_code(project: Path, deno: Deno, cancellation: Cancellation) -> TestCode:
    """Runs a test of the project whose body is the given TypeScript."""

    def run(body: str) -> ToolResult:
        code = f'Deno.test("escape", async () => {{\n{body}\n}});\n'
        (project / "src/services/to-receipt.test.ts").write_text(code)
        return deno.test(project, cancellation)

    return run
