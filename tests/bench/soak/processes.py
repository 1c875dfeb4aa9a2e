"""The processes of the soak: started, killed without warning, and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deno import find_deno_bin

from pipeline.platforms.local.client import LocalPlatform
from pipeline.platforms.local.discovery import RunnerAddress, find_runner, stop_runner
from tests.bench.soak.integration import CREDENTIALS
from tests.platforms.local.projects import wait_until

_ROOT = Path(__file__).parents[3]
_START_SECONDS = 30.0


class Killable:
    """A Python process of Weft that can be started again."""

    def __init__(self, home: Path, *command: str) -> None:
        self._home = home
        self._command = (sys.executable, "-m", *command)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        kept = {name: each for name, each in os.environ.items() if not name.startswith("WEFT_")}
        with (self._home / "output.log").open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=_ROOT,
                env={**kept, "WEFT_HOME": str(self._home), "WEFT_ALLOWED_HOSTS": "127.0.0.1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def end(self, signal_number: int = signal.SIGTERM) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal_number)
            self._process.wait(30)

    def kill(self) -> None:
        self.end(signal.SIGKILL)


class Runner(Killable):
    """Keeps its port, so that the webhook keeps its address."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, "bot", "runner")

    def start(self) -> None:
        super().start()
        wait_until(lambda: find_runner(self._home), _START_SECONDS)

    def end(self, signal_number: int = signal.SIGTERM) -> None:
        super().end(signal_number)
        stop_runner(self._home)  # the worker starts one where it finds none

    @property
    def address(self) -> RunnerAddress:
        found = find_runner(self._home)
        assert found is not None
        return found

    def platform(self) -> LocalPlatform:
        return LocalPlatform(self.address.url, self.address.token)

    def kill_child(self) -> None:
        """The one process that runs the integration."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)


@contextmanager
def target(faults: float) -> Iterator[str]:
    command = (sys.executable, "-m", "tests.bench.soak.target", str(faults))
    with _announcing(command) as url:
        yield url


@contextmanager
def bare(target_url: str) -> Iterator[str]:
    """The hand-written service."""
    script = Path(__file__).with_name("bare.ts")
    secret = CREDENTIALS["stripe"]["secret_key"]
    command = (find_deno_bin(), "run", "--allow-net", str(script), target_url, secret)
    with _announcing(command) as url:
        yield url


@contextmanager
def _announcing(command: tuple[str, ...]) -> Iterator[str]:
    """A process that prints its address first; it ends with the block."""
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield line[line.index("http") :].split()[0].rstrip("/")
        process.terminate()
