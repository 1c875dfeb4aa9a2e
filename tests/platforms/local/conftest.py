"""One runner process for the tests that leave it alive, and fresh ones for those that do not."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from pipeline.clock import SystemClock
from pipeline.platforms.local.client import LocalPlatform
from pipeline.platforms.local.discovery import RunnerAddress, find_runner
from pipeline.platforms.local.limits import Limits
from pipeline.simulation.signatures import signature_headers
from tests.platforms.local.projects import (
    SIGNATURE,
    WEBHOOK_SECRET,
    Books,
    connect,
    new_project,
    serving_books,
    version_spec,
    wait_until,
)
from tests.platforms.local.serving import FileVault

ROOT = Path(__file__).parents[3]


@dataclass
class RunnerProcess:
    """A runner that can be killed and started again on the same home and port."""

    directory: Path
    limits: Limits = Limits()
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def home(self) -> Path:
        return self.directory / "home"

    @property
    def vault(self) -> FileVault:
        return FileVault(self.directory / "vault.json")

    def put_secret(self, secrets: dict[str, str]) -> str:
        return self.vault.put("team", "integration", "system", secrets)

    def start(self) -> RunnerAddress:
        command = (
            sys.executable, "-m", "tests.platforms.local.serving",
            str(self.home), str(self.directory / "vault.json"), str(self.port),
            json.dumps(self.limits._asdict()),
        )  # fmt: skip
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "output.log").open("ab") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
        address: RunnerAddress = wait_until(lambda: find_runner(self.home), 20.0)
        self.port = int(address.url.rpartition(":")[2])
        return address

    def end(self, signal_number: int = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal_number)
            self.process.wait(20)

    def platform(self) -> LocalPlatform:
        address = find_runner(self.home)
        assert address is not None
        return LocalPlatform(address.url, address.token)

    @property
    def output(self) -> str:
        return (self.directory / "output.log").read_text()


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunnerProcess]:
    """A runner that all tests share: each takes a project of its own."""
    process = RunnerProcess(tmp_path_factory.mktemp("runner"))
    process.start()
    yield process
    process.end()
    assert process.output == "", "the runner complained"


@pytest.fixture
def mortal_runner(tmp_path: Path) -> Iterator[RunnerProcess]:
    """A runner of this test alone."""
    process = RunnerProcess(tmp_path / "runner")
    yield process
    process.end()


@pytest.fixture
def books() -> Iterator[Books]:
    with serving_books() as served:
        yield served


@dataclass
class Deployed:
    """The tiny project, live in `test`."""

    runner: RunnerProcess
    platform: LocalPlatform
    project_id: str
    sender: httpx.Client
    environment: str = "test"

    def send(self, workflow: str, body: bytes, **headers: str) -> httpx.Response:
        """A webhook delivery, signed unless headers are given."""
        return self.request("POST", workflow, body, headers or self.signature(body))

    def request(
        self, method: str, workflow: str, body: bytes, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        address = f"http://127.0.0.1:{self.runner.port}/hooks/{self.project_id}"
        return self.sender.request(
            method, f"{address}/{self.environment}/{workflow}", content=body, headers=headers
        )

    @staticmethod
    def signature(body: bytes) -> dict[str, str]:
        return signature_headers(SIGNATURE, WEBHOOK_SECRET, body, SystemClock().now())

    def states(self) -> list[str]:
        """The states of the events, oldest first."""
        events = self.platform.events(self.project_id, self.environment)
        return [event.state for event in reversed(events)]

    def child_pids(self) -> list[int]:
        """The process ids of the runner's children."""
        assert self.runner.process is not None
        parent = self.runner.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [int(child) for child in children.split()]

    def child_pid(self) -> int:
        """The deployment's child, once it is alone."""
        wait_until(lambda: len(self.child_pids()) == 1)
        return self.child_pids()[0]


Deploy = Callable[[RunnerProcess], Deployed]


@pytest.fixture(scope="session")
def sender() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=40.0) as client:
        yield client


@pytest.fixture
def deploy(books: Books, sender: httpx.Client) -> Iterator[Deploy]:
    """Sets the tiny project up on a runner and deploys it to `test`."""
    platforms: list[LocalPlatform] = []

    def deploy_on(runner: RunnerProcess) -> Deployed:
        address = find_runner(runner.home) or runner.start()
        platform = LocalPlatform(address.url, address.token)
        platforms.append(platform)
        project_id = new_project(platform, uuid4().hex)
        connect(platform, runner.put_secret, project_id, "test", books.url)
        version_id = platform.create_version(project_id, version_spec())
        platform.deploy(project_id, version_id, "test")
        return Deployed(runner, platform, project_id, sender)

    yield deploy_on
    for platform in platforms:
        platform.close()


@pytest.fixture
def deployed(runner: RunnerProcess, deploy: Deploy) -> Iterator[Deployed]:
    live = deploy(runner)
    yield live
    live.platform.stop(live.project_id, live.environment)
