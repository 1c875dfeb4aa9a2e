"""The Messages API on loopback: strict about every request, scripted in every answer.

A request is checked against the SDK's own types, the limits of strict schemas, and the rules of a
conversation; what breaks them is answered with a 400 and kept in `problems`. Answers are streamed
as the API streams them. With an upstream it records what that answers, and replays it later.
"""

import asyncio
import hashlib
import itertools
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.messages_rules import (
    CACHEABLE,
    Body,
    check_answer,
    check_counted,
    check_request,
    input_blocks,
    plain,
    tokens,
)


@dataclass(frozen=True)
class Reply:
    """One scripted answer. `status` other than 200 is an error of that kind instead."""

    blocks: list[Body] = field(default_factory=list)
    stop_reason: str = "end_turn"
    status: int = 200
    error: str = "api_error"
    stop_details: Body | None = None
    stalls: bool = False  # begins to answer, then says nothing more
    breaks: bool = False  # begins to answer, then sends an error event
    hostile: bool = False  # may give what no real model could: its schemas are not kept


Script = Callable[[Body], Reply]


def says(value: object, **options: Any) -> Reply:
    """Text; anything but a string as JSON."""
    text = value if isinstance(value, str) else json.dumps(value)
    return Reply(blocks=[{"type": "text", "text": text}], **options)


def uses(*calls: tuple[str, Body], **options: Any) -> Reply:
    blocks = [
        {
            "type": "tool_use",
            "id": f"toolu_{time.monotonic_ns()}{number}",
            "name": name,
            "input": values,
        }
        for number, (name, values) in enumerate(calls)
    ]
    return Reply(blocks=blocks, stop_reason="tool_use", **options)


def thinks(reply: Reply) -> Reply:
    thought = {"type": "thinking", "thinking": "Let me look.", "signature": "c2lnbmVk"}
    return Reply(blocks=[thought, *reply.blocks], stop_reason=reply.stop_reason)


def fails(status: int, error: str = "api_error") -> Reply:
    return Reply(status=status, error=error)


def said(body: Body) -> str:
    """All text that a request shows the model beside its instructions."""
    return json.dumps(body["messages"], ensure_ascii=False)


@dataclass
class Exchange:
    path: str
    body: Body
    headers: dict[str, str]
    usage: Body = field(default_factory=dict)


