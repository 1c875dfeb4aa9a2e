"""Delivery: what is stored goes to the child, a few at once, each at least once."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from pipeline.errors import PlatformError
from pipeline.platforms.local.channel import ChildGone
from pipeline.platforms.local.child import Child
from pipeline.platforms.local.inputs import invocation_input
from pipeline.platforms.local.lanes import EventLane, InstanceLane, Lane, failure
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.events import Event
from pipeline.platforms.local.protocol import Result

_LEDGER_PAUSE_SECONDS = 1.0
_FULL_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0  # so that a clock that was set is noticed

Written = TypeVar("Written")
Context = Callable[[str], dict[str, Any]]  # activation's id -> it, and the connections it may use


class Home(Protocol):
    """Where children come from."""

    @property
    def child(self) -> Child | None:
        """Who takes events now."""
        ...

    def want_child(self) -> None:
        """There is work and no child; `wake` is called when there is one."""
        ...


class Delivery:
    """The events of one place."""

    def __init__(self, place: Place, ledger: Ledger, home: Home, context: Context) -> None:
        self._lanes: tuple[Lane, ...] = (EventLane(place, ledger), InstanceLane(place, ledger))
        self._home = home
        self._context = context
        self._last_end = time.monotonic()
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._waiting: dict[str, asyncio.Future[Result]] = {}
        self._paused = False
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run())
        self.wake()

    def wake(self) -> None:
        """Something may be there to do: an event, or a child that is ready."""
        self._wake.set()

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False
        self.wake()

    def idle_for(self) -> float:
        """Seconds since the last event ended; 0 while one is in work."""
        return 0.0 if self._running else time.monotonic() - self._last_end

    def result(self, event_id: str) -> asyncio.Future[Result]:
        """The result of an event, for who waits; ask before the loop runs again."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting[event_id] = future
        future.add_done_callback(lambda _: self._waiting.pop(event_id, None))
        return future

    async def drain(self, seconds: float) -> None:
        """Take no further events, and give those that run so long to end."""
        self.pause()
        if self._running:
            await asyncio.wait(set(self._running), timeout=seconds)

    async def close(self) -> None:
        tasks = [*self._running, *([self._loop] if self._loop else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        pause: float | None = None
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self._wake.clear()
            try:
                for lane in self._lanes:
                    while self._start_next(lane):
                        pass
                pause = self._pause()
            except PlatformError:  # the ledger can't be written now; the events are still there
                pause = _LEDGER_PAUSE_SECONDS

    def _pause(self) -> float | None:
        """Seconds until something becomes due by itself; None where nothing will."""
        if self._paused:
            return None
        due = [seconds for lane in self._lanes if (seconds := lane.due_in()) is not None]
        if not due:
            return None
        soonest = min(due)
        if soonest <= 0 and self._home.child is None:
            self._home.want_child()
            return None
        # What is due already waits for others to end, and their end wakes this too.
        return min(soonest, _LONGEST_PAUSE_SECONDS) if soonest > 0 else _FULL_PAUSE_SECONDS

    def _start_next(self, lane: Lane) -> bool:
        """Begin what is next in a lane, if there is anything and somebody to take it."""
        child = self._home.child
        if child is None or self._paused:
            return False
        event = lane.claim()
        if event is None:
            return False
        lane.running[event.workflow] += 1
        task = asyncio.create_task(self._deliver(child, lane, event))
        self._running.add(task)
        task.add_done_callback(partial(self._done, lane, event.workflow))
        return True

    def _done(self, lane: Lane, workflow: str, task: asyncio.Task[None]) -> None:
        lane.running[workflow] -= 1
        self._running.discard(task)
        self._last_end = time.monotonic()
        self.wake()

    async def _deliver(self, child: Child, lane: Lane, event: Event) -> None:
        result = await self._invoke(child, lane, event)
        if result is not None:
            await self._record(partial(lane.settle, event, result))
            self._answer(event.id, result)

    async def _invoke(self, child: Child, lane: Lane, event: Event) -> Result | None:
        """How it ended; None where it is to begin again."""
        seconds = lane.seconds(event)
        try:
            context = self._context(event.activation)
            message = {"workflow": event.workflow, **invocation_input(event), **context}
            return await child.invoke(event.id, message, seconds)
        except PlatformError as error:  # its activation is gone
            return failure(event.id, str(error))
        except ChildGone as error:
            return await self._record(partial(lane.lost, event, str(error)))
        except TimeoutError:
            return failure(event.id, f"it took longer than {seconds:g} seconds")

    async def _record(self, write: Callable[[], Written]) -> Written:
        """Write to the ledger, however long it takes until that works."""
        while True:
            try:
                return write()
            except PlatformError:
                await asyncio.sleep(_LEDGER_PAUSE_SECONDS)

    def _answer(self, event_id: str, result: Result) -> None:
        waiting = self._waiting.get(event_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(result)
