"""Runs the double on loopback: in this process on a free port, or until a signal ends it."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Self, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from bot.playground.app_configuration import AppConfiguration
from bot.playground.delivery.courier import Timing
from bot.playground.page_api import PageApi
from bot.playground.slack import Slack
from bot.playground.slack_addresses import SlackAddresses
from pipeline.errors import UsageError

HOST = "127.0.0.1"
Result = TypeVar("Result")


def create_app(slack: Slack) -> Starlette:
    """Slack's own addresses beside those of the page."""
    return Starlette(routes=[*SlackAddresses(slack).routes(), *PageApi(slack).routes()])


class Playground:
    """The double on a port of its own, in a thread of its own; a context manager."""

    def __init__(
        self,
        app: AppConfiguration | None = None,
        *,
        port: int = 0,
        timing: Timing | None = None,
        enforce_rates: bool = False,
    ) -> None:
        self._listener = _listening(port)
        self.url = f"http://{HOST}:{self._listener.getsockname()[1]}"
        self.api_url = f"{self.url}/api/"
        self.page_url = f"{self.url}/playground/"
        self.app = app or AppConfiguration()
        self._new_slack = partial(Slack, self.url, self.app, timing or Timing(), enforce_rates)
        self.slack = self._new_slack()
        self._served = create_app(self.slack)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="playground", daemon=True)

    def start(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def stop(self) -> None:
        """Ends it and waits for its end; what was said in it is gone."""
        self._server.should_exit = True
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def renew(self) -> None:
        """An empty workspace under the same address, with nobody listening."""
        self.within(self._renew)

    def deliver_to(self, request_url: str) -> None:
        """Where the bot takes what happens, as its app's Request URL says in Slack."""
        self.within(self._deliver_to, request_url)

    def settle(self) -> None:
        """Returns when every event was taken, or given up."""
        self.within(self.slack.courier.settle)

    def within(self, work: Callable[..., Awaitable[Result]], *arguments: Any) -> Result:
        """Runs it where the workspace's state lives: all of that belongs to one event loop."""
        assert self._loop is not None, "the playground isn't started"

        async def run() -> Result:
            return await work(*arguments)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    async def _renew(self) -> None:
        await self.slack.close()
        self.slack = self._new_slack()
        self._served = create_app(self.slack)

    async def _deliver_to(self, request_url: str) -> None:
        self.slack.deliver_to(request_url)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await self._served(scope, receive, send)

        self._server = _Server(
            uvicorn.Config(
                application,
                ws="websockets-sansio",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            ),
            self,
        )
        self._started.set()
        with contextlib.closing(self._listener):
            await self._server.serve(sockets=[self._listener])


def _listening(port: int) -> socket.socket:
    """UsageError when the port is taken."""
    # With the protocol named, asyncio sends each answer at once instead of waiting 40 ms for more.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise UsageError(
            f"Port {port} is taken by another program: stop that, or choose another."
        ) from None
    listener.listen(128)
    return listener


class _Server(uvicorn.Server):
    """Ends streams and sockets before it waits for open connections."""

    def __init__(self, config: uvicorn.Config, playground: Playground) -> None:
        super().__init__(config)
        self._playground = playground

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._playground.slack.close()
        await super().shutdown(sockets)
