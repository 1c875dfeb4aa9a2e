"""One try to hand a payload to the bot over HTTP, signed as Slack signs."""

import json
import time
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier

Kind = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True)
class Delivery:
    kind: Kind
    payload: dict[str, Any]
    retry_number: int = 0
    retry_reason: str = ""


@dataclass(frozen=True)
class Answer:
    """`body` is parsed JSON, text, or None when it is empty."""

    status: int
    body: Any
    wants_no_retry: bool = False

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


class NotDelivered(Exception):
    """The bot can't be reached; `reason` is Slack's word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Transport(Protocol):
    async def send(self, delivery: Delivery) -> Answer: ...


class HttpTransport:
    def __init__(self, request_url: str, signing_secret: str) -> None:
        self._request_url = request_url
        self._signer = SignatureVerifier(signing_secret)
        # The bot is on this machine, so no certificate is ever looked at.
        self._client = httpx.AsyncClient(timeout=None, verify=False, trust_env=False)

    async def send(self, delivery: Delivery) -> Answer:
        """NotDelivered when the connection fails; time is the caller's to limit."""
        content_type, body = _encoded(delivery)
        headers = {"Content-Type": content_type, **self._signature(body)}
        if delivery.retry_number:
            headers["X-Slack-Retry-Num"] = str(delivery.retry_number)
            headers["X-Slack-Retry-Reason"] = delivery.retry_reason
        try:
            response = await self._client.post(self._request_url, content=body, headers=headers)
        except httpx.HTTPError:
            raise NotDelivered("connection_failed") from None
        return Answer(
            response.status_code, _parsed(response), "x-slack-no-retry" in response.headers
        )

    async def close(self) -> None:
        await self._client.aclose()

    def _signature(self, body: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        signature = self._signer.generate_signature(timestamp=timestamp, body=body)
        assert signature is not None
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }


def _encoded(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind == "events_api":
        return "application/json", json.dumps(delivery.payload)
    fields = (
        delivery.payload
        if delivery.kind == "slash_commands"
        else {"payload": json.dumps(delivery.payload)}
    )
    return "application/x-www-form-urlencoded", urlencode(fields)


def _parsed(response: httpx.Response) -> Any:
    if not response.content:
        return None
    if response.headers.get("content-type", "").startswith("application/json"):
        try:
            return response.json()
        except ValueError:
            return response.text
    return response.text
