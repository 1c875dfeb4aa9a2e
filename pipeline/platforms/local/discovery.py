"""How others find the runner of a home: `runner.json`, which only its owner can read.

A runner holds `runner.lock` as long as it lives, so that a home never has two.
"""

import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from pydantic import ValidationError

from pipeline.errors import PlatformError
from pipeline.model import Value

_START_SECONDS = 30.0
_COMMAND = (sys.executable, "-m", "bot", "runner")


class RunnerAddress(Value):
    url: str
    token: str
    pid: int

    @property
    def how_to_stop(self) -> str:
        return f"kill {self.pid}"


def new_token() -> str:
    return secrets.token_urlsafe(32)


@contextmanager
def announced(home: Path, address: RunnerAddress) -> Iterator[None]:
    """Let others find this runner while the block runs."""
    target = home / "runner.json"
    draft = home / f"runner.json.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(address.model_dump_json())
    draft.replace(target)
    try:
        yield
    finally:
        target.unlink(missing_ok=True)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home's lock; PlatformError where another runner holds it."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "runner.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PlatformError(
                f"A runner works in {home} already: use that one, or stop it first."
            ) from error
        yield


def find_runner(home: Path) -> RunnerAddress | None:
    """The home's runner, if one is there and answers; what a dead one left is ignored."""
    try:
        address = RunnerAddress.model_validate_json((home / "runner.json").read_text())
    except (OSError, ValidationError):
        return None
    try:
        answer = httpx.get(f"{address.url}/health", timeout=5.0, trust_env=False)
        # A stranger may have got the port since: only the runner knows its own process id.
        healthy = answer.status_code == 200 and answer.json().get("pid") == address.pid
    except (httpx.HTTPError, json.JSONDecodeError):
        return None
    return address if healthy else None


def start_runner(home: Path, command: Sequence[str] = _COMMAND) -> RunnerAddress:
    """The home's runner, started detached where there is none, once it answers.

    The command must serve the home that WEFT_HOME names. Two that start at once get the same one.
    """
    found = find_runner(home)
    if found is not None:
        return found
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    log_path = home / "runner.log"
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=os.environ | {"WEFT_HOME": str(home)},
        )
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        found = find_runner(home)
        if found is not None:
            return found
        if process.poll() is not None and not _is_locked(home):
            raise PlatformError(f"The runner did not start: {_last_line(log_path)}")
        time.sleep(0.05)
    raise PlatformError(
        f"The runner does not answer after {_START_SECONDS:g} seconds: look at {log_path}."
    )


def stop_runner(home: Path, seconds: float = 20.0) -> bool:
    """End the home's runner and wait until it is gone; False where there was none."""
    found = find_runner(home)
    if found is None:
        return False
    os.kill(found.pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while _is_locked(home):
        if time.monotonic() > deadline:
            raise PlatformError(f"The runner (process {found.pid}) does not end: kill it.")
        time.sleep(0.05)
    return True


def _is_locked(home: Path) -> bool:
    try:
        with only_one(home):
            return False
    except PlatformError:
        return True


def _last_line(log_path: Path) -> str:
    lines = log_path.read_text(errors="replace").strip().splitlines()
    return lines[-1][:500] if lines else f"look at {log_path}."