class AnthropicDouble:
    """`script` answers each request; `exchanges` has all of them, `problems` what broke a rule."""

    def __init__(
        self, script: Script, *, upstream: str | None = None, tape: Path | None = None
    ) -> None:
        self.script = script
        self.exchanges: list[Exchange] = []
        self.problems: list[str] = []
        self.disconnected = threading.Event()
        self.counts = True
        self.url = ""
        self._cache: set[str] = set()
        self._signed: set[str] = set()
        self._upstream = upstream
        self._tape = tape
        self.app = Starlette(
            routes=[
                Route("/v1/messages", self._messages, methods=["POST"]),
                Route("/v1/messages/count_tokens", self._count, methods=["POST"]),
            ]
        )

    @property
    def calls(self) -> list[Exchange]:
        """Requests for an answer; countings are left out."""
        return [one for one in self.exchanges if one.path == "/v1/messages"]

    @contextmanager
    def running(self) -> Iterator["AnthropicDouble"]:
        server = _server()
        self.url = server.mount(self.app)
        try:
            yield self
        finally:
            server.unmount(self.url)

    async def _count(self, request: Request) -> Response:
        body = await self._received(request)
        if not self.counts:
            return _error(404, "not_found_error", "no such path")
        problems = check_counted(body)
        if problems:
            return self._refuse(problems)
        return JSONResponse({"input_tokens": sum(map(tokens, input_blocks(body)))})

    async def _messages(self, request: Request) -> Response:
        body = await self._received(request)
        exchange = self.exchanges[-1]
        problems = check_request(body, exchange.headers, self._signed)
        if problems:
            return self._refuse(problems)
        if self._tape is not None:
            return await self._taped(body, exchange)
        reply = self.script(body)
        if reply.status != 200:
            return _error(reply.status, reply.error, "scripted", {"retry-after-ms": "1"})
        if not reply.hostile:
            whole = reply.stop_reason == "end_turn"
            self.problems += check_answer(reply.blocks, body, whole=whole)
        self._signed |= {one["signature"] for one in reply.blocks if one["type"] == "thinking"}
        exchange.usage = self._usage(body, reply)
        return StreamingResponse(
            self._events(request, reply, body, exchange.usage), media_type="text/event-stream"
        )

    async def _received(self, request: Request) -> Body:
        body: Body = await request.json()
        self.exchanges.append(Exchange(request.url.path, body, dict(request.headers)))
        return body

    def _refuse(self, problems: list[str]) -> Response:
        self.problems += problems
        return _error(400, "invalid_request_error", "; ".join(problems))

    def _usage(self, body: Body, reply: Reply) -> Body:
        """Input as the API splits it: read from the cache, written to it, and the rest."""
        read = written = 0
        total, digest = 0, hashlib.sha256(json.dumps(body["model"]).encode())
        blocks = input_blocks(body)
        for number, block in enumerate(blocks):
            total += tokens(block)
            digest.update(json.dumps(plain(block), sort_keys=True).encode())
            last = number == len(blocks) - 1
            marked = "cache_control" in block or (last and "cache_control" in body)
            if not marked or total < CACHEABLE:
                continue
            if digest.hexdigest() in self._cache:
                read, written = total, 0
            else:
                self._cache.add(digest.hexdigest())
                written = total - read
        searches = sum(one.get("name") == "web_search" for one in reply.blocks)
        return {
            "input_tokens": total - read - written,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": written,
            "output_tokens": max(1, sum(tokens(one) for one in reply.blocks)),
            "server_tool_use": {"web_search_requests": searches, "web_fetch_requests": 0},
        }

    async def _events(
        self, request: Request, reply: Reply, body: Body, usage: Body
    ) -> AsyncIterator[str]:
        start = {"id": f"msg_{len(self.exchanges)}", "type": "message", "role": "assistant",
                 "model": body["model"], "content": [], "stop_reason": None, "stop_sequence": None,
                 "usage": {**usage, "output_tokens": 1}}  # fmt: skip
        yield _event("message_start", {"message": start})
        if reply.stalls:
            try:
                while not await request.is_disconnected():
                    await asyncio.sleep(0.01)
            finally:  # the server may also end it by cancelling
                self.disconnected.set()
            return
        if reply.breaks:
            yield _event("error", {"error": {"type": "overloaded_error", "message": "Overloaded"}})
            return
        for index, block in enumerate(reply.blocks):
            for event in _block_events(index, block):
                yield event
        delta = {"stop_reason": reply.stop_reason, "stop_sequence": None,
                 "stop_details": reply.stop_details}  # fmt: skip
        yield _event("message_delta", {"delta": delta, "usage": usage})
        yield _event("message_stop", {})

    async def _taped(self, body: Body, exchange: Exchange) -> Response:
        """Replay what is on the tape; with an upstream, ask that and record it first."""
        assert self._tape is not None
        taped = json.loads(self._tape.read_text()) if self._tape.exists() else {}
        key = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        if key not in taped and self._upstream is not None:
            headers = {
                name: value for name, value in exchange.headers.items()
                if name in ("x-api-key", "authorization", "anthropic-version", "content-type")
            }  # fmt: skip
            async with httpx.AsyncClient(timeout=60) as client:
                answer = await client.post(
                    f"{self._upstream}/v1/messages", json=body, headers=headers
                )
            taped[key] = {"status": answer.status_code, "text": answer.text}
            self._tape.write_text(json.dumps(taped, indent=1))
        if key not in taped:
            return self._refuse(["this request is not on the tape"])
        kept = taped[key]
        return Response(kept["text"], kept["status"], media_type="text/event-stream")


class _Server:
    """One server for all doubles of a process, each under a path of its own."""

    def __init__(self) -> None:
        self._apps: dict[str, Starlette] = {}
        self._numbers = itertools.count()
        listener = socket.socket(proto=socket.IPPROTO_TCP)  # asyncio turns delays off for it alone
        listener.bind(("127.0.0.1", 0))
        self._url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(self, log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
        while not server.started:
            time.sleep(0.005)

    def mount(self, app: Starlette) -> str:
        name = str(next(self._numbers))
        self._apps[name] = app
        return f"{self._url}/{name}"

    def unmount(self, url: str) -> None:
        del self._apps[url.rpartition("/")[2]]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        _, name, path = scope["path"].split("/", 2)
        await self._apps[name]({**scope, "path": f"/{path}"}, receive, send)


@cache
def _server() -> _Server:
    return _Server()


def _block_events(index: int, block: Body) -> Iterator[str]:
    def delta(content: Body) -> str:
        return _event("content_block_delta", {"index": index, "delta": content})

    kind = block["type"]
    empty = {"text": {"text": ""}, "tool_use": {"input": {}}, "server_tool_use": {"input": {}},
             "thinking": {"thinking": "", "signature": ""}}.get(kind, {})  # fmt: skip
    yield _event("content_block_start", {"index": index, "content_block": {**block, **empty}})
    if kind == "text":
        for start in range(0, len(block["text"]), 200):
            yield delta({"type": "text_delta", "text": block["text"][start : start + 200]})
    elif kind == "thinking":
        yield delta({"type": "thinking_delta", "thinking": block["thinking"]})
        yield delta({"type": "signature_delta", "signature": block["signature"]})
    elif kind in ("tool_use", "server_tool_use"):
        yield delta({"type": "input_json_delta", "partial_json": json.dumps(block["input"])})
    yield _event("content_block_stop", {"index": index})


def _event(name: str, content: Body) -> str:
    return f"event: {name}\ndata: {json.dumps({'type': name, **content})}\n\n"


def _error(status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> Response:
    body = {"type": "error", "error": {"type": kind, "message": message}}
    return JSONResponse(body, status, headers)
