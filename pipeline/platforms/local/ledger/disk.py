"""Waiting for the disk: once for all who wait at the same time, and without stopping others."""

import asyncio
import os
from pathlib import Path

from pipeline.errors import PlatformError


class Disk:
    """Of SQLite's write-ahead log: what is committed there survives the process at once, and a
    power cut after the next flush."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY)
        self._running: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    def close(self) -> None:
        os.close(self._descriptor)

    async def flush(self) -> None:
        """Return when all that was written before this call is on the disk.

        A flush that runs may have begun before that; the next one serves everybody who came since.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._flush_after(self._running))
        await asyncio.shield(self._next)

    async def _flush_after(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        self._running, self._next = self._next, None
        try:
            await asyncio.to_thread(os.fsync, self._descriptor)
        except OSError as error:
            raise PlatformError(
                f"The runner can't write to its disk ({error.strerror}). Make room, and try again.",
                retryable=True,
            ) from error
