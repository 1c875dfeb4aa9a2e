"""The generated project's own tests; what they expect was worked out in Python."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.artifacts import SourceFile
from pipeline.codegen.custom import custom_tests, custom_transforms
from pipeline.codegen.design import Designer
from pipeline.codegen.generate import ENTRY, own_modules, render, shared_modules
from pipeline.codegen.imports import reachable_from, with_imports
from pipeline.codegen.mapping_tests import MappingTests
from pipeline.codegen.transform_tests import transform_tests
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.integration import TestCase
from pipeline.plan.model import Plan
from pipeline.sandbox.deno import Deno

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_ASSERT = 'import assert from "node:assert/strict";\n'
_TRANSFORMS = "src/services/transforms.ts"
_FIXED = Path(__file__).parent / "templates" / "tests"


def generate_tests(
    plan: Plan, catalogue: "Catalogue", cases: Sequence[TestCase]
) -> list[SourceFile]:
    """The tests of every pure function, and people's own cases; formatted, sorted by path."""
    designer = Designer(plan, catalogue)
    designs = [designer.design(workflow) for workflow in plan.workflows]
    shared = shared_modules(plan, designer, designs)
    files = {**fixed_tests(designs, shared), **custom_tests(custom_transforms(plan.workflows))}
    shared |= {path: text for path, text in files.items() if not path.endswith(".test.ts")}
    for design in designs:
        if not (design.functions or design.conditions):
            continue  # it deletes what it is told of
        people = [case for case in cases if case.workflow in (None, design.workflow.name)]
        path = f"src/services/{design.file}.test.ts"
        known = {**shared, **own_modules(design, shared)}
        files[path] = _mapping_tests(path, design, people, known)
    names = {name for design in designs for name in design.transform_names}
    if names:
        path = "src/services/transforms.test.ts"
        body = render("transforms.test.ts", groups=transform_tests(names))
        files[path] = _ASSERT + with_imports(path, body, {_TRANSFORMS: shared[_TRANSFORMS]})
    sources = [SourceFile(path=path, content=text) for path, text in sorted(files.items())]
    return Deno().format(sources)


def fixed_tests(designs: Sequence[WorkflowDesign], shared: Mapping[str, str]) -> dict[str, str]:
    """Tests of the modules that are the same everywhere, as far as the project has them."""
    own = {path: text for one in designs for path, text in own_modules(one, shared).items()}
    index = with_imports(ENTRY, render("index.ts", workflows=designs), own)
    there = reachable_from(ENTRY, {**shared, **own, ENTRY: index})
    files = {f"src/services/{file.name}": file.read_text() for file in _FIXED.glob("*.ts")}
    return {
        path: text
        for path, text in files.items()
        if not path.endswith(".test.ts") or path.replace(".test.ts", ".ts") in there
    }


def _mapping_tests(
    path: str, design: WorkflowDesign, people: Sequence[TestCase], known: dict[str, str]
) -> str:
    tests = MappingTests(design)
    body = render(
        "mapping.test.ts",
        functions=tests.functions(),
        filter_cases=tests.filter_cases(),
        people=[tests.person(case) for case in people],
        bases=tests.bases,
        record=design.record,
        record_type=design.record_type.name,
        has_filter=bool(design.conditions),
    )
    return _ASSERT + with_imports(path, body, known)
