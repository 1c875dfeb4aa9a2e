"""The runner: one process that owns the local platform and serves it on loopback."""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import PlatformError
from pipeline.platforms.local.app import HOST, Runner, RunnerSettings, app_of, create_app
from pipeline.platforms.local.discovery import RunnerAddress, announced, new_token, only_one
from pipeline.platforms.local.limits import Limits
from pipeline.platforms.local.retention import Retention
from pipeline.ports import Clock, Vault

USUAL_PORT = 8787
_LARGEST_MESSAGE = 32 * 1024 * 1024  # of a child's channel: the broker's cap in base64, and room
_USUAL = Limits()
_KEPT = Retention()
_WAITING_CONNECTIONS = 1024


class _Server(uvicorn.Server):
    """Ends what runs in the children before it cuts their channels."""

    def __init__(self, config: uvicorn.Config, runner: Runner) -> None:
        super().__init__(config)
        self._runner = runner

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._runner.supervisor.close()
        await super().shutdown(sockets)


def serve(
    home: Path,
    port: int | None,
    vault: Vault,
    catalogue: Catalogue,
    clock: Clock,
    *,
    public_url: str = "",
    allowed_hosts: frozenset[str] = frozenset(),
    limits: Limits = _USUAL,
    retention: Retention = _KEPT,
) -> None:
    """Run until a signal ends it. Without a port: that of last time, the usual one, or any."""
    with only_one(home), _listening(home, port) as listener:
        bound_port = listener.getsockname()[1]
        token = new_token()
        settings = RunnerSettings(
            home, bound_port, token, vault, catalogue, clock, public_url, allowed_hosts,
            limits, retention,
        )  # fmt: skip
        runner = Runner(settings)
        config = uvicorn.Config(
            app_of(runner),
            ws="websockets-sansio",
            ws_max_size=_LARGEST_MESSAGE,
            ws_ping_interval=limits.silent_seconds / 2,
            ws_ping_timeout=limits.silent_seconds / 2,
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        address = RunnerAddress(url=settings.url, token=token, pid=os.getpid())
        with announced(home, address), _ending_by_signal():
            _Server(config, runner).run(sockets=[listener])


@contextlib.contextmanager
def _ending_by_signal() -> Iterator[None]:
    """A signal ends the block, not the process: uvicorn raises it again when it has shut down."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        yield


def _listening(home: Path, port: int | None) -> socket.socket:
    """A socket on that port; without one, on the port of last time, so that webhooks keep their
    addresses, else on the usual one or any that is free."""
    memory = home / "runner" / "port"
    remembered = int(memory.read_text()) if memory.exists() else USUAL_PORT
    for candidate in (remembered, USUAL_PORT, 0) if port is None else (port,):
        # asyncio switches Nagle's delay off only where the protocol is named: 40 ms an answer.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        # So that a runner started again at once gets its port, and its webhooks their address.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, candidate))
        except OSError:
            listener.close()
        else:
            listener.listen(_WAITING_CONNECTIONS)
            memory.parent.mkdir(parents=True, exist_ok=True)
            memory.write_text(str(listener.getsockname()[1]))
            return listener
    raise PlatformError(f"Port {port} is taken by another program: stop that, or choose another.")


__all__ = ["RunnerSettings", "create_app", "serve"]
