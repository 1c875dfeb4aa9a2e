"""How the executable is run, in which organisation, and what its failures become."""

import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import yaml

from pipeline.analysts.assignment import Assignment, assigned
from pipeline.cancellation import Cancellation
from pipeline.errors import PlatformError, Stopped
from pipeline.platforms.versori.client import VersoriPlatform
from pipeline.platforms.versori.contexts import Contexts
from pipeline.platforms.versori.executable import KNOWN_VERSIONS, Call, Executable
from pipeline.platforms.versori.project import Project
from pipeline.ports import ProjectSpec, SystemSpec
from tests.platforms.local.projects import wait_until
from tests.platforms.versori.conftest import MemoryVault, VersoriSetup
from tests.versori.config import write_config

PROJECT = ProjectSpec(name="Orders", integration_id="int_12345678", team="weft")
SCRIPT = """#!/bin/sh
if [ "$1" = version ]; then echo "{version}"; exit 0; fi
{then}
"""


def script(tmp_path: Path, then: str, version: str = KNOWN_VERSIONS[0]) -> Path:
    path = tmp_path / "versori"
    path.write_text(SCRIPT.format(version=version, then=then))
    path.chmod(0o755)
    return path


def run(executable: Executable, call: Call, tmp_path: Path) -> str:
    return executable.run(call, tmp_path / "config.yaml", "weft", ["the-token"])


# ---- The process -------------------------------------------------------------------------------


def test_it_gets_nothing_but_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEFT_SECRET_KEYS", "never")
    path = script(tmp_path, 'env; pwd; ls -A; cat; echo "$@"')
    executable = Executable(path, {"NO_PROXY": "127.0.0.1"})

    printed = run(executable, Call(["projects", "list"], {"SHOP_API_KEY": "typed"}), tmp_path)

    lines = printed.splitlines()
    names = {line.partition("=")[0] for line in lines if "=" in line and not line.startswith("pro")}
    assert names <= {"NO_PROXY", "SHOP_API_KEY", "HOME", "PWD", "OLDPWD", "SHLVL", "_"}
    assert lines[-1].startswith(f"projects list --config={tmp_path}/config.yaml --context=weft")
    assert "typed" not in lines[-1]


@pytest.mark.parametrize(("version", "named"), [("9.9.9", "9.9.9"), ("rm -rf", "unknown")])
def test_an_unknown_version_is_named_with_the_known_ones(
    tmp_path: Path, version: str, named: str
) -> None:
    executable = Executable(script(tmp_path, "exit 0", version))
    with pytest.raises(PlatformError, match=f"is {named}; Weft knows 0.1.1, 0.0.7"):
        run(executable, Call(["projects", "list"]), tmp_path)


def test_a_missing_command_line_is_said(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="VERSORI_CLI_PATH"):
        run(Executable(tmp_path / "none"), Call(["projects", "list"]), tmp_path)


def test_one_that_waits_for_ever_is_ended(tmp_path: Path) -> None:
    executable = Executable(script(tmp_path, "sleep 60"), timeout=0.3)
    with pytest.raises(PlatformError, match="took too long") as failed:
        run(executable, Call(["projects", "list"]), tmp_path)
    assert failed.value.retryable


