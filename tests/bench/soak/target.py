"""The mock at the other end: `python -m tests.bench.soak.target FAULTS`, a share of its calls.

It prints its address, and is never killed: what it holds at the end is what was delivered.
"""

import random
import sys
import threading

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.catalogue.catalogue import Catalogue
from pipeline.simulation.app import CONTROL_PATH, create_app
from pipeline.simulation.faults import Fault, FaultKind
from pipeline.simulation.mock import MockSystem
from tests.bench.soak.serving import listening

COUNT_PATH = "/__count"  # how many customers there are

_FAULTS: tuple[FaultKind, ...] = ("rate-limited", "server-error", "hang", "lost-response")
_SECONDS = 2.0  # of a hang, and of Retry-After


class Unreliable:
    """Spoils a share of the calls, chosen with the same seed each time."""

    def __init__(self, mock: MockSystem, share: float) -> None:
        self._mock = mock
        self._app: ASGIApp = create_app(mock)
        self._share = share
        self._random = random.Random(7)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == COUNT_PATH:
            count = PlainTextResponse(str(len(self._mock.records("customer"))))
            await count(scope, receive, send)
            return
        is_call = scope["type"] == "http" and not scope["path"].startswith(CONTROL_PATH)
        if is_call and self._random.random() < self._share:
            with self._mock.lock:
                kind = self._random.choice(_FAULTS)
                self._mock.faults.add(Fault(kind, seconds=_SECONDS))
        await self._app(scope, receive, send)


def serve(share: float) -> None:
    mock = MockSystem(Catalogue.load().system("stripe"))
    with listening() as (listener, url):
        print(url, flush=True)
        config = uvicorn.Config(Unreliable(mock, share), log_level="critical", access_log=False)
        server = uvicorn.Server(config)
        threading.Thread(target=_until_orphaned, args=(server,), daemon=True).start()
        server.run(sockets=[listener])


def _until_orphaned(server: uvicorn.Server) -> None:
    """Whoever started it holds its standard input open."""
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    serve(float(sys.argv[1]))
