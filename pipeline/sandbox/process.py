"""Running one foreign program with limits: time, memory, output, and nothing to inherit."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.cancellation import Cancellation

MEMORY_KILOBYTES = 1_200_000
FILE_BLOCKS = 131_072  # of 512 bytes: 64 MB
OUTPUT_BYTES = 2_000_000

# Limits are set by a shell that then becomes the program: code run between fork and exec in
# this process could deadlock on what another thread holds. RLIMIT_DATA, because Deno reserves
# far more address space than it uses.
_LIMITED = f'ulimit -d {MEMORY_KILOBYTES} && ulimit -f {FILE_BLOCKS} && ulimit -c 0 && exec "$@"'


@dataclass(frozen=True)
class Finished:
    """How a program ended; `code` is negative where a signal ended it."""

    code: int
    output: str
    errors: str
    timed_out: bool
    overflowed: bool

    @property
    def ran_out(self) -> str | None:
        """Why the program was ended before it was done; None where it ended by itself."""
        if self.timed_out:
            return "took too long and was stopped"
        if self.overflowed:
            return "wrote too much output and was stopped"
        if self.code < 0:
            return f"crashed ({signal.Signals(-self.code).name}), most likely out of memory"
        return None


def run(
    command: Sequence[str | Path],
    *,
    directory: Path,
    environment: Mapping[str, str],
    timeout: float,
    cancellation: Cancellation,
) -> Finished:
    """Run to the end, or until time, output or a person ends it. Stopped where a person did."""
    nothing = subprocess.DEVNULL
    with running(command, nothing, directory, environment, cancellation) as process:
        return _follow(process, timeout)


@contextmanager
def running(
    command: Sequence[str | Path],
    stdin: int,
    directory: Path,
    environment: Mapping[str, str],
    cancellation: Cancellation,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program with limits, as long as the block runs and no person stops it (Stopped)."""
    cancellation.check()
    with subprocess.Popen(
        ["/bin/sh", "-c", _LIMITED, "sh", *command],
        cwd=directory,
        env=environment,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        kill = _killer(process)
        try:
            with cancellation.killing(kill):
                yield process
        finally:
            kill()


def _follow(process: subprocess.Popen[bytes], timeout: float) -> Finished:
    assert process.stdout is not None and process.stderr is not None
    kill = _killer(process)
    output, errors = _Drain(process.stdout, kill), _Drain(process.stderr, kill)
    timed_out = False
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        timed_out = True
        kill()
    code = process.wait()
    return Finished(
        code, output.text(), errors.text(), timed_out, output.overflowed or errors.overflowed
    )


def _killer(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    """Ends the program with all its children, as long as it runs."""

    def kill() -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)

    return kill


class _Drain:
    """Reads a pipe in a thread of its own, so that the program never blocks on a full one."""

    def __init__(self, pipe: IO[bytes], kill: Callable[[], None]) -> None:
        self.overflowed = False
        self._pipe, self._kill = pipe, kill
        self._content = bytearray()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def text(self) -> str:
        self._thread.join()
        return self._content.decode("utf-8", "replace")

    def _read(self) -> None:
        while chunk := self._pipe.read1(65_536):  # type: ignore[attr-defined]
            if len(self._content) >= OUTPUT_BYTES:
                self.overflowed = True
                self._kill()
                return
            self._content += chunk
