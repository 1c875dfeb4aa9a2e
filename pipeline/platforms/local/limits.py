"""Limits of one child: what it may use, and what it is ended for."""

import asyncio
import os
import time
from pathlib import Path
from typing import NamedTuple

_LOOK_SECONDS = 2.0
_WHOLE_CORE = 0.9
_MEGABYTE = 1024 * 1024


class Limits(NamedTuple):
    memory_megabytes: int = 512
    busy_seconds: float = 60.0  # of a whole core, without a pause
    silent_seconds: float = 20.0  # without an answer to a ping
    idle_seconds: float = 300.0  # without an event; then it sleeps until the next one


class Usage(NamedTuple):
    at: float  # seconds of the monotonic clock
    cpu_seconds: float  # since the process began
    memory_bytes: int


def usage_of(pid: int) -> Usage | None:
    """What a process uses; None where it is gone, or the system has no /proc."""
    directory = Path("/proc") / str(pid)
    try:
        # After the name, which may hold anything: state, ppid, …; 11 and 12 are the CPU's ticks.
        fields = directory.joinpath("stat").read_text().rpartition(")")[2].split()
        pages = int(directory.joinpath("statm").read_text().split()[1])
    except (OSError, IndexError):
        return None
    ticks = int(fields[11]) + int(fields[12])
    return Usage(
        time.monotonic(),
        ticks / os.sysconf("SC_CLK_TCK"),
        pages * os.sysconf("SC_PAGE_SIZE"),
    )


async def excess(pid: int, limits: Limits, look_seconds: float = _LOOK_SECONDS) -> str:
    """Wait until the process uses too much; says what. It never ends for one that is modest."""
    before = idle = None
    while True:
        usage = usage_of(pid)
        if usage is not None:
            if usage.memory_bytes > limits.memory_megabytes * _MEGABYTE:
                return f"it used more than {limits.memory_megabytes} MB of memory"
            if before is None or idle is None or not _is_busy(before, usage):
                idle = usage
            if usage.at - idle.at >= limits.busy_seconds:
                return f"it computed for {limits.busy_seconds:g} seconds without a pause"
            before = usage
        await asyncio.sleep(look_seconds)


def _is_busy(before: Usage, now: Usage) -> bool:
    return now.cpu_seconds - before.cpu_seconds >= _WHOLE_CORE * (now.at - before.at)
