"""The channel to one child: invocations go out, calls and logs come in, over one WebSocket."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import JsonValue, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from pipeline.platforms.local.protocol import Call, CallRefused, Log, Result

_CALLS_AT_ONCE = 64
_Message: TypeAdapter[Result | Call | Log] = TypeAdapter(Result | Call | Log)

Answer = Callable[[str, str, dict[str, Any]], Awaitable[JsonValue]]  # execution, method, params
Write = Callable[[Log], None]


class ChildGone(Exception):
    """The child ended, or its channel broke, before it gave a result."""


class Channel:
    def __init__(self, socket: WebSocket, answer: Answer, write: Write) -> None:
        self._socket = socket
        self._answer = answer
        self._write = write
        self._results: dict[str, asyncio.Future[Result]] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(_CALLS_AT_ONCE)

    async def invoke(self, execution_id: str, message: dict[str, Any], seconds: float) -> Result:
        """Run a workflow; ChildGone, or TimeoutError after so many seconds."""
        waiting: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._results[execution_id] = waiting
        try:
            await self._send({"type": "invoke", "id": execution_id, **message})
            return await asyncio.wait_for(waiting, seconds)
        finally:
            self._results.pop(execution_id, None)

    async def shut_down(self) -> None:
        """Ask the child to end by itself."""
        await self._send({"type": "shutdown"})

    async def run(self) -> None:
        """Read until the child is gone; then whoever waits for a result gets ChildGone."""
        try:
            while True:
                await self._receive(await self._socket.receive_text())
        except (WebSocketDisconnect, ValidationError):
            return  # a child that speaks another language is as good as gone
        finally:
            for task in self._calls:
                task.cancel()
            for waiting in self._results.values():
                if not waiting.done():
                    waiting.set_exception(ChildGone("its process ended"))

    async def _receive(self, text: str) -> None:
        message = _Message.validate_json(text)
        if isinstance(message, Log):
            self._write(message)
        elif isinstance(message, Result):
            waiting = self._results.get(message.id)
            if waiting is not None and not waiting.done():
                waiting.set_result(message)
        else:
            await self._free.acquire()  # so a child that floods the runner is read more slowly
            task = asyncio.create_task(self._reply(message))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def _reply(self, call: Call) -> None:
        try:
            if call.execution not in self._results:
                raise CallRefused("NotRunning", "Only a running workflow may ask for something.")
            result = await self._answer(call.execution, call.method, call.params)
            reply: dict[str, Any] = {"ok": True, "result": result}
        except CallRefused as refusal:
            reply = {"ok": False, "error": {"name": refusal.name, "message": str(refusal)}}
        finally:
            self._free.release()
        try:
            await self._send({"type": "reply", "id": call.id, **reply})
        except ChildGone:
            return  # nobody waits for the reply any more

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            await self._socket.send_text(json.dumps(message, ensure_ascii=False))
        except (WebSocketDisconnect, RuntimeError) as error:  # Starlette: already closed
            raise ChildGone("its channel is closed") from error
