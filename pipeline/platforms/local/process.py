"""A Deno process for one child: no permission but the way to the runner, and bounded memory."""

import asyncio
import contextlib
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from deno import find_deno_bin  # type: ignore[import-untyped]

from pipeline.errors import PlatformError

_HEAP_MEGABYTES = 256
_DATA_KILOBYTES = 1_200_000  # bounds what the heap's limit does not: ArrayBuffers
_OPEN_FILES = 256
_LONGEST_LINE = 4_000
_LINES_KEPT = 200

# The shell sets the limits and becomes Deno: nothing runs between fork and exec in this process,
# which has threads.
_LIMITED = f'ulimit -c 0 && ulimit -n {_OPEN_FILES} && ulimit -d {_DATA_KILOBYTES} && exec "$@"'


class Launch(NamedTuple):
    """What a child is started with."""

    directory: Path
    cache: Path
    host: str  # host:port of the runner
    token: str
    deployment: str


async def spawn(launch: Launch) -> Process:
    """Start the project's `src/index.ts`; the token goes in by standard input alone."""
    command = (
        "/bin/sh", "-c", _LIMITED, "deno",
        _deno(), "run", "--quiet", "--no-prompt", "--cached-only", "--no-remote", "--no-npm",
        f"--allow-net={launch.host}", f"--v8-flags=--max-old-space-size={_HEAP_MEGABYTES}",
        "src/index.ts",
    )  # fmt: skip
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=launch.directory,
            env={"DENO_DIR": str(launch.cache), "NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1"},
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise PlatformError(f"Deno can't be started ({error}): run `weft doctor`.") from error
    start = {
        "url": f"ws://{launch.host}/child",
        "token": launch.token,
        "deployment": launch.deployment,
    }
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):  # it died at once: its exit says so
        process.stdin.write(json.dumps(start).encode() + b"\n")
        await process.stdin.drain()
    return process


async def read_output(stream: asyncio.StreamReader, write: Callable[[str], None]) -> None:
    """Pass on what a process prints, line by line; beyond the limits it is dropped."""
    written = 0
    while chunk := await _line(stream):
        if written < _LINES_KEPT and chunk.strip():
            write(chunk.decode(errors="replace").rstrip()[:_LONGEST_LINE])
        written += 1


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as rest:
        return rest.partial
    except asyncio.LimitOverrunError as overrun:
        return await stream.read(overrun.consumed)


def kill(process: Process) -> None:
    """Kill the process and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _deno() -> str:
    try:
        return str(find_deno_bin())
    except FileNotFoundError as error:
        raise PlatformError("Deno is missing: install it with `pip install deno`.") from error