def test_stop_kills_it(tmp_path: Path) -> None:
    executable, cancellation = Executable(script(tmp_path, "sleep 60")), Cancellation()
    threading.Timer(0.3, cancellation.cancel).start()
    began = time.monotonic()
    with assigned(Assignment(cancellation=cancellation)), pytest.raises(Stopped):
        run(executable, Call(["projects", "list"]), tmp_path)
    assert time.monotonic() - began < 20


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is Linux's")
def test_it_ends_when_weft_is_killed(tmp_path: Path) -> None:
    path = script(tmp_path, f"echo $$ > {tmp_path}/pid; sleep 60")
    code = (
        "import sys; from pathlib import Path; "
        "from pipeline.platforms.versori.executable import Call, Executable; "
        "Executable(Path(sys.argv[1])).run(Call(['x']), Path(sys.argv[1]), 'c', [])"
    )
    weft = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[3])
    pid = tmp_path / "pid"
    wait_until(lambda: pid.exists() and pid.read_text().strip(), 20)
    weft.kill()
    weft.wait()
    wait_until(lambda: not is_running(int(pid.read_text())), 5)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_what_it_says_back_holds_no_secret(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    executable = Executable(script(tmp_path, 'echo "the-token $KEY refused" >&2; exit 1'))
    with pytest.raises(PlatformError) as failed:
        run(executable, Call(["connections", "create", "--api-key=$KEY"], {"KEY": "s3"}), tmp_path)
    assert "[secret] [secret] refused" in str(failed.value)
    assert "--api-key=$KEY" in caplog.text
    assert "s3" not in caplog.text + str(failed.value)


# ---- Failures of the platform ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "said", "retryable"),
    [
        (
            {"status": 401, "body": json.dumps({"message": "invalid token"})},
            "Renew the token",
            False,
        ),
        ({"status": 503, "body": "away"}, "in a while", True),
        ({"hang_up": True}, "in a while", True),
        ({"status": 400, "body": json.dumps({"message": "no such luck"})}, "no such luck", False),
    ],
)
def test_a_failure_says_what_to_do(
    versori: VersoriSetup, fault: dict[str, object], said: str, retryable: bool
) -> None:
    versori.double.fail("ListProjects", **fault)
    with pytest.raises(PlatformError, match=said) as failed:
        versori.platform.find_project(PROJECT)
    assert failed.value.retryable is retryable
    assert str(failed.value).endswith(".")


def test_what_is_not_json_is_said(tmp_path: Path, versori: VersoriSetup) -> None:
    path = script(tmp_path, "echo hello")
    platform = VersoriPlatform(Executable(path), Contexts(versori.configuration), MemoryVault())
    with pytest.raises(PlatformError, match="can't read"):
        platform.find_project(PROJECT)


def test_more_systems_than_one_page_lists_are_found(versori: VersoriSetup) -> None:
    platform = versori.platform
    project_id = platform.create_project(PROJECT)
    specs = [
        SystemSpec(name=f"shop-{number}", display_name="Shop", base_url="https://a.example.com",
                   auth={"type": "none"})
        for number in range(23)
    ]  # fmt: skip
    made = [platform.create_system(project_id, spec) for spec in specs]

    assert platform.find_system(project_id, specs[0]) == made[0]
    assert platform.find_system(project_id, specs[-1]) == made[-1]


# ---- Whose organisation ------------------------------------------------------------------------


def test_each_workspace_works_in_its_own_organisation(
    versori: VersoriSetup, tmp_path: Path
) -> None:
    teams = ["T0AAAAAAAA", "T0BBBBBBBB"]
    versori.configuration = write_config(tmp_path, versori.double, teams)
    platform = versori.platform

    made = [platform.create_project(PROJECT.model_copy(update={"team": team})) for team in teams]

    owners = list(versori.double.organisations.values())
    holding = [one for one in owners if one.projects]
    assert [list(one.projects) for one in holding] == [[Project.parse(one).id] for one in made]
    assert [Project.parse(one).context for one in made] == teams
    stranger = PROJECT.model_copy(update={"team": "T0CCCCCCCC"})
    with pytest.raises(PlatformError, match="no Versori context for the workspace T0CCCCCCCC"):
        platform.find_project(stranger)


def test_one_active_context_is_for_every_workspace(versori: VersoriSetup) -> None:
    made = versori.platform.create_project(PROJECT.model_copy(update={"team": "T0AAAAAAAA"}))
    assert Project.parse(made).context == "weft"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no configuration"),
        ("- a list", "is no configuration"),
        ("{broken", "is no configuration"),
        (yaml.safe_dump({"active_context": "a", "contexts": {"a": {"name": "a"}}}),
         "lacks organisation_id, jwt"),
        (yaml.safe_dump({"active_context": "b", "contexts": {}}), "no Versori context “b”"),
    ],
)  # fmt: skip
def test_a_configuration_that_is_wrong_is_said(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(content)
    with pytest.raises(PlatformError, match=said):
        Contexts(path).of_team("T1")
