import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.sandbox.inspection import foreign_modules, refused_files
from tests.sandbox.sample_project import PACKAGE, TSCONFIG


def test_the_sample_is_accepted(project: Path) -> None:
    assert refused_files(project) == []


UNWANTED = [
    "deno.jsonc", "deno.lock", ".npmrc", "jsr.json", "src/deno.json", "src/package.json",
    "src/tsconfig.json", "node_modules/left/index.js", "src/native.node", "src/page.tsx",
    "src/module.js", "src/module.wasm", ".env", "pnpm-workspace.yaml", ".git/config",
]  # fmt: skip


@pytest.mark.parametrize("path", UNWANTED)
def test_a_file_that_no_project_has_is_refused(project: Path, path: str) -> None:
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text("{}")

    assert [each.file for each in refused_files(project)] == [path]


ODD_SETTINGS: list[dict[str, Any]] = [
    {"imports": {"secret": "../secret.ts"}},
    {"importMap": "../map.json"},
    {"links": ["../other"]},
    {"workspace": ["../other"]},
    {"tasks": {"test": "rm -rf /"}},
    {"lint": {"plugins": ["./plugin.ts"]}},
    {"lint": {"rules": {"exclude": ["no-explicit-any"]}}},
    {"unstable": ["kv", "ffi"]},
    {"permissions": {"default": {"all": True}}},
    {"compilerOptions": {"strict": False}},
    {"exclude": ["src"]},
]


@pytest.mark.parametrize("settings", ODD_SETTINGS, ids=json.dumps)
def test_no_other_deno_json_is_accepted(project: Path, settings: dict[str, Any]) -> None:
    own = json.loads((project / "deno.json").read_text())
    (project / "deno.json").write_text(json.dumps({**own, **settings}))

    [finding] = refused_files(project)

    assert (finding.tool, finding.file) == ("sandbox", "deno.json")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", "no JSON"),
        ("package.json", "[]"),
        ("package.json", json.dumps({"dependencies": ["left-pad"]})),
        ("package.json", json.dumps({**json.loads(PACKAGE), "workspaces": ["../other"]})),
        ("package.json", json.dumps({**json.loads(PACKAGE), "scripts": {"test": "true"}})),
        ("package.json", json.dumps({**json.loads(PACKAGE), "imports": {"#x": "../x.ts"}})),
        ("package.json", json.dumps({"dependencies": {"left-pad": "1"}})),
        ("package.json", json.dumps({"dependencies": {"@versori/run": "file:../evil"}})),
        ("tsconfig.json", "{ // comment\n}"),
        ("tsconfig.json", json.dumps({"extends": "../secret.txt"})),
        ("tsconfig.json", json.dumps({"files": ["../secret.ts"]})),
        ("tsconfig.json", json.dumps({"references": [{"path": ".."}]})),
        ("tsconfig.json", json.dumps({**json.loads(TSCONFIG), "include": ["../**/*.ts"]})),
        ("tsconfig.json", json.dumps({"compilerOptions": {"paths": {"x": ["../secret.ts"]}}})),
        ("tsconfig.json", json.dumps({"compilerOptions": {"types": ["../secret.ts"]}})),
        ("tsconfig.json", json.dumps({"compilerOptions": {"baseUrl": "/etc"}})),
        ("tsconfig.json", json.dumps({"compilerOptions": {"rootDir": ".."}})),
    ],
)
def test_configuration_that_reaches_out_is_refused(project: Path, name: str, text: str) -> None:
    (project / name).write_text(text)

    assert [(each.tool, each.file) for each in refused_files(project)] == [("sandbox", name)]


@pytest.mark.parametrize(
    "directive", ["@ts-nocheck", "@ts-ignore", "deno-lint-ignore-file", "deno-fmt-ignore-file"]
)
def test_checks_stay_on(project: Path, directive: str) -> None:
    (project / "src/careless.ts").write_text(f"// {directive}\nexport {{}};\n")

    [finding] = refused_files(project)

    assert finding.message == f"May not switch checks off with {directive}."


def test_a_module_that_nothing_names_is_refused_too() -> None:
    graph = {"modules": [{"specifier": "file:///entry.ts"}, {"specifier": "file:///etc/passwd"}]}

    [finding] = foreign_modules(graph, Path("/project"), Path("/entry.ts"))

    assert finding.message == "The project imports a module from outside itself."
