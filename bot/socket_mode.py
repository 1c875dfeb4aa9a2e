"""Socket Mode: more than one connection to Slack, for an idle one dies without a word."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler

CONNECTIONS = 2


@contextmanager
def socket_mode(app: App, token: str) -> Iterator[None]:
    """The app takes what Slack delivers over sockets, while the block runs."""
    handlers = [SocketModeHandler(app, token) for _ in range(CONNECTIONS)]
    try:
        for handler in handlers:
            handler.connect()  # type: ignore[no-untyped-call]
        yield
    finally:
        with ThreadPoolExecutor(CONNECTIONS) as closing:  # each waits a second for its queue
            list(closing.map(_close, handlers))


def _close(handler: SocketModeHandler) -> None:
    """A reader that waits for its socket looks up every three seconds, or when something comes."""
    client = handler.client
    client.current_session_state.terminated = True
    with contextlib.suppress(OSError):  # a socket that is broken wakes its reader by itself
        if client.current_session is not None:
            client.current_session.ping("closing")  # what comes is its answer, if it isn't empty
    client.close()
