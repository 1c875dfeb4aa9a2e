"""A bot's Request URL that records what it gets and answers as it is told."""

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

Json = dict[str, Any]


@dataclass(frozen=True)
class Received:
    headers: dict[str, str]
    body: str

    @property
    def payload(self) -> Json:
        """Of an event, an interaction or a command."""
        if self.headers["content-type"] == "application/json":
            event: Json = json.loads(self.body)
            return event
        form = {name: values[0] for name, values in parse_qs(self.body).items()}
        payload: Json = json.loads(form["payload"]) if "payload" in form else form
        return payload


Answer = Callable[[Received], tuple[int, Any]]


class Receiver:
    """`answer` gives status and body, text or JSON; 200 and nothing unless set otherwise."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answer: Answer = lambda _: (200, "")
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            wbufsize = -1  # one packet an answer, or each waits 40 ms for an acknowledgement

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                one = Received(headers, body)
                receiver.received.append(one)
                status, content = receiver.answer(one)
                self._send(status, content)

            def _send(self, status: int, content: Any) -> None:
                text = isinstance(content, str)
                data = (content if text else json.dumps(content)).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/plain" if text else "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """The double hangs up on answers that come too late."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/slack/events"

    def events(self, kind: str | None = None) -> list[Json]:
        """The events received, in order; of one type, `message.<subtype>` for a subtype."""
        events = [one.payload["event"] for one in self.received if "event" in one.payload]
        return [event for event in events if kind is None or kind == _kind(event)]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _kind(event: Json) -> str:
    return f"{event['type']}.{event['subtype']}" if "subtype" in event else str(event["type"])


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
