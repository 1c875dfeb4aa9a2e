"""Versions going live, failing to, and going back."""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.artifacts import SourceFile
from pipeline.errors import PlatformError
from pipeline.ports import VersionSpec
from pipeline.sandbox.project import deno_json
from tests.platforms.local.conftest import Deploy, Deployed, RunnerProcess
from tests.platforms.local.projects import Books, files, version_spec, wait_until


def live_version(deployed: Deployed) -> int:
    version: int = deployed.send("echo", b"{}").json()["version"]
    return version


def spec_with(name: str, index: str) -> VersionSpec:
    source = [
        SourceFile(path="deno.json", content=deno_json()),
        SourceFile(path="src/index.ts", content=index),
    ]
    return VersionSpec(name=name, description="", files=source, digest=name)


def test_a_new_version_takes_over_and_rolling_back_takes_a_second(deployed: Deployed) -> None:
    first = deployed.platform.find_version(deployed.project_id, "v1")
    second = deployed.platform.create_version(deployed.project_id, version_spec(2))
    assert first is not None
    deployed.platform.deploy(deployed.project_id, second, "test")
    assert live_version(deployed) == 2

    started = time.monotonic()
    deployed.platform.roll_back(deployed.project_id, "test", first)

    assert time.monotonic() - started < 1.5
    assert live_version(deployed) == 1
    history = deployed.platform.history(deployed.project_id, "test")
    assert [change["version_id"] for change in history] == [first, second, first]


def test_no_event_is_lost_while_versions_change(deployed: Deployed, books: Books) -> None:
    second = deployed.platform.create_version(deployed.project_id, version_spec(2))
    first = deployed.platform.find_version(deployed.project_id, "v1")
    assert first is not None
    for number in range(30):
        deployed.send("take-order", b'{"id": %d}' % number)
        if number % 10 == 5:
            version_id = second if number == 15 else first
            deployed.platform.deploy(deployed.project_id, version_id, "test")

    wait_until(lambda: deployed.platform.event_counts(deployed.project_id, "test") == {"done": 30})
    assert sorted(books.orders) == list(range(30))


def test_two_deployments_at_once_leave_one_of_them_live(deployed: Deployed) -> None:
    second = deployed.platform.create_version(deployed.project_id, version_spec(2))
    third = deployed.platform.create_version(deployed.project_id, version_spec(3))

    with ThreadPoolExecutor() as pool:
        list(
            pool.map(
                lambda version: deployed.platform.deploy(deployed.project_id, version, "test"),
                [second, third],
            )
        )

    live = deployed.platform.deployment(deployed.project_id, "test")
    assert live is not None
    assert live.healthy
    assert live_version(deployed) == {second: 2, third: 3}[live.version_id]
    wait_until(lambda: deployed.child_pid())


def test_a_version_that_does_not_start_leaves_the_one_before_live(deployed: Deployed) -> None:
    spec = spec_with("broken", 'throw new Error("no such luck");\n')
    broken = deployed.platform.create_version(deployed.project_id, spec)

    with pytest.raises(PlatformError, match="no such luck"):
        deployed.platform.deploy(deployed.project_id, broken, "test")

    assert live_version(deployed) == 1
    logged = [line.message for line in deployed.platform.logs(deployed.project_id, "test")]
    assert any("no such luck" in message for message in logged)


def test_a_version_that_imports_from_outside_is_refused(deployed: Deployed) -> None:
    spec = spec_with("prying", 'import "/etc/hosts" with { type: "text" };\n')

    with pytest.raises(PlatformError, match="may not run"):
        deployed.platform.create_version(deployed.project_id, spec)

    assert deployed.platform.find_version(deployed.project_id, "prying") is None


def test_a_version_without_an_entry_is_refused(deployed: Deployed) -> None:
    spec = VersionSpec(name="empty", description="", files=files()[:1], digest="empty")

    with pytest.raises(PlatformError, match="src/index.ts"):
        deployed.platform.create_version(deployed.project_id, spec)


def test_a_path_that_leaves_the_project_is_refused(deployed: Deployed) -> None:
    outside = SourceFile(path="../outside.ts", content="")
    spec = VersionSpec(name="out", description="", files=[*files(), outside], digest="out")

    with pytest.raises(PlatformError, match="leaves it"):
        deployed.platform.create_version(deployed.project_id, spec)


def test_a_workflow_can_be_run_by_hand(deployed: Deployed) -> None:
    event_id = deployed.platform.run_workflow(deployed.project_id, "test", "echo", {"by": "hand"})

    wait_until(lambda: deployed.platform.event(event_id).state == "done")
    assert deployed.platform.event(event_id).result == {"echoed": {"by": "hand"}, "version": 1}


def test_running_an_unknown_workflow_is_refused(deployed: Deployed) -> None:
    with pytest.raises(PlatformError, match="no-such"):
        deployed.platform.run_workflow(deployed.project_id, "test", "no-such")


def test_what_was_live_is_live_after_a_restart(
    mortal_runner: RunnerProcess, deploy: Deploy
) -> None:
    live = deploy(mortal_runner)
    mortal_runner.end()
    mortal_runner.start()

    with contextlib.closing(mortal_runner.platform()) as platform:
        wait_until(lambda: (info := platform.deployment(live.project_id, "test")) and info.healthy)
    assert live_version(live) == 1
