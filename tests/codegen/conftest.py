"""The example project, generated once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.artifacts import SourceFile
from pipeline.cancellation import Cancellation
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.sandbox.deno import Deno, ToolResult
from pipeline.sandbox.project import write_project
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.systems import catalogue


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
