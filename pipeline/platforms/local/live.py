"""A live deployment: the child of one place, kept running, and the delivery of its events."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from pipeline.errors import PlatformError
from pipeline.platforms.local.child import Child
from pipeline.platforms.local.delivery import Context, Delivery
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.versions import Version
from pipeline.platforms.local.protocol import WorkflowInfo

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0  # after a life this long, the pauses begin anew
_GRACE_SECONDS = 10.0

StartChild = Callable[[Place, Version], Awaitable[tuple[Child, list[WorkflowInfo]]]]


class LiveDeployment:
    def __init__(
        self, place: Place, ledger: Ledger, start_child: StartChild, context: Context
    ) -> None:
        self.place = place
        self.delivery = Delivery(place, ledger, lambda: self.child, context)
        self.delivery.start()
        self._ledger = ledger
        self._start_child = start_child
        self._current: Child | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def child(self) -> Child | None:
        """The child that events may go to now."""
        return self._current if self._current is not None and self._current.is_ready else None

    async def switch(self, version: Version) -> None:
        """Make a version live. The one before works until the new one is ready, and stays where
        the new one does not start: then PlatformError."""
        async with self._changing:
            child, workflows = await self._start_child(self.place, version)
            await self._stop_keeping()
            before, self._current = self._current, child
            self._ledger.deployments.put(self.place, version.id, workflows)
            self._keeper = asyncio.create_task(self._keep(version, child))
            self.delivery.resume()
            if before is not None:
                leaving = asyncio.create_task(before.stop(_GRACE_SECONDS))
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)

    def bring_up(self, version: Version) -> None:
        """Start what was live when the runner ended, in the background."""
        self._keeper = asyncio.create_task(self._keep(version, None))

    async def stop(self, grace_seconds: float = _GRACE_SECONDS) -> None:
        """End the child after what it works on; events that come later stay stored."""
        async with self._changing:
            await self._stop_keeping()
            await self.delivery.drain(grace_seconds)
            before, self._current = self._current, None
            if before is not None:
                await before.stop(grace_seconds)

    async def close(self) -> None:
        await self.stop()
        if self._leaving:
            await asyncio.wait(self._leaving)
        await self.delivery.close()

    async def _keep(self, version: Version, child: Child | None) -> None:
        """Start the version again whenever its child ends, after pauses that grow."""
        pause = _FIRST_PAUSE
        while True:
            if child is not None:
                started = time.monotonic()
                await child.gone()
                if time.monotonic() - started > _STEADY_SECONDS:
                    pause = _FIRST_PAUSE
                await self._wait(pause, "The integration ended by itself")
                pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                child, _ = await self._start_child(self.place, version)
            except PlatformError as error:
                child = None
                await self._wait(pause, str(error))
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                self._current = child
                self.delivery.wake()

    async def _wait(self, seconds: float, reason: str) -> None:
        message = f"{reason.rstrip('.')}. It is started again in {seconds:g} s."
        self._ledger.journal.log(self.place, "error", message)
        await asyncio.sleep(seconds)

    async def _stop_keeping(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
