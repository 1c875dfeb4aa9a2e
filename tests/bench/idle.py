"""What 100 deployed integrations cost while nothing comes, awake and asleep."""

import os
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from pipeline.platforms.local.client import LocalPlatform
from pipeline.platforms.local.limits import Limits
from pipeline.ports import ProjectSpec
from tests.platforms.local.conftest import RunnerProcess
from tests.platforms.local.projects import version_spec, wait_until

DEPLOYMENTS, AWAKE = 100, 10
SECONDS = 15.0
_SLEEP_SECONDS = 1.0
_KILOBYTES = 1024  # in a megabyte

# An hourly schedule, and a webhook that anybody may call.
INDEX = """\
import { durable, fn, schedule, webhook } from "@versori/run";

const hourly = schedule("hourly", "0 * * * *").then(fn("run", () => "ran"));
const echo = webhook("echo", { method: "post" }).then(fn("echo", ({ data }) => data));

const interpreter = await durable.DurableInterpreter.newInstance();
interpreter.register(hourly);
interpreter.register(echo);
await interpreter.start();
// VERSION
"""


def main(deployments: int = DEPLOYMENTS, awake: int = AWAKE) -> None:
    print(f"{'deployed':>8} {'awake':>6} {'children':>9} {'runner':>9} {'CPU':>7}")
    nothing = _measured(0, Limits())
    kept_awake = _measured(awake, Limits(idle_seconds=86_400.0))
    asleep = _measured(deployments, Limits(idle_seconds=_SLEEP_SECONDS))
    each = kept_awake.children / awake
    print(f"a child that is awake takes {each:.0f} MB: {deployments} of them would take "
          f"{each * deployments / 1024:.1f} GB")  # fmt: skip
    print(f"{deployments} deployments that sleep take {asleep.total - nothing.total:.0f} MB more "
          f"than none; the first event after a sleep is answered in {asleep.wake_ms:.0f} ms, "
          f"the next in {asleep.awake_ms:.0f} ms")  # fmt: skip


class Measured:
    """Megabytes (shared pages are shared out), percent of one core, and milliseconds."""

    def __init__(self, runner: int, deployments: int) -> None:
        children = _children(runner)
        before = [_cpu_seconds(pid) for pid in (runner, *children)]
        time.sleep(SECONDS)
        after = [_cpu_seconds(pid) for pid in (runner, *children)]
        self.runner = _megabytes(runner)
        self.children = sum(_megabytes(pid) for pid in children)
        self.cpu = (sum(after) - sum(before)) / SECONDS * 100
        self.wake_ms = self.awake_ms = 0.0
        print(f"{deployments:8} {len(children):6} {self.children:6.0f} MB {self.runner:6.0f} MB "
              f"{self.cpu:6.1f}%")  # fmt: skip

    @property
    def total(self) -> float:
        return self.runner + self.children


def _measured(deployments: int, limits: Limits) -> Measured:
    with TemporaryDirectory() as directory:
        runner = RunnerProcess(Path(directory), limits)
        address = runner.start()
        assert runner.process is not None
        pid = runner.process.pid
        try:
            with closing(LocalPlatform(address.url, address.token)) as platform:
                urls = [_deploy(platform, number) for number in range(deployments)]
            if limits.idle_seconds == _SLEEP_SECONDS:
                wait_until(lambda: not _children(pid), 60.0)
            measured = Measured(pid, deployments)
            if urls:
                measured.wake_ms, measured.awake_ms = (_answered_ms(urls[0]) for _ in range(2))
            return measured
        finally:
            runner.end()


def _deploy(platform: LocalPlatform, number: int) -> str:
    spec = ProjectSpec(name=f"Idle {number}", integration_id=f"idle-{number}")
    project_id = platform.create_project(spec)
    version_id = platform.create_version(project_id, version_spec(1, INDEX))
    return platform.deploy(project_id, version_id, "test").webhooks["echo"]


def _answered_ms(url: str) -> float:
    started = time.perf_counter()
    httpx.post(url, json={}, trust_env=False, timeout=30.0).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / _KILOBYTES
    return 0.0


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
