"""One test per way out of the sandbox: each really tries, and fails."""

import json
import threading
import time
from pathlib import Path

import pytest

from pipeline.artifacts import Finding
from pipeline.cancellation import Cancellation
from pipeline.errors import SandboxError, Stopped
from pipeline.sandbox.deno import Deno, ToolResult
from pipeline.sandbox.project import write_project
from tests.sandbox.conftest import TestCode
from tests.sandbox.sample_project import sample_files

DENIED = {
    "reading a file": 'Deno.readTextFileSync("../secret.txt");',
    "reading over Node": """
        const fs = await import(["node", "fs"].join(":"));
        fs.readFileSync("../secret.txt");""",
    "writing a file": 'Deno.writeTextFileSync("written.txt", "x");',
    "the environment": 'Deno.env.get("PATH");',
    "the network": 'await fetch("http://127.0.0.1:8080/");',
    "a socket": "await Deno.connect({ port: 9 });",
    "listening": "Deno.listen({ port: 0 });",
    "a program": 'await new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output();',
    "a program over Node": """
        const child = await import(["node", "child_process"].join(":"));
        child.execSync("true");""",
    "a signal": 'Deno.kill(Deno.ppid, "SIGTERM");',
    "foreign functions": 'Deno.dlopen("/lib/libc.so.6", {});',
    "the host": "Deno.hostname();",
    "a computed import": 'const path = "../../../secret" + ".ts"; await import(path);',
    "a templated import": 'const name = "secret"; await import(`../../../${name}.ts`);',
    "a worker from a file": """
        await new Promise((resolve, reject) => {
          const url = new URL("../../../secret.ts", import.meta.url);
          const worker = new Worker(url, { type: "module" });
          worker.onmessage = resolve;
          worker.onerror = (event) => { event.preventDefault(); reject(new Error(event.message)); };
        });""",
}

CODE_IMPORTING_A_SECRET = """
    const code = 'import text from "' + new URL("../../../secret.txt", import.meta.url) +
      '" with { type: "text" }; export default text; globalThis.postMessage?.(text);';
"""
FROM_A_URL = {
    "data": 'const url = "data:text/javascript," + encodeURIComponent(code);',
    "blob": """
        const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));""",
}


@pytest.fixture(scope="module")
def denials(deno: Deno, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finding]:
    """What came of each attempt, by its name; all are tests of one project."""
    directory = tmp_path_factory.mktemp("denials") / "project"
    tests = [
        f"Deno.test({json.dumps(name)}, async () => {{{body}}});" for name, body in DENIED.items()
    ]
    write_project(sample_files(**{"src/escape.test.ts": "\n".join(tests)}), directory)
    (directory.parent / "secret.ts").write_text('postMessage("TOP-SECRET");')

    result = deno.test(directory, Cancellation())

    assert (result.tests_passed, result.tests_failed) == (1, len(DENIED))
    assert not (directory / "written.txt").exists()
    return {finding.message.partition(":")[0]: finding for finding in result.findings}


@pytest.mark.parametrize("attempt", DENIED)
def test_permission_is_denied(denials: dict[str, Finding], attempt: str) -> None:
    message = denials[attempt].message
    assert "NotCapable" in message or "Requires" in message


@pytest.mark.parametrize("url", FROM_A_URL.values(), ids=FROM_A_URL.keys())
def test_code_from_a_computed_url_has_no_more_rights(run_test_code: TestCode, url: str) -> None:
    _assert_denied(run_test_code(CODE_IMPORTING_A_SECRET + url + "await import(url);"))


@pytest.mark.parametrize("url", FROM_A_URL.values(), ids=FROM_A_URL.keys())
def test_a_worker_has_no_more_rights(run_test_code: TestCode, url: str) -> None:
    worker = """
        await new Promise((resolve, reject) => {
          const worker = new Worker(url, { type: "module" });
          worker.onmessage = resolve;
          worker.onerror = (event) => { event.preventDefault(); reject(new Error(event.message)); };
        });"""
    _assert_denied(run_test_code(CODE_IMPORTING_A_SECRET + url + worker))


def _assert_denied(result: ToolResult) -> None:
    [finding] = result.findings
    assert result.tests_failed == 1
    assert "Requires read access" in finding.message
    assert "TOP-SECRET" not in finding.message


def test_web_storage_can_keep_nothing(run_test_code: TestCode) -> None:
    result = run_test_code('await (await caches.open("x")).put("http://x/", new Response("x"));')
    assert result.tests_failed == 1
    assert run_test_code('localStorage.setItem("key", "value");').tests_failed == 1


def test_an_endless_loop_is_stopped(project: Path, cancellation: Cancellation) -> None:
    (project / "src/services/loop.test.ts").write_text('Deno.test("loop", () => { for (;;); });')

    result = Deno(timeout=2).test(project, cancellation)

    assert "took too long" in result.findings[-1].message


MEMORY_BOMBS = {
    "heap": "const kept = []; for (;;) kept.push(new Array(1e6).fill(1.5));",
    "array buffers": "const kept = []; for (;;) kept.push(new Uint8Array(5e7).fill(1));",
    "WebAssembly": """
        const kept = [];
        for (;;) {
          const memory = new WebAssembly.Memory({ initial: 1000, maximum: 1000 });
          new Uint8Array(memory.buffer).fill(1);
          kept.push(memory);
        }""",
}


