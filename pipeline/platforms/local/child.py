"""A child: one process that runs one version of a project, and the channel to it."""

import asyncio
import contextlib
import signal
from asyncio.subprocess import Process
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.websockets import WebSocket

from pipeline.errors import PlatformError
from pipeline.platforms.local.channel import Answer, Channel, ChildGone, Write
from pipeline.platforms.local.limits import Limits, excess
from pipeline.platforms.local.process import Launch, kill, read_output, spawn
from pipeline.platforms.local.protocol import Hello, Result, WorkflowInfo

HELLO_SECONDS = 20.0
_OUTPUT_SECONDS = 1.0
_PARTING_SECONDS = 0.5  # between the end of the channel and that of the process


class Child:
    def __init__(
        self, launch: Launch, limits: Limits, print_line: Callable[[str, str], None]
    ) -> None:
        """`print_line` takes what the process prints: a log level and a line."""
        self.token = launch.token
        self._launch = launch
        self._limits = limits
        self._print_line = print_line
        self._complaint = ""
        self._killed_because = ""
        self._process: Process | None = None
        self._output: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        self._channel: Channel | None = None
        self._hello: asyncio.Future[list[WorkflowInfo]] = asyncio.get_running_loop().create_future()

    async def start(self) -> list[WorkflowInfo]:
        """Start the process and wait for its workflows; PlatformError where it gives none."""
        self._process = await spawn(self._launch)
        assert self._process.stdout is not None and self._process.stderr is not None
        streams = {"info": self._process.stdout, "error": self._process.stderr}
        self._output = {
            asyncio.create_task(read_output(stream, partial(self._print, level)))
            for level, stream in streams.items()
        }
        self._watch = asyncio.create_task(self._keep_limits())
        gone = asyncio.create_task(self.gone())
        waiting: set[asyncio.Future[Any]] = {gone, self._hello}
        try:
            await asyncio.wait(waiting, timeout=HELLO_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self.kill()
            raise
        finally:
            gone.cancel()
        if self._hello.done():
            return self._hello.result()
        self.kill(f"it said nothing for {HELLO_SECONDS:g} seconds")
        raise PlatformError(
            f"The integration did not start ({self.ending}). "
            "Look at its logs, mend the code and deploy again."
        )

    @property
    def is_ready(self) -> bool:
        return self._channel is not None

    @property
    def ending(self) -> str:
        """Why the process ended, in words that can stand after “because”."""
        code = self._process.returncode if self._process is not None else None
        if self._killed_because or self._complaint:
            return self._killed_because or self._complaint
        if code is None:
            return "its channel broke"
        if code < 0:
            return f"a signal ended its process ({signal.Signals(-code).name})"
        return f"its process ended with code {code}"

    async def converse(self, socket: WebSocket, hello: Hello, answer: Answer, write: Write) -> None:
        """Serve the child's channel until it closes; then the process ends too."""
        channel = Channel(socket, answer, write)
        self._channel = channel
        if not self._hello.done():
            self._hello.set_result(hello.workflows)
        try:
            await channel.run()
        finally:
            self._channel = None
            await self._end_within(_PARTING_SECONDS, "it stopped answering")

    async def invoke(self, execution_id: str, message: dict[str, Any], seconds: float) -> Result:
        """Run a workflow; ChildGone says why it ended, TimeoutError comes after so many seconds."""
        try:
            if self._channel is None:
                raise ChildGone("it is not connected")
            return await self._channel.invoke(execution_id, message, seconds)
        except ChildGone as error:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2 * _PARTING_SECONDS):
                    await self.gone()
            raise ChildGone(self.ending) from error

    async def gone(self) -> None:
        """Wait until the process has ended and all that it printed is read."""
        assert self._process is not None
        await self._process.wait()
        if self._watch is not None:
            self._watch.cancel()
        if self._output:
            await asyncio.wait(self._output, timeout=_OUTPUT_SECONDS)

    async def stop(self, seconds: float) -> None:
        """Ask it to end after what it works on, and kill it where it has not within so many
        seconds."""
        if self._process is None:
            return
        with contextlib.suppress(TimeoutError, ChildGone):
            async with asyncio.timeout(seconds):
                if self._channel is not None:
                    await self._channel.shut_down()
                    await self._process.wait()
        self.kill()
        await self._process.wait()

    def kill(self, because: str = "") -> None:
        if self._process is not None and self._process.returncode is None:
            self._killed_because = because
            kill(self._process)

    async def _end_within(self, seconds: float, otherwise: str) -> None:
        """Let the process end by itself; kill it, for that reason, where it does not."""
        assert self._process is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._process.wait()
        self.kill(otherwise)

    async def _keep_limits(self) -> None:
        assert self._process is not None
        self.kill(await excess(self._process.pid, self._limits))

    def _print(self, level: str, line: str) -> None:
        if line.startswith("error:"):  # so Deno begins; what follows are places in files
            self._complaint = line
        elif "out of memory" in line:  # so V8 says it, among pages of figures
            self._complaint = "it used all the memory that JavaScript may have"
        self._print_line(level, line)
