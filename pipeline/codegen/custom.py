"""A plan's own TypeScript functions as modules of the project, with tests of their examples."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.artifacts import Finding, SourceFile
from pipeline.cancellation import Cancellation
from pipeline.codegen.literals import literal
from pipeline.codegen.names import kebab
from pipeline.mapping.custom import custom_problems
from pipeline.plan.model import CustomTransform, Mapping, Workflow
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import deno_json, write_project

_ASSERT = 'import assert from "node:assert/strict";\n'


def custom_transforms(workflows: Iterable[Workflow]) -> list[CustomTransform]:
    """The functions that the workflows' mappings call, each once."""
    found = {
        mapping.transform.custom.name: mapping.transform.custom
        for workflow in workflows
        for mapping in _mappings(workflow)
        if mapping.transform is not None and mapping.transform.custom is not None
    }
    return list(found.values())


def custom_modules(transforms: Sequence[CustomTransform]) -> dict[str, str]:
    """The module of each function: path -> source, not yet formatted."""
    return {_path(one): f"{one.source.strip()}\n" for one in transforms}


def custom_tests(transforms: Sequence[CustomTransform]) -> dict[str, str]:
    """The test of each function's examples: path -> source, not yet formatted."""
    return {_path(one, ".test"): _tests(one) for one in transforms}


def try_transform(
    custom: CustomTransform, cancellation: Cancellation | None = None, deno: Deno | None = None
) -> list[Finding]:
    """What is wrong with a function, found by running its examples; empty where nothing is.

    SandboxError where Deno can't work, Stopped on cancellation.
    """
    if problems := list(custom_problems(custom)):
        return [Finding(tool="plan", message=problem) for problem in problems]
    deno, cancellation = deno or Deno(), cancellation or Cancellation()
    modules = {**custom_modules([custom]), **custom_tests([custom]), "deno.json": deno_json()}
    with tempfile.TemporaryDirectory(prefix="weft-custom-") as directory:
        project = Path(directory)
        write_project(
            [SourceFile(path=path, content=text) for path, text in modules.items()], project
        )
        results = [tool(project, cancellation) for tool in (deno.check, deno.lint, deno.test)]
    return [finding for result in results for finding in result.findings]


def _mappings(workflow: Workflow) -> list[Mapping]:
    looked_up = [mapping for lookup in workflow.lookups for mapping in lookup.mappings]
    written = [mapping for write in workflow.writes for mapping in write.mappings]
    return [*workflow.mappings, *looked_up, *written]


def _path(custom: CustomTransform, suffix: str = "") -> str:
    return f"src/services/custom-{kebab(custom.name)}{suffix}.ts"


def _tests(custom: CustomTransform) -> str:
    module = Path(_path(custom)).name
    cases = [_case(custom, number) for number in range(len(custom.examples))]
    return f'{_ASSERT}import {{ {custom.name} }} from "./{module}";\n\n' + "\n".join(cases)


def _case(custom: CustomTransform, number: int) -> str:
    example = custom.examples[number]
    inputs = ["undefined" if value in (None, "") else literal(value) for value in example.inputs]
    expected = "undefined" if example.output is None else literal(example.output)
    title = literal(f"{custom.name}: example {number + 1}")
    return f"""Deno.test({title}, () => {{
  assert.equal({custom.name}({", ".join(inputs)}), {expected});
}});
"""
