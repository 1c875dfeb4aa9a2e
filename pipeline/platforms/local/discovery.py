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
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
from pydantic import ValidationError

from pipeline.errors import PlatformError
from pipeline.model import Value

_START_SECONDS = 30.0
_POLL_SECONDS = 0.05
_COMMAND = (sys.executable, "-m", "bot", "runner")


class RunnerAddress(Value):
    url: str
    token: str
    pid: int


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
def only_one(home: Path, patience: float = 2.0) -> Iterator[None]:
    """Hold the home's lock; PlatformError where another runner does not let go of it."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    deadline = time.monotonic() + patience  # the one before may be about to end
    with (home / "runner.lock").open("a") as file:
        while not _locked(file):
            if time.monotonic() > deadline:
                raise PlatformError(
                    f"A runner works in {home} already: use that one, or stop it first."
                )
            time.sleep(_POLL_SECONDS)
        yield


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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

    The command must serve the home that WEFT_HOME names. Who starts at the same time waits, and
    gets the same runner.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "runner.start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return find_runner(home) or _start(home, command)


def stop_runner(home: Path, seconds: float = 20.0) -> bool:
    """End the home's runner and wait until it is gone; False where there was none."""
    found = find_runner(home)
    if found is None:
        return False
    os.kill(found.pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while (home / "runner.json").exists() and _is_alive(found.pid):
        if time.monotonic() > deadline:
            raise PlatformError(f"The runner (process {found.pid}) does not end: kill it.")
        time.sleep(_POLL_SECONDS)
    return True


def _start(home: Path, command: Sequence[str]) -> RunnerAddress:
    log_path = home / "runner.log"
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            ("env", f"WEFT_HOME={home.resolve()}", *command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    # It outlives this process; but if it ends first, somebody has to take note of that.
    threading.Thread(target=process.wait, daemon=True).start()
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        found = find_runner(home)  # after the look at the process: another may have won
        if found is not None:
            return found
        if ended:
            raise PlatformError(f"The runner did not start: {_last_line(log_path)}")
        time.sleep(_POLL_SECONDS)
    raise PlatformError(
        f"The runner does not answer after {_START_SECONDS:g} seconds: look at {log_path}."
    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _last_line(log_path: Path) -> str:
    lines = log_path.read_text(errors="replace").strip().splitlines()
    return lines[-1][:500] if lines else f"look at {log_path}."
