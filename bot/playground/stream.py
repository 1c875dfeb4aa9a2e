"""What happens in the workspace, told to every open page as it happens.

message, message_changed, ephemeral {channel, message}; message_deleted {channel, ts};
modal_opened, modal_updated {user, view}; modal_closed {user, view_id};
typing {channel, thread_ts, user, status}; members {channel, members}.
Ephemeral messages and modals reach the pages of their own person only.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

LARGEST_BACKLOG = 1000


class Stream:
    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[dict[str, Any] | None], str] = {}

    def publish(self, kind: str, only_for: str | None = None, **content: Any) -> None:
        """A listener that has stopped reading is dropped: its page reconnects and reads anew."""
        for queue, user in list(self._listeners.items()):
            if only_for not in (None, user):
                continue
            if queue.qsize() >= LARGEST_BACKLOG:
                self._end(queue)
            else:
                queue.put_nowait({"type": kind, **content})

    @asynccontextmanager
    async def listen(self, user: str) -> AsyncIterator[AsyncIterator[dict[str, Any] | None]]:
        """Events for one user; None every 15 s when nothing happens, so that dead pages show."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._listeners[queue] = user
        try:
            yield self._events(queue)
        finally:
            self._listeners.pop(queue, None)

    async def _events(
        self, queue: asyncio.Queue[dict[str, Any] | None]
    ) -> AsyncIterator[dict[str, Any] | None]:
        while queue in self._listeners:
            try:
                event = await asyncio.wait_for(queue.get(), timeout=15)
            except TimeoutError:
                yield None
                continue
            if event is None:
                return
            yield event

    def close(self) -> None:
        for queue in list(self._listeners):
            self._end(queue)

    def _end(self, queue: asyncio.Queue[dict[str, Any] | None]) -> None:
        self._listeners.pop(queue, None)
        queue.put_nowait(None)
