"""The egress broker: the only way out for generated code, and the only place that knows secrets.

It does not retry, except for one refresh and replay after a 401 of an OAuth connection: retries
belong to the generated code.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from typing import NamedTuple

import httpx
from pydantic import JsonValue

from pipeline.errors import PlatformError
from pipeline.platforms.local.addresses import TLS_CONTEXT, fill, locate
from pipeline.platforms.local.certificates import Certificates
from pipeline.platforms.local.credentials import Request, allowed_headers, dress
from pipeline.platforms.local.databases import Databases, is_database
from pipeline.platforms.local.endpoints import Endpoints
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import CallRefused
from pipeline.platforms.local.record_ids import record_ids
from pipeline.platforms.local.tokens import Tokens

LARGEST_BODY = 10 * 1024 * 1024
LONGEST_SECONDS = 120.0
_USUAL_SECONDS = 30.0
_REDIRECTS = 3
_NOT_FOR_CODE = frozenset(
    ("connection", "content-encoding", "content-length", "keep-alive", "set-cookie",
     "transfer-encoding", "www-authenticate")
)  # fmt: skip


class Outgoing(NamedTuple):
    """What code asks for; `path` is relative to the system's base URL and may hold a query."""

    method: str
    path: str
    headers: Mapping[str, str] = {}
    body: bytes = b""
    timeout_seconds: float = _USUAL_SECONDS


class Incoming(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Broker:
    def __init__(
        self,
        ledger: Ledger,
        endpoints: Endpoints,
        tokens: Tokens,
        transport: httpx.AsyncBaseTransport,
        databases: Databases,
    ) -> None:
        self._ledger = ledger
        self._endpoints = endpoints
        self._tokens = tokens
        self._databases = databases
        self._certificates = Certificates()
        self._client = httpx.AsyncClient(
            transport=transport, trust_env=False, follow_redirects=False
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def fetch(
        self,
        place: Place,
        system: str,
        outgoing: Outgoing,
        execution_id: str | None = None,
        activation: str = STATIC,
    ) -> Incoming:
        """Send a request over the system's connection; CallRefused where it may not or can't."""
        try:
            connection = self._ledger.connections.get(*place, system, activation)
        except PlatformError as error:
            raise CallRefused("NotConnected", str(error)) from error
        started = time.monotonic()
        status: int | None = None
        failure = ""
        written: list[str] = []
        try:
            answer = await self._authenticated(connection, outgoing)
            status = answer.status
            written = record_ids(outgoing.method, answer.body) if status < 400 else []
            return answer
        except CallRefused as refusal:
            failure = refusal.name
            raise
        finally:
            fields: dict[str, JsonValue] = {
                "system": system,
                "method": outgoing.method,
                "path": outgoing.path.partition("?")[0],
                "status": status,
                "ms": round((time.monotonic() - started) * 1000),
            }
            if failure:
                fields["failure"] = failure
            if written:
                fields["ids"] = [*written]
            level = "info" if status is not None and status < 400 else "warn"
            self._ledger.journal.log(place, level, "request", fields, execution_id)

    async def _authenticated(self, connection: Connection, outgoing: Outgoing) -> Incoming:
        secrets = await self._tokens.secrets(connection)
        base_url = self._endpoints.base_url(connection)
        if is_database(base_url):
            return await self._execute(connection, base_url, outgoing, secrets)
        answer = await self._send(connection, outgoing, secrets)
        if answer.status == 401 and connection.auth.type == "oauth2":
            secrets = await self._tokens.secrets(connection, rejected=secrets["access_token"])
            answer = await self._send(connection, outgoing, secrets)
        return answer

    async def _execute(
        self,
        connection: Connection,
        base_url: str,
        outgoing: Outgoing,
        secrets: Mapping[str, str],
    ) -> Incoming:
        """A database's statement, answered as an API would answer."""
        seconds = min(outgoing.timeout_seconds, LONGEST_SECONDS)
        status, body = await self._databases.execute(
            base_url, secrets, connection.config, outgoing.body, seconds
        )
        if len(body) > LARGEST_BODY:
            raise _too_large()
        return Incoming(status, {"content-type": "application/json"}, body)

    async def _send(
        self, connection: Connection, outgoing: Outgoing, secrets: Mapping[str, str]
    ) -> Incoming:
        """One request, and the redirects of a read that stay inside the base URL."""
        base_url = self._endpoints.base_url(connection)
        path = fill(outgoing.path, connection.config)
        extensions: dict[str, object] = {}
        if connection.auth.type == "certificate" and not connection.mock:
            extensions[TLS_CONTEXT] = self._certificates.context(connection, secrets)
        for _ in range(_REDIRECTS + 1):
            url = locate(base_url, path)
            headers = allowed_headers(connection.auth, outgoing.headers)
            request = Request(outgoing.method, url, headers, outgoing.body)
            now = datetime.now(UTC)
            request = dress(connection.auth, secrets, connection.config, request, now)
            answer = await self._exchange(request, outgoing.timeout_seconds, extensions)
            location = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or location is None:
                return answer
            if outgoing.method.upper() not in ("GET", "HEAD"):
                raise CallRefused("EgressRefused", f"“{connection.system}” redirected a write.")
            path = str(locate(base_url, path).join(location))
        raise CallRefused("EgressRefused", f"“{connection.system}” redirects without an end.")

    async def _exchange(
        self, asked: Request, seconds: float, extensions: dict[str, object]
    ) -> Incoming:
        seconds = min(seconds, LONGEST_SECONDS)
        try:
            async with asyncio.timeout(seconds):
                request = self._client.build_request(
                    asked.method,
                    asked.url,
                    headers=asked.headers,
                    content=asked.body or None,
                    extensions=extensions,
                )
                response = await self._client.send(request, stream=True)
                async with aclosing(response):
                    body = await _read(response)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise CallRefused("TimeoutError", f"No answer within {seconds:g} seconds.") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            # OSError: that a certificate is refused comes late in TLS 1.3, and past httpx.
            # The text of httpx's errors may quote the URL, which may hold an API key.
            kind = type(error).__name__
            raise CallRefused("NetworkError", f"The request failed on its way ({kind}).") from error
        kept = {
            name: value
            for name, value in response.headers.items()
            if name.lower() not in _NOT_FOR_CODE
        }
        return Incoming(response.status_code, kept, body)


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _too_large()
    return bytes(body)


def _too_large() -> CallRefused:
    megabytes = LARGEST_BODY // 1024 // 1024
    return CallRefused("TooLarge", f"The answer is larger than {megabytes} MB.")