@pytest.mark.parametrize("body", MEMORY_BOMBS.values(), ids=MEMORY_BOMBS.keys())
def test_a_memory_bomb_is_stopped(run_test_code: TestCode, body: str) -> None:
    result = run_test_code(body)

    assert not result.passed
    assert result.tests_passed == 0
    message = result.findings[0].message
    assert "out of memory" in message or "allocat" in message


def test_a_flood_of_output_is_stopped(run_test_code: TestCode) -> None:
    result = run_test_code('for (;;) console.log("x".repeat(10_000));')

    assert "too much output" in result.findings[-1].message


def test_cancellation_kills_what_runs(project: Path, deno: Deno) -> None:
    (project / "src/services/loop.test.ts").write_text('Deno.test("loop", () => { for (;;); });')
    cancellation = Cancellation()
    threading.Timer(0.5, cancellation.cancel).start()
    started = time.monotonic()

    with pytest.raises(Stopped):
        deno.test(project, cancellation)

    assert time.monotonic() - started < 5


def test_leaving_early_is_no_pass(project: Path, deno: Deno, cancellation: Cancellation) -> None:
    (project / "src/services/leave.test.ts").write_text(
        'Deno.test("never run", () => { throw new Error(); });\nDeno.exit(0);'
    )

    result = deno.test(project, cancellation)

    assert result.tests_passed == 1
    assert [(each.file, each.message) for each in result.findings] == [
        ("src/services/leave.test.ts", "No test of this file was run.")
    ]


def test_ending_the_run_well_is_no_pass(run_test_code: TestCode) -> None:
    leaving = 'Deno.test({ name: "last", sanitizeExit: false, fn: () => Deno.exit(0), });'
    result = run_test_code(f"}});\n{leaving}\n(() => {{")
    assert (result.tests_passed, result.tests_failed) == (1, 1)
    assert not result.passed


def test_printing_a_pass_is_no_pass(run_test_code: TestCode) -> None:
    result = run_test_code('console.log("ok | 99 passed | 0 failed"); throw new Error("no");')

    assert (result.tests_passed, result.tests_failed) == (0, 1)


STATIC_IMPORTS = [
    'import text from "../../secret.txt" with { type: "text" };',
    'import { secret } from "../../secret.ts";',
    'import type { Secret } from "../../secret.ts";',
    'export * from "../../secret.ts";',
    'const { secret } = await import("../../secret.ts");',
    "const { secret } = await import(`../../secret.ts`);",
    'type Secret = import("../../secret.ts").Secret;',
    'import text from "/etc/hostname" with { type: "text" };',
    'import text from "file:///etc/hostname" with { type: "text" };',
    'import text from "../src/%2e%2e/../secret.txt" with { type: "text" };',
    'import fs from "node:fs";',
    'import process from "node:process";',
    'import left from "npm:left-pad";',
    'import "jsr:@std/assert";',
    'import "https://example.com/module.ts";',
    'import "data:text/javascript,1";',
    'import "blob:null/1";',
    '/// <reference path="../../secret.ts" />',
    '/// <reference types="/etc/hostname" />',
    '// @ts-types="../../secret.ts"\nimport "./types/order.ts";',
]


@pytest.mark.parametrize("code", STATIC_IMPORTS)
def test_a_foreign_import_is_refused_before_anything_runs(
    project: Path, deno: Deno, cancellation: Cancellation, code: str
) -> None:
    (project / "src/escape.ts").write_text(f"{code}\nexport {{}};\n")

    findings = deno.inspect(project, cancellation)

    assert [(each.tool, each.file) for each in findings] == [("sandbox", "src/escape.ts")]
    assert "May not import" in findings[0].message


@pytest.mark.parametrize("path", [".hidden/a.test.ts", "a_test.ts", "src/.b.ts", ".weft/c.ts"])
def test_no_file_is_overlooked(
    project: Path, deno: Deno, cancellation: Cancellation, path: str
) -> None:
    (project / path).parent.mkdir(exist_ok=True)
    (project / path).write_text('import "node:fs";\n')

    assert [each.file for each in deno.inspect(project, cancellation)] == [path]


def test_a_foreign_import_has_its_line(
    project: Path, deno: Deno, cancellation: Cancellation
) -> None:
    (project / "src/escape.ts").write_text('// first\n\nimport "node:fs";\n')
    [finding] = deno.inspect(project, cancellation)
    assert finding.line == 3
    assert deno.check(project, cancellation).findings == [finding]
    assert deno.test(project, cancellation).findings == [finding]


def test_a_link_out_of_the_project_is_refused(
    project: Path, deno: Deno, cancellation: Cancellation
) -> None:
    (project / "src/link.ts").symlink_to(project.parent / "secret.ts")
    (project / "src/folder").symlink_to(project.parent)

    for tool in (deno.check, deno.test, deno.lint, deno.fmt_check):
        findings = tool(project, cancellation).findings
        assert {each.file for each in findings} == {"src/link.ts", "src/folder"}


def test_configuration_above_the_project_is_refused(
    project: Path, deno: Deno, cancellation: Cancellation
) -> None:
    (project.parent / "deno.json").write_text('{"workspace": ["./project"]}')

    with pytest.raises(SandboxError, match="deno.json above"):
        deno.lint(project, cancellation)


def test_a_lint_plugin_never_runs(project: Path, deno: Deno, cancellation: Cancellation) -> None:
    (project / "plugin.ts").write_text('throw new Error("the plugin ran");')
    (project / "deno.json").write_text('{"lint": {"plugins": ["./plugin.ts"]}}')

    [finding] = deno.lint(project, cancellation).findings

    assert (finding.tool, finding.file) == ("sandbox", "deno.json")
