"""The generated project: complete, clean, and the same each time."""

import json
import re

import pytest

from pipeline.artifacts import SourceFile
from pipeline.codegen.generate import generate
from tests.codegen.conftest import Project
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.systems import catalogue


@pytest.mark.parametrize("tool", ["check", "test", "lint", "fmt_check"])
def test_project_is_clean(project: Project, tool: str) -> None:
    assert project.run(tool).findings == []


def test_project_has_every_file(example: list[SourceFile]) -> None:
    paths = {file.path for file in example}
    assert paths >= {
        ".env.example", ".gitignore", "README.md", "deno.json", "package.json", "tsconfig.json",
        "src/index.ts", "src/workflows/shopify-orders-to-quickbooks.ts", "src/types/shopify.ts",
        "src/types/quickbooks.ts", "src/services/quickbooks.ts", "src/services/settings.ts",
        "src/services/order-to-sales-receipt.ts", "src/services/order-to-sales-receipt.test.ts",
    }  # fmt: skip


def test_generating_twice_gives_the_same_bytes(example: list[SourceFile]) -> None:
    again = generate(shopify_orders_to_quickbooks(), catalogue())
    files = {file.path: file.content for file in example}
    assert again == [SourceFile(path=file.path, content=files[file.path]) for file in again]


def test_nothing_is_typed_any(example: list[SourceFile]) -> None:
    sources = [file for file in example if file.path.endswith(".ts") and "test" not in file.path]
    assert [file.path for file in sources if re.search(r"\bany\b[>;,)\]]", file.content)] == []


def test_package_names_the_run_sdk(example: list[SourceFile]) -> None:
    package = json.loads(next(file.content for file in example if file.path == "package.json"))
    assert package["dependencies"] == {"@versori/run": "^0.6.3"}


def test_text_of_others_cannot_leave_its_string_or_comment(project: Project) -> None:
    plan = shopify_orders_to_quickbooks()
    evil = '*/ throw new Error("`${1}`"); /* \n # heading'
    variables = [plan.variables[0].model_copy(update={"description": evil, "default": evil})]
    mappings = [
        mapping.model_copy(update={"constant": evil}) if mapping.constant else mapping
        for mapping in plan.workflows[0].mappings
    ]
    workflow = plan.workflows[0].model_copy(update={"mappings": mappings})
    changed = plan.model_copy(
        update={"title": evil, "summary": evil, "variables": variables, "workflows": [workflow]}
    )
    for test in project.directory.glob("src/**/*.test.ts"):
        test.unlink()
    for file in generate(changed, catalogue()):
        project.add(file.path, file.content)
    assert project.run("check").findings == []
    assert project.run("lint").findings == []
