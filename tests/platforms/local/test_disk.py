"""Waiting for the disk together."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger.disk import Disk


class SlowDisk:
    """Counts flushes, each of which takes until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.go = threading.Semaphore(0)
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, descriptor: int) -> None:
        self.count += 1
        assert self.go.acquire(timeout=5)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    file = tmp_path / "log"
    file.touch()
    return Disk(file)


def test_those_who_come_while_it_flushes_share_the_next_flush(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowDisk(monkeypatch)

    async def run() -> None:
        first = asyncio.create_task(disk.flush())
        while slow.count == 0:
            await asyncio.sleep(0.001)
        later = [asyncio.create_task(disk.flush()) for _ in range(50)]
        slow.go.release()
        await first
        assert not any(task.done() for task in later), "it began before they wrote"
        slow.go.release()
        await asyncio.gather(*later)

    asyncio.run(run())

    assert slow.count == 2
    disk.close()


def test_a_caller_who_leaves_takes_nobody_with_it(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowDisk(monkeypatch)

    async def run() -> None:
        leaving, staying = (asyncio.create_task(disk.flush()) for _ in range(2))
        await asyncio.sleep(0.01)
        leaving.cancel()
        slow.go.release()
        await staying

    asyncio.run(run())
    disk.close()


def test_a_disk_that_fails_is_said(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(PlatformError, match="Input/output error"):
        asyncio.run(disk.flush())
    disk.close()
