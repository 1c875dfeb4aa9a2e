"""OAuth 2.0 tokens: fetched, refreshed once for all who wait, and rotated in the vault.

The vault keeps them as {access_token, refresh_token, expires_at} under a reference of their own, so
that what a person typed stays as it is.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import httpx

from pipeline.platforms.local.endpoints import Endpoints
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.oauth import kept_tokens, token_request
from pipeline.platforms.local.protocol import CallRefused
from pipeline.platforms.local.vaulted import Secrets

_EARLY_SECONDS = 60  # a token this close to its end counts as expired
_TIMEOUT_SECONDS = 30.0
_FINAL_ERRORS = ("invalid_grant", "invalid_client", "unauthorized_client")


class Tokens:
    """Keeps every OAuth connection's tokens usable."""

    def __init__(
        self,
        secrets: Secrets,
        ledger: Ledger,
        endpoints: Endpoints,
        transport: httpx.AsyncBaseTransport,
    ) -> None:
        self._secrets = secrets
        self._ledger = ledger
        self._endpoints = endpoints
        self._client = httpx.AsyncClient(
            transport=transport, trust_env=False, timeout=_TIMEOUT_SECONDS
        )
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def close(self) -> None:
        await self._client.aclose()

    async def secrets(self, connection: Connection, rejected: str | None = None) -> dict[str, str]:
        """Everything to dress a request with; `rejected` is a token that was answered with 401."""
        typed = await self._secrets.get(connection.vault_reference)
        if connection.auth.type != "oauth2":
            return typed
        async with self._locks[connection.id]:
            current = self._ledger.connections.by_id(connection.id)
            tokens = await self._secrets.get(current.token_reference) or kept_tokens(typed)
            if _is_usable(tokens, rejected):
                return typed | tokens
            fresh = await self._fetch_again(current, typed, tokens)
            await self._keep(current, fresh)
            return typed | fresh

    async def exchange(self, connection: Connection, grant: Mapping[str, str]) -> None:
        """Trade an authorization code for the first tokens, and keep them."""
        typed = await self._secrets.get(connection.vault_reference)
        async with self._locks[connection.id]:
            tokens = await self._ask(
                connection, typed, {"grant_type": "authorization_code", **grant}
            )
            await self._keep(connection, tokens)

    async def _keep(self, connection: Connection, tokens: Mapping[str, str]) -> None:
        """Save tokens before anybody uses them, and forget the ones they replace."""
        reference = await self._secrets.put(connection, tokens)
        self._ledger.connections.set_tokens(connection.id, reference)
        if connection.token_reference is not None:
            await self._secrets.delete(connection.token_reference)

    async def _fetch_again(
        self, connection: Connection, typed: Mapping[str, str], tokens: Mapping[str, str]
    ) -> dict[str, str]:
        grant = _grant(connection, typed, tokens)
        if grant is None:
            raise self._consent_needed(connection)
        fresh = await self._ask(connection, typed, grant)
        # A system that does not rotate leaves the refresh token out: the old one stays good.
        return {"refresh_token": grant.get("refresh_token", "")} | fresh

    async def _ask(
        self, connection: Connection, typed: Mapping[str, str], grant: Mapping[str, str]
    ) -> dict[str, str]:
        """The tokens that the system gives for a grant; CallRefused where it gives none."""
        auth = self._endpoints.auth(connection)
        if not auth.token_url:
            raise CallRefused("NotConnected", f"“{connection.system}” has no token address.")
        request = token_request(auth, typed, grant)
        try:
            response = await self._client.post(
                request.url, headers=request.headers, content=request.body
            )
            answer: Any = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise _failed(connection) from error
        if not isinstance(answer, dict):
            raise _failed(connection)
        if answer.get("error") in _FINAL_ERRORS:
            raise self._consent_needed(connection)
        if response.is_error or not answer.get("access_token"):
            raise _failed(connection)
        return kept_tokens(answer)

    def _consent_needed(self, connection: Connection) -> CallRefused:
        self._ledger.connections.set_tokens(connection.id, None)
        return CallRefused(
            "NotConnected",
            f"“{connection.system}” does not accept its connection: connect it again.",
        )


def _grant(
    connection: Connection, typed: Mapping[str, str], tokens: Mapping[str, str]
) -> dict[str, str] | None:
    """What to ask new tokens with; None where only a person can consent again."""
    match connection.auth.grant:
        case "client-credentials":
            scopes = connection.auth.scope_separator.join(connection.auth.scopes)
            scope = {"scope": scopes} if scopes else {}
            return {"grant_type": "client_credentials", **scope}
        case "password":
            return {
                "grant_type": "password",
                "username": typed.get("username", ""),
                "password": typed.get("password", ""),
            }
    refresh_token = tokens.get("refresh_token")
    if not refresh_token:
        return None
    return {"grant_type": "refresh_token", "refresh_token": refresh_token}


def _is_usable(tokens: Mapping[str, str], rejected: str | None) -> bool:
    token = tokens.get("access_token")
    if not token or token == rejected:
        return False
    return float(tokens.get("expires_at") or "inf") > time.time() + _EARLY_SECONDS


def _failed(connection: Connection) -> CallRefused:
    return CallRefused(
        "TokenRefused", f"“{connection.system}” gave no access token: try again in a while."
    )
