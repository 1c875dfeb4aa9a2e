"""A client that outlives the runner it first found."""

import signal
from contextlib import closing

import pytest

from pipeline.errors import PlatformError
from pipeline.platforms.local import remote
from pipeline.platforms.local.client import LocalPlatform
from tests.platforms.local.conftest import RunnerProcess
from tests.platforms.local.projects import new_project


def test_a_runner_that_was_started_again_is_found_again(mortal_runner: RunnerProcess) -> None:
    address = mortal_runner.start()
    with closing(LocalPlatform(address.url, address.token, mortal_runner.home)) as platform:
        project = new_project(platform, "integration")
        for port in (mortal_runner.port, 0):  # the second time elsewhere
            mortal_runner.port = port
            mortal_runner.end(signal.SIGKILL)
            mortal_runner.start()

            assert new_project(platform, "integration") == project


def test_without_a_runner_it_is_said_what_to_do(
    mortal_runner: RunnerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "_PATIENCE_SECONDS", 0.1)
    address = mortal_runner.start()
    mortal_runner.end()

    platform = LocalPlatform(address.url, address.token, mortal_runner.home)
    with closing(platform), pytest.raises(PlatformError, match="weft runner"):
        new_project(platform, "integration")


def test_a_stranger_is_refused(mortal_runner: RunnerProcess) -> None:
    address = mortal_runner.start()

    platform = LocalPlatform(address.url, "guessed")
    with closing(platform), pytest.raises(PlatformError, match="not the runner.s token"):
        new_project(platform, "integration")
