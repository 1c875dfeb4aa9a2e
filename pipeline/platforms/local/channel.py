"""The channel to one child: invocations go out, calls and logs come in, over one WebSocket."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, NamedTuple

from pydantic import JsonValue, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from pipeline.platforms.local.protocol import Call, CallRefused, Log, Result

_CALLS_AT_ONCE = 64
_Message: TypeAdapter[Result | Call | Log] = TypeAdapter(Result | Call | Log)

Answer = Callable[[str, str, dict[str, Any]], Awaitable[JsonValue]]  # execution, method, params
Write = Callable[[Log], None]


class _Invocation(NamedTuple):
    """One attempt at an execution. It has an id of its own, so that what an attempt that was given
    up still does is never taken for the next one's."""

    execution: str
    result: asyncio.Future[Result]


class ChildGone(Exception):
    """The child ended, or its channel broke, before it gave a result."""


class Channel:
    def __init__(self, socket: WebSocket, answer: Answer, write: Write) -> None:
        self._socket = socket
        self._answer = answer
        self._write = write
        self._invocations: dict[str, _Invocation] = {}
        self._numbers = count(1)
        self._calls: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(_CALLS_AT_ONCE)

    async def invoke(self, execution_id: str, message: dict[str, Any], seconds: float) -> Result:
        """Run a workflow; ChildGone, or TimeoutError after so many seconds."""
        waiting: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        invocation_id = f"{execution_id}/{next(self._numbers)}"
        self._invocations[invocation_id] = _Invocation(execution_id, waiting)
        try:
            await self._send(
                {"type": "invoke", "id": invocation_id, "execution": execution_id, **message}
            )
            return await asyncio.wait_for(waiting, seconds)
        finally:
            self._invocations.pop(invocation_id, None)

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
            for invocation in self._invocations.values():
                if not invocation.result.done():
                    invocation.result.set_exception(ChildGone("its process ended"))

    async def _receive(self, text: str) -> None:
        message = _Message.validate_json(text)
        if isinstance(message, Log):
            execution_id = message.execution.rpartition("/")[0]
            self._write(message.model_copy(update={"execution": execution_id}))
        elif isinstance(message, Result):
            invocation = self._invocations.get(message.id)
            if invocation is not None and not invocation.result.done():
                invocation.result.set_result(message)
        else:
            await self._free.acquire()  # so a child that floods the runner is read more slowly
            task = asyncio.create_task(self._reply(message))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def _reply(self, call: Call) -> None:
        try:
            invocation = self._invocations.get(call.execution)
            if invocation is None:
                raise CallRefused("NotRunning", "Only a running workflow may ask for something.")
            result = await self._answer(invocation.execution, call.method, call.params)
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
