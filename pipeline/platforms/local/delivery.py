"""Delivery: stored events go to the child, oldest first, a few at once, each at least once."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from pydantic import JsonValue

from pipeline.platforms.local.channel import ChildGone
from pipeline.platforms.local.child import Child
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.events import Event
from pipeline.platforms.local.protocol import Result

AT_ONCE = 8
ATTEMPTS = 5  # how often an event may lose its child before it counts as failed
LONGEST_SECONDS = 300.0

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
            while not self._paused and len(self._running) < AT_ONCE:
                child = self._child()
                event = self._ledger.events.claim(self._place) if child else None
                if child is None or event is None:
                    break
                task = asyncio.create_task(self._deliver(child, event))
                self._running.add(task)
                task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.wake()

    async def _deliver(self, child: Child, event: Event) -> None:
        events = self._ledger.events
        message = {"workflow": event.workflow, **_input(event), **self._context()}
        try:
            result = await child.invoke(event.id, message, LONGEST_SECONDS)
        except ChildGone as error:
            if event.attempts < ATTEMPTS:
                events.release(event.id)
                return
            events.fail(event.id, f"The integration ended {ATTEMPTS} times during this: {error}.")
        except TimeoutError:
            events.fail(event.id, f"It took longer than {LONGEST_SECONDS:g} seconds.")
        else:
            if result.ok:
                events.finish(event.id, result.data)
            else:
                events.fail(event.id, f"{result.error.name}: {result.error.message}"[:2000])
            self._answer(event.id, result)
            return
        self._answer(event.id, _lost(event.id))

    def _answer(self, event_id: str, result: Result) -> None:
        waiting = self._waiting.get(event_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(result)


def _lost(event_id: str) -> Result:
    return Result.model_validate(
        {"type": "result", "id": event_id, "ok": False, "error": {"name": "Lost"}}
    )


def _input(event: Event) -> dict[str, Any]:
    """What the workflow is started with: its data and, for a webhook, the request."""
    if event.kind != "webhook":
        return {"data": json.loads(event.body) if event.body else None}
    raw_body = event.body.decode(errors="replace")
    return {
        "data": _parsed(raw_body, event.request["headers"].get("content-type", "")),
        "request": {**event.request, "raw_body": raw_body},
    }


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
