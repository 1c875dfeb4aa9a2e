"""Socket Mode: the bot's own WebSockets, over which envelopes go and are acknowledged."""

import asyncio
import json
import secrets
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.delivery.transports import Answer, Delivery, NotDelivered
from bot.playground.errors import SlackError
from bot.playground.people import APP_ID

MOST_CONNECTIONS = 10


class SocketMode:
    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._connections: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}

    @property
    def connected(self) -> bool:
        return bool(self._connections)

    def ticket(self) -> str:
        """Opens one connection once, as apps.connections.open promises."""
        if len(self._connections) >= MOST_CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(code=1008)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        self._connections.append(socket)
        try:
            await socket.send_json(self._hello())
            while True:
                self._acknowledge(await socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            if socket in self._connections:
                self._connections.remove(socket)

    async def send(self, delivery: Delivery) -> Answer:
        """To the connection that has waited longest. NotDelivered when none is left."""
        if not self._connections:
            raise NotDelivered("connection_failed")
        socket = self._connections.pop(0)
        self._connections.append(socket)
        envelope = self._envelope(delivery)
        acknowledged = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = acknowledged
        try:
            await socket.send_json(envelope)
            return Answer(200, await acknowledged)
        except (WebSocketDisconnect, RuntimeError):  # Starlette's for a socket that has closed
            raise NotDelivered("connection_failed") from None
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def close(self) -> None:
        """Slack ends connections this way before it refreshes them."""
        for socket in list(self._connections):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await self.drop()

    async def drop(self) -> None:
        """Ends them without a word, as happens to idle ones."""
        for socket in list(self._connections):
            await socket.close()

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": APP_ID},
            "debug_info": {
                "host": "applink-playground",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
        }

    def _envelope(self, delivery: Delivery) -> dict[str, Any]:
        envelope = {
            "envelope_id": secrets.token_hex(16),
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            envelope |= {
                "retry_attempt": delivery.retry_number,
                "retry_reason": delivery.retry_reason,
            }
        return envelope

    def _acknowledge(self, text: str) -> None:
        message = json.loads(text)
        waiting = self._waiting.get(message.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(message.get("payload"))
