"""Finding, starting and stopping the runner of a home."""

import json
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.errors import PlatformError
from pipeline.platforms.local.client import LocalPlatform
from pipeline.platforms.local.discovery import (
    RunnerAddress,
    announced,
    find_runner,
    only_one,
    start_runner,
    stop_runner,
)
from pipeline.ports import ProjectSpec
from tests.platforms.local.conftest import ROOT, RunnerProcess

PROJECT = ProjectSpec(name="p", integration_id="i")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def command(home: Path, port: int | None = 0) -> tuple[str, ...]:
    """Starts a runner wherever it is called from."""
    start = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
        "from tests.platforms.local.serving import main; main(*sys.argv[1:])"
    )
    return (
        sys.executable,
        "-c",
        start,
        str(home),
        str(home / "vault.json"),
        "" if port is None else str(port),
    )


def test_there_is_no_runner_in_an_empty_home(home: Path) -> None:
    assert find_runner(home) is None
    assert stop_runner(home) is False


def test_a_runner_is_started_found_and_stopped(home: Path) -> None:
    address = start_runner(home, command(home))
    try:
        assert find_runner(home) == address
        assert start_runner(home, command(home)) == address
    finally:
        assert stop_runner(home)

    assert find_runner(home) is None
    assert not home.joinpath("runner.json").exists()


def test_two_starts_at_once_share_one_runner(home: Path) -> None:
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(lambda _: start_runner(home, command(home)), range(2))
    stop_runner(home)

    assert first == second


def test_what_a_killed_runner_left_is_ignored(home: Path) -> None:
    first = start_runner(home, command(home))
    os.kill(first.pid, signal.SIGKILL)

    second = start_runner(home, command(home))
    stop_runner(home)

    assert second.token != first.token


def test_a_stranger_on_the_runners_port_is_not_the_runner(
    home: Path, runner: RunnerProcess
) -> None:
    home.mkdir()
    stale = RunnerAddress(url=f"http://127.0.0.1:{runner.port}", token="old", pid=1)
    home.joinpath("runner.json").write_text(stale.model_dump_json())

    assert find_runner(home) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"url": 5}', "\0"])
def test_a_damaged_file_is_no_runner(home: Path, content: str) -> None:
    home.mkdir()
    home.joinpath("runner.json").write_text(content)

    assert find_runner(home) is None


def test_the_announcement_is_its_owners_alone_and_ends(home: Path) -> None:
    home.mkdir()
    address = RunnerAddress(url="http://127.0.0.1:1", token="t", pid=1)

    with announced(home, address):
        written = home.joinpath("runner.json")
        assert json.loads(written.read_text())["token"] == "t"
        assert written.stat().st_mode & 0o777 == 0o600

    assert not written.exists()


def test_a_home_has_one_runner(home: Path) -> None:
    with (
        only_one(home),
        pytest.raises(PlatformError, match="already"),
        only_one(home, patience=0.1),
    ):
        pass

    with only_one(home):
        pass


def test_a_taken_port_is_said(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PlatformError, match=f"Port {port} is taken"):
            start_runner(home, command(home, port))


def test_a_command_that_fails_is_told_with_its_last_words(home: Path) -> None:
    with pytest.raises(PlatformError, match="out of luck"):
        start_runner(home, (sys.executable, "-c", "raise SystemExit('out of luck')"))


# ---- The control API ---------------------------------------------------------------------------


def test_who_has_no_token_may_do_nothing(runner: RunnerProcess) -> None:
    platform = LocalPlatform(f"http://127.0.0.1:{runner.port}", "guessed")

    with pytest.raises(PlatformError, match="token"):
        platform.create_project(PROJECT)
    platform.close()


def test_a_runner_that_is_gone_is_said_and_may_be_tried_again() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        platform = LocalPlatform(f"http://127.0.0.1:{closed.getsockname()[1]}", "t")

        with pytest.raises(PlatformError, match="weft runner") as caught:
            platform.create_project(PROJECT)
    platform.close()

    assert caught.value.retryable


@pytest.mark.parametrize("arguments", [{}, {"spec": 5}, {"spec": {"name": "p"}}, {"other": 1}])
def test_wrong_arguments_are_refused_in_a_sentence(
    runner: RunnerProcess, arguments: dict[str, object]
) -> None:
    platform = runner.platform()

    with pytest.raises(PlatformError, match="Wrong arguments.*another version of Weft"):
        platform._remote.call("create_project", **arguments)
    platform.close()


@pytest.mark.parametrize("operation", ["no_such", "_require", "__init__", "close"])
def test_only_operations_can_be_called(runner: RunnerProcess, operation: str) -> None:
    platform = runner.platform()

    with pytest.raises(PlatformError, match="no such operation.*weft runner --stop"):
        platform._remote.call(operation)
    platform.close()


def test_without_a_port_a_runner_comes_back_to_its_last_one(home: Path) -> None:
    first = start_runner(home, command(home))
    stop_runner(home)

    again = start_runner(home, command(home, port=None))
    stop_runner(home)

    assert again.url == first.url
