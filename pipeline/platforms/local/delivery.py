"""Delivery: stored events go to the child, oldest first, a few at once, each at least once."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from pydantic import JsonValue

from pipeline.errors import PlatformError
from pipeline.platforms.local.channel import ChildGone
from pipeline.platforms.local.child import Child
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.events import Event
from pipeline.platforms.local.protocol import Result

AT_ONCE = 8
ATTEMPTS = 5  # how often an event may lose its child before it counts as failed
LONGEST_SECONDS = 300.0
_LEDGER_PAUSE_SECONDS = 1.0
_LONGEST_REASON = 2000

Context = Callable[[], dict[str, Any]]  # activation and connections of an invocation


class Delivery:
    """The events of one place."""

    def __init__(
        self, place: Place, ledger: Ledger, child: Callable[[], Child | None], context: Context
    ) -> None:
        self._place = place
        self._ledger = ledger
        self._child = child
        self._context = context
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
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                while self._start_next():
                    pass
            except PlatformError:  # the ledger can't be written now; the events are still there
                await asyncio.sleep(_LEDGER_PAUSE_SECONDS)
                self.wake()

    def _start_next(self) -> bool:
        """Begin the oldest event, if there is one and somebody to take it."""
        child = self._child()
        if child is None or self._paused or len(self._running) >= AT_ONCE:
            return False
        event = self._ledger.events.claim(self._place)
        if event is None:
            return False
        task = asyncio.create_task(self._deliver(child, event))
        self._running.add(task)
        task.add_done_callback(self._done)
        return True

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.wake()

    async def _deliver(self, child: Child, event: Event) -> None:
        message = {"workflow": event.workflow, **_input(event), **self._context()}
        try:
            result = await child.invoke(event.id, message, LONGEST_SECONDS)
        except ChildGone as error:
            if event.attempts < ATTEMPTS:
                await self._record(partial(self._ledger.events.release, event.id))
                return
            result = _failure(
                event.id, f"the integration ended {ATTEMPTS} times during this: {error}"
            )
        except TimeoutError:
            result = _failure(event.id, f"it took longer than {LONGEST_SECONDS:g} seconds")
        await self._record(partial(self._end, event.id, result))
        self._answer(event.id, result)

    def _end(self, event_id: str, result: Result) -> None:
        if result.ok:
            self._ledger.events.finish(event_id, result.data)
        else:
            reason = f"{result.error.name}: {result.error.message}"
            self._ledger.events.fail(event_id, reason[:_LONGEST_REASON])

    async def _record(self, write: Callable[[], None]) -> None:
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


def _failure(event_id: str, message: str) -> Result:
    error = {"name": "Interrupted", "message": message}
    return Result.model_validate({"type": "result", "id": event_id, "ok": False, "error": error})


def payload(event: Event) -> JsonValue:
    """What an event brings, parsed by its content type."""
    if event.kind != "webhook":
        return json.loads(event.body) if event.body else None
    content_type = event.request["headers"].get("content-type", "")
    return _parsed(event.body.decode(errors="replace"), content_type)


def _input(event: Event) -> dict[str, Any]:
    """What the workflow is started with: its data and, for a webhook, the request."""
    if event.kind != "webhook":
        return {"data": payload(event)}
    raw_body = event.body.decode(errors="replace")
    return {"data": payload(event), "request": {**event.request, "raw_body": raw_body}}


def _parsed(body: str, content_type: str) -> JsonValue:
    if "form-urlencoded" in content_type:
        fields = parse_qs(body, keep_blank_values=True)
        return {
            name: values[0] if len(values) == 1 else [*values] for name, values in fields.items()
        }
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body
