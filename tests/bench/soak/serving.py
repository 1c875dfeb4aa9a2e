"""Sockets on loopback for the processes of the soak."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A free port, and its address."""
    # With the protocol named, asyncio sends each answer at once instead of waiting for more.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener, f"http://127.0.0.1:{listener.getsockname()[1]}"
