"""A project that runs as if it were deployed, with this process as its runner: no network at all.

Its messages are those between a deployed project and the runner (`protocol.ts` of the Run SDK),
and one of the stage's own: `{"type": "wait", "milliseconds"}` where the project sets a timer.
"""

import json
import queue
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any

from pipeline.artifacts import SourceFile
from pipeline.cancellation import Cancellation
from pipeline.errors import SandboxError
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.process import running
from pipeline.sandbox.project import write_project

_SCRIPT = Path(__file__).with_name("stage.ts")
_LONGEST_LINE = 4_000_000
_COMPLAINT = 2_000
_END = None

Message = dict[str, Any]


class StageError(Exception):
    """The project ended, or said nothing for too long: `str()` says which."""


class Stage:
    """One running project. Messages go out with `send` and come in with `receive`."""

    def __init__(self, process: "subprocess.Popen[bytes]", cancellation: Cancellation) -> None:
        self._process = process
        self._cancellation = cancellation
        self._messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._complaint = bytearray()
        assert process.stdout is not None and process.stderr is not None
        for read, pipe in ((self._read, process.stdout), (self._read_complaint, process.stderr)):
            threading.Thread(target=read, args=(pipe,), daemon=True).start()

    def send(self, message: Message) -> None:
        """StageError where nobody takes it."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise StageError(f"The project ended: {self.complaint}") from None

    def receive(self, seconds: float) -> Message:
        """The next message; StageError where none comes in time, Stopped where a person stops."""
        try:
            message = self._messages.get(timeout=max(seconds, 0))
        except queue.Empty:
            raise StageError("The project did not end in time.") from None
        if message is _END:
            self._cancellation.check()
            raise StageError(f"The project ended: {self.complaint}")
        return message

    @property
    def complaint(self) -> str:
        return self._complaint.decode("utf-8", "replace").strip() or "it said nothing"

    def _read(self, pipe: IO[bytes]) -> None:
        while line := pipe.readline(_LONGEST_LINE):
            try:
                message = json.loads(line)
            except ValueError:
                continue  # something that the project printed past the console
            if isinstance(message, dict):
                self._messages.put(message)
        self._messages.put(_END)

    def _read_complaint(self, pipe: IO[bytes]) -> None:
        while chunk := pipe.read(4096):
            self._complaint += chunk[: max(0, _COMPLAINT - len(self._complaint))]


@contextmanager
def staged(
    files: Sequence[SourceFile], cancellation: Cancellation, deno: Deno, seconds: float
) -> Iterator[tuple[Stage, list[str]]]:
    """The project's stage, and the names of its workflows, for the length of the block.

    SandboxError where the project may not be run; StageError where it does not begin.
    """
    with tempfile.TemporaryDirectory(prefix="weft-stage-") as directory:
        project = Path(directory).resolve()
        write_project(files, project)
        if refused := deno.inspect(project, cancellation):
            raise SandboxError(refused[0].message)
        shutil.copy(_SCRIPT, project / ".weft" / "stage.ts")
        with _running(deno, project, cancellation) as process:
            stage = Stage(process, cancellation)
            stage.send({"url": "ws://stage", "token": "", "deployment": "dry run"})
            hello = _hello(stage, time.monotonic() + seconds)
            yield stage, [str(one["id"]) for one in hello["workflows"]]


def _hello(stage: Stage, deadline: float) -> Message:
    while True:
        message = stage.receive(deadline - time.monotonic())
        if message.get("type") == "hello":
            return message


def _running(
    deno: Deno, project: Path, cancellation: Cancellation
) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    command = deno.command(project, "run", "--no-prompt", "--no-check", "--cached-only", "--quiet")
    return running(
        [*command, ".weft/stage.ts"],
        subprocess.PIPE,
        project,
        deno.environment(),
        cancellation,
    )
