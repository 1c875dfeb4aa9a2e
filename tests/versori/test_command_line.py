"""The real command line and its stand-in do the same, and both as it was recorded."""

import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.versori.command_line import NO_REAL_CLI, VERSION, cli_version, real_cli, stand_in
from tests.versori.config import write_config
from tests.versori.double import VersoriDouble
from tests.versori.starting import Start, executable, forked_stand_in
from tests.versori.walk import RECORDED, Outcome, Walk, steps

EXECUTABLES: dict[str, Callable[[], Path | None]] = {"real": real_cli, "stand-in": stand_in}


@pytest.fixture(scope="module", params=EXECUTABLES)
def path(request: pytest.FixtureRequest) -> Path:
    found = EXECUTABLES[request.param]()
    if found is None:
        pytest.skip(NO_REAL_CLI)
    return found


@pytest.fixture(scope="module")
def start(path: Path) -> Start:
    return forked_stand_in if path == stand_in() else executable(path)


@pytest.fixture(scope="module")
def outcomes(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Outcome]]:
    with VersoriDouble() as double:
        yield list(Walk(start, double, tmp_path_factory.mktemp("walk")).outcomes())


@pytest.fixture(scope="module")
def recorded() -> list[Outcome]:
    loaded: list[Outcome] = yaml.safe_load(RECORDED.read_text())
    return loaded


def test_every_step_is_recorded(recorded: list[Outcome]) -> None:
    assert [one["run"] for one in recorded] == [one["run"] for one in steps()]


@pytest.mark.parametrize("number", range(len(steps())), ids=lambda number: steps()[number]["run"])
def test_a_step_ends_as_recorded(
    number: int, outcomes: list[Outcome], recorded: list[Outcome]
) -> None:
    assert outcomes[number] == recorded[number]


def test_one_version_is_installed_recorded_and_stood_in_for(path: Path) -> None:
    assert cli_version(path) == VERSION
    assert f"version {VERSION} " in RECORDED.read_text().splitlines()[0]
    makefile = (RECORDED.parents[2] / "Makefile").read_text()
    assert f"VERSORI_VERSION := {VERSION}" in makefile.splitlines()


def test_with_a_terminal_a_missing_flag_blocks_for_ever(
    path: Path, double: VersoriDouble, tmp_path: Path
) -> None:
    """Why whoever starts it must take its terminal away: then it fails, as recorded."""
    arguments = [path, "--config", write_config(tmp_path, double), "projects", "create"]
    terminal, inner = pty.openpty()
    with subprocess.Popen(
        ["setsid", "--ctty", *map(str, arguments)],
        stdin=inner,
        stdout=inner,
        stderr=inner,
    ) as asking:
        os.close(inner)
        assert os.read(terminal, 1) != b""
        with pytest.raises(subprocess.TimeoutExpired):
            asking.wait(timeout=0.3)
        asking.kill()
    os.close(terminal)
    assert double.state.projects == {}
