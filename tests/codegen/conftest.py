"""The example project and the matrix, generated once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from pipeline.artifacts import SourceFile
from pipeline.cancellation import Cancellation
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.sandbox.deno import Deno, ToolResult
from pipeline.sandbox.project import write_project
from tests.codegen import matrix
from tests.codegen.harness import Runtime, add_driver, write_together
from tests.codegen.matrix import Pattern, Row
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.systems import catalogue
from tests.codegen.trial import COUNT, Trial

LONG = (Pattern.FIRST_LOAD, Pattern.DURABLE_BY_HAND, Pattern.DURABLE_BY_SCHEDULE)
LARGEST_BATCH = 40  # of those
PAGE = 20


@pytest.fixture(scope="session")
def example() -> list[SourceFile]:
    """The project of the main request, with its tests."""
    plan, known = shopify_orders_to_quickbooks(), catalogue()
    return [*generate(plan, known), *generate_tests(plan, known, [])]


@pytest.fixture(scope="session")
def deno() -> Deno:
    return Deno()


class Project:
    """Files in a folder of their own, run by Deno."""

    def __init__(self, files: list[SourceFile], directory: Path, deno: Deno) -> None:
        write_project(files, directory)
        self.directory = directory
        self._deno = deno

    def add(self, path: str, content: str) -> None:
        (self.directory / path).write_text(content)

    def run(self, tool: str) -> ToolResult:
        return tool_result(self._deno, tool, self.directory)


def tool_result(deno: Deno, tool: str, directory: Path) -> ToolResult:
    """What one of Deno's tools says of the project in a folder."""
    result = getattr(deno, tool)(directory, Cancellation())
    assert isinstance(result, ToolResult)
    return result


@pytest.fixture
def project(example: list[SourceFile], tmp_path: Path, deno: Deno) -> Iterator[Project]:
    yield Project(example, tmp_path, deno)


# ---- The matrix ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def known() -> Catalogue:
    return matrix.catalogue()


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory, known: Catalogue) -> Path:
    """All projects of the matrix in one folder; a run takes fewer records than it would."""
    directory = tmp_path_factory.mktemp("matrix")
    plans = matrix.plans(known)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Deno, "format", lambda _, files: files)  # all at once, when they are written
        projects = {
            name: [*generate(one, known), *generate_tests(one, known, [])]
            for name, one in plans.items()
        }
    write_together(projects, directory)
    for name in {row.name for pattern in LONG for row in matrix.table()[pattern]}:
        services = directory / "src" / name / "services"
        _replace(services / "batches.ts", "BATCH = 1000", f"BATCH = {LARGEST_BATCH}")
        if (client := services / "postgres.ts").exists():
            client.write_text(client.read_text().replace("size = 1000", f"size = {PAGE}"))
    add_driver(plans, directory)
    return directory


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.fixture(scope="session")
def runtime(together: Path) -> Iterator[Runtime]:
    started = Runtime(together)
    yield started
    started.kill()


def proving(pattern: Pattern) -> pytest.MarkDecorator:
    """Runs a test for every row of a pattern, one for each pair of systems."""
    rows = matrix.table()[pattern]
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.name)


class Tried(Protocol):
    def __call__(self, row: Row, *, count: int = COUNT) -> Trial: ...


@pytest.fixture
def tried(runtime: Runtime, known: Catalogue) -> Tried:
    """Makes a world for a row."""
    return lambda row, *, count=COUNT: Trial(row, runtime, known, count=count)
