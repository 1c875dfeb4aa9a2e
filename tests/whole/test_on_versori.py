"""From one request to a version that is live on Versori: its double, by its command line."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.artifacts import STEPS
from tests.versori.command_line import real_cli, stand_in
from tests.versori.config import write_config
from tests.versori.double import VersoriDouble
from tests.whole.conftest import REQUEST, Weft, rows


@pytest.fixture(scope="module")
def double() -> Iterator[VersoriDouble]:
    with VersoriDouble() as double:
        yield double
        assert not double.refused, "requests that break the API's description"


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory, double: VersoriDouble
) -> "subprocess.CompletedProcess[str]":
    home: Path = tmp_path_factory.mktemp("on-versori")
    return Weft(home).run(
        "run", REQUEST, "--yes", "--json", "--platform", "versori", "--environment", "staging",
        VERSORI_CLI_PATH=str(real_cli() or stand_in()),
        VERSORI_CONFIG=str(write_config(home, double)),
        VERSORI_ISSUES_EMAIL="ops@example.com",
        **double.environment,
    )  # fmt: skip


def test_every_step_is_done(finished: "subprocess.CompletedProcess[str]") -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    done = [row["step"] for row in rows(finished) if row["status"] == "done"]
    assert list(dict.fromkeys(done)) == list(STEPS)


def test_the_commands_are_shown_with_what_came_of_them(
    finished: "subprocess.CompletedProcess[str]", double: VersoriDouble
) -> None:
    shown = [row["commands"] for row in rows(finished) if "commands" in row][-1]
    outcomes = {command["about"]: command["outcome"] for command in shown}
    assert len(double.state.projects) == 1
    systems = [one.name.split("-")[0] for one in double.state.systems.values()]
    assert outcomes["project"] == "there"
    assert {outcomes[f"system:{name}"] for name in systems} == {"there"}
    assert {outcomes[f"link:{name}"] for name in systems} == {"linked"}
    assert "'--api-key=$SHOPIFY_API_KEY'" in json.dumps([item["text"] for item in shown])
    assert all(command["changes"] for command in shown)


def test_nothing_is_called_reached_that_was_not(
    finished: "subprocess.CompletedProcess[str]",
) -> None:
    connected = [row for row in rows(finished) if row["step"] == "connections"]
    evidence = [item for row in connected for item in row.get("evidence", [])]
    assert {item["word"] for item in evidence} == {"not reached"}
    assert all("without credentials" in item["claim"] for item in evidence)


def test_what_was_approved_is_live(
    finished: "subprocess.CompletedProcess[str]", double: VersoriDouble
) -> None:
    (version,) = double.state.versions.values()
    live = {one.name: one.deployed for one in double.state.environments.values()}
    assert live == {"production": None, "staging": version}
    deployed = next(row for row in rows(finished) if "webhooks" in row)
    (name,) = deployed["webhooks"]
    assert deployed["webhooks"][name] == f"{deployed['url']}/{name}"
    sources = {file["filename"]: file["content"] for file in version.files}
    assert f"src/workflows/{name}.ts" in sources
    assert "versori-research/research.md" in sources
    assert "deno.json" not in sources, "it would lead away from the platform's own Run SDK"
    assert [asset.name for asset in double.state.assets.values()] == ["research.md"]
    assert len(double.state.notifications) == 1


def test_generated_code_uses_what_is_set_up(
    finished: "subprocess.CompletedProcess[str]", double: VersoriDouble
) -> None:
    """Names of links as connections, and no variable that is not declared."""
    (version,) = double.state.versions.values()
    (project,) = double.state.projects.values()
    code = "\n".join(
        file["content"] for file in version.files if not file["filename"].endswith(".test.ts")
    )
    for template in double.state.templates.values():
        assert f'connection: "{template.name}"' in code
    declared = set((project.variables_schema or {})["properties"])
    assert declared
    assert all(f'"{name}"' in code for name in declared)
