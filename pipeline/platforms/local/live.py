"""A live deployment: the child of one place, kept running while there is work, and its events."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from pipeline.errors import PlatformError
from pipeline.platforms.local.child import Child
from pipeline.platforms.local.delivery import Context, Delivery
from pipeline.platforms.local.lanes import LONGEST_SECONDS
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.versions import Version
from pipeline.platforms.local.protocol import WorkflowInfo

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0  # after a life this long, the pauses begin anew
_GRACE_SECONDS = 10.0
_TELL_AFTER = 4  # ends in a row, until people are told

StartChild = Callable[[Place, Version], Awaitable[tuple[Child, list[WorkflowInfo]]]]


class LiveDeployment:
    """Its child sleeps (there is none) from `idle_seconds` after the last event to the next one:
    events are stored first, so nobody who sends one notices more than a short wait."""

    def __init__(
        self,
        place: Place,
        ledger: Ledger,
        start_child: StartChild,
        context: Context,
        idle_seconds: float,
    ) -> None:
        self.place = place
        self.trouble = ""  # why there is no child, where there should be one
        self.delivery = Delivery(place, ledger, self, context)
        self.delivery.start()
        self._ledger = ledger
        self._start_child = start_child
        self._idle_seconds = idle_seconds
        self._version: Version | None = None
        self._current: Child | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()
        self._leaving: dict[asyncio.Task[None], Child] = {}

    @property
    def child(self) -> Child | None:
        """The child that events may go to now."""
        return self._current if self._current is not None and self._current.is_ready else None

    def want_child(self) -> None:
        """Work waits: start a child where it sleeps."""
        if self._version is not None and self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(self._version, None))

    def bring_up(self, version: Version) -> None:
        """Serve what was live when the runner ended, from the first event on."""
        self._version = version
        self.delivery.wake()

    async def switch(self, version: Version) -> None:
        """Make a version live. The one before works until the new one is ready, and stays where
        the new one does not start: then PlatformError. Events in work end where they began."""
        async with self._changing:
            child, workflows = await self._start_child(self.place, version)
            await self._stop_keeping()
            before, self._current, self._version = self._current, child, version
            self.trouble = ""
            self._ledger.deployments.put(self.place, version.id, workflows)
            self._keeper = asyncio.create_task(self._keep(version, child))
            self.delivery.resume()
            if before is not None:
                self._retire(before)

    async def stop(self, grace_seconds: float = _GRACE_SECONDS) -> None:
        """End the child after what it works on; events that come later stay stored."""
        async with self._changing:
            self._version = None
            await self._stop_keeping()
            await self.delivery.drain(grace_seconds)
            before, self._current = self._current, None
            if before is not None:
                await before.stop(grace_seconds)

    async def close(self) -> None:
        await self.stop()
        for child in self._leaving.values():  # they had the same grace, of draining
            child.kill("the runner ends")
        if self._leaving:
            await asyncio.wait(self._leaving)
        await self.delivery.close()

    def _retire(self, child: Child) -> None:
        """Let a child that gets no further events end what it works on, and then itself."""
        leaving = asyncio.create_task(child.stop(LONGEST_SECONDS))
        self._leaving[leaving] = child
        leaving.add_done_callback(self._leaving.pop)

    # ---- Keeping ------------------------------------------------------------------------------

    async def _keep(self, version: Version, child: Child | None) -> None:
        """Start the version again whenever its child ends by itself, after pauses that grow; until
        nothing has come for a while."""
        ends = 0
        while True:
            if child is None:
                try:
                    child, _ = await self._start_child(self.place, version)
                except PlatformError as error:
                    ends += 1
                    await self._wait(ends, str(error))
                    continue
                self._current, self.trouble = child, ""
                self.delivery.wake()
            started = time.monotonic()
            if not await self._ends_by_itself(child):
                return self._sleep(child)
            ends = 1 if time.monotonic() - started > _STEADY_SECONDS else ends + 1
            await self._wait(ends, f"The integration ended by itself ({child.ending})")
            child = None

    async def _ends_by_itself(self, child: Child) -> bool:
        """Wait for its end; False where nothing has come for long enough to let it sleep."""
        gone = asyncio.create_task(child.gone())
        started = time.monotonic()
        try:
            while not gone.done():
                idle = min(self.delivery.idle_for(), time.monotonic() - started)
                if idle >= self._idle_seconds:
                    return False
                await asyncio.wait({gone}, timeout=self._idle_seconds - idle)
            return True
        finally:
            gone.cancel()

    def _sleep(self, child: Child) -> None:
        self._current = self._keeper = None
        self._retire(child)
        self.delivery.wake()  # something may have come at this moment

    async def _wait(self, ends: int, reason: str) -> None:
        """Pause before the next start, and say why; `ends` counts those without a steady life."""
        self.trouble = reason.rstrip(".")
        pause = min(_FIRST_PAUSE * 2 ** min(ends - 1, 20), _LONGEST_PAUSE)
        message = f"{self.trouble}. It is started again in {pause:g} s."
        self._ledger.journal.log(self.place, "error", message)
        if ends == _TELL_AFTER:
            self._ledger.journal.raise_issue(
                self.place,
                severity="high",
                title="The integration does not stay up",
                message=f"{self.trouble}. Its events are kept. Mend its code, or roll back.",
            )
        await asyncio.sleep(pause)

    async def _stop_keeping(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
