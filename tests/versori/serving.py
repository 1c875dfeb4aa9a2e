"""HTTP for the double: reading a request, failing on purpose, serving on a thread."""

import json
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.versori.description import Problem
from tests.versori.state import Body


@dataclass(frozen=True)
class Exchange:
    """One request as it came, secrets and all, and the status it was answered with."""

    operation: str
    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]
    status: int
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Fault:
    """How an operation fails: `after` its effect or before; without a status it only is slow."""

    status: int | None = None
    after: bool = False
    delay: float = 0.0
    hang_up: bool = False  # without an answer
    body: str | None = None
    times: int = 1


METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


async def read(request: Request) -> tuple[Any, list[Problem]]:
    content = await request.body()
    if not content:
        return None, []
    if request.headers.get("content-type") != "application/json":
        return content.decode(errors="replace"), [{"field": "", "message": "is not JSON"}]
    try:
        return json.loads(content), []
    except ValueError as error:
        return content.decode(errors="replace"), [{"field": "", "message": str(error)}]


def failed(fault: Fault) -> Response | None:
    if fault.hang_up:
        return _HangUp()
    if fault.status is None:
        return None
    if fault.body is not None:
        return Response(fault.body, fault.status)
    return error(fault.status, "internal", "something went wrong")


def error(status: int, code: str, message: str, problems: list[Problem] | None = None) -> Response:
    body: Body = {"code": code, "message": message, "details": ""}
    if problems:
        body["fields"] = problems
        body["details"] = "; ".join(f"{one['field']}: {one['message']}" for one in problems)
    return JSONResponse(body, status)


class _HangUp(Response):
    """Announces more than it sends, so that the server closes the connection half way."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


def listen() -> socket.socket:
    """On any free port. TCP is named, for otherwise asyncio lets small answers wait for more."""
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    return listener


def serve(app: Any, listener: socket.socket, **options: Any) -> uvicorn.Server:
    """Serves on a thread of its own until `should_exit` is set."""
    config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="none", **options)
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    while not server.started:
        time.sleep(0.005)
    return server
