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
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import (  # type: ignore[import-untyped]
    AsyncOAuth2Client,
)

from pipeline.errors import StoreError
from pipeline.plan.model import Auth
from pipeline.platforms.local.addresses import PublicOnly
from pipeline.platforms.local.endpoints import Endpoints
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.protocol import CallRefused
from pipeline.ports import Vault

_EARLY_SECONDS = 60  # a token this close to its end counts as expired
_TIMEOUT_SECONDS = 30.0


class Secrets:
    """The vault, off the event loop."""

    def __init__(self, vault: Vault, ledger: Ledger) -> None:
        self._vault = vault
        self._ledger = ledger

    async def get(self, reference: str | None) -> dict[str, str]:
        if reference is None:
            return {}
        try:
            return await asyncio.to_thread(self._vault.get, reference)
        except StoreError as error:
            raise CallRefused("NotConnected", str(error)) from error

    async def put(self, connection: Connection, secrets: Mapping[str, str]) -> str:
        project = self._ledger.projects.get(connection.project_id)
        return await asyncio.to_thread(
            self._vault.put, project.team, project.integration_id, connection.system, secrets
        )

    async def delete(self, reference: str) -> None:
        await asyncio.to_thread(self._vault.delete, reference)


class Tokens:
    """Keeps every OAuth connection's tokens usable."""

    def __init__(
        self, secrets: Secrets, ledger: Ledger, endpoints: Endpoints, transport: PublicOnly
    ) -> None:
        self._secrets = secrets
        self._ledger = ledger
        self._endpoints = endpoints
        self._transport = transport
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def secrets(self, connection: Connection, rejected: str | None = None) -> dict[str, str]:
        """Everything to dress a request with; `rejected` is a token that was answered with 401."""
        typed = await self._secrets.get(connection.vault_reference)
        if connection.auth.type != "oauth2":
            return typed
        async with self._locks[connection.id]:
            current = self._ledger.connections.get(
                connection.project_id, connection.environment, connection.system
            )
            tokens = await self._secrets.get(current.token_reference) or _stored(typed)
            if _is_usable(tokens, rejected):
                return typed | tokens
            fresh = await self._fetch_again(current, typed, tokens)
            await self.keep(current, fresh)
            return typed | fresh

    async def exchange(self, connection: Connection, **grant: str) -> None:
        """Trade an authorization code for the first tokens, and keep them."""
        typed = await self._secrets.get(connection.vault_reference)
        async with self._locks[connection.id]:
            answer = await self._ask(connection, typed, "fetch_token", **grant)
            await self.keep(connection, _stored(answer))

    async def keep(self, connection: Connection, tokens: Mapping[str, str]) -> None:
        """Save tokens before anybody uses them, and forget the ones they replace."""
        reference = await self._secrets.put(connection, tokens)
        self._ledger.connections.set_tokens(connection.id, reference)
        if connection.token_reference is not None:
            await self._secrets.delete(connection.token_reference)

    async def _fetch_again(
        self, connection: Connection, typed: Mapping[str, str], tokens: Mapping[str, str]
    ) -> dict[str, str]:
        refresh_token = tokens.get("refresh_token") or typed.get("refresh_token")
        if connection.auth.grant == "client-credentials":
            answer = await self._ask(
                connection, typed, "fetch_token", grant_type="client_credentials"
            )
        elif connection.auth.grant == "password":
            answer = await self._ask(
                connection, typed, "fetch_token", grant_type="password",
                username=typed.get("username", ""), password=typed.get("password", ""),
            )  # fmt: skip
        elif refresh_token:
            answer = await self._ask(
                connection, typed, "refresh_token", refresh_token=refresh_token
            )
        else:
            self._ledger.connections.set_tokens(connection.id, None)
            raise _consent_needed(connection)
        # A system that does not rotate leaves the refresh token out: the old one stays good.
        return {"refresh_token": refresh_token or ""} | _stored(answer)

    async def _ask(
        self, connection: Connection, typed: Mapping[str, str], operation: str, **arguments: Any
    ) -> Mapping[str, Any]:
        auth = self._endpoints.auth(connection)
        if not auth.token_url:
            raise CallRefused("NotConnected", f"“{connection.system}” has no token address.")
        client = self.client(auth, typed)
        try:
            answer = await getattr(client, operation)(
                auth.token_url, timeout=_TIMEOUT_SECONDS, **arguments
            )
        except AuthlibBaseError as error:
            if error.error in ("invalid_grant", "invalid_client", "unauthorized_client"):
                self._ledger.connections.set_tokens(connection.id, None)
                raise _consent_needed(connection) from error
            raise _failed(connection) from error
        except (httpx.HTTPError, ValueError) as error:  # ValueError: an answer that is no JSON
            raise _failed(connection) from error
        if not answer.get("access_token"):
            raise _failed(connection)
        return dict(answer)

    def client(self, auth: Auth, typed: Mapping[str, str], **options: Any) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=typed.get("client_id"),
            client_secret=typed.get("client_secret"),
            scope=auth.scope_separator.join(auth.scopes) or None,
            token_endpoint_auth_method=f"client_secret_{auth.client_auth}",
            code_challenge_method="S256" if auth.pkce else None,
            transport=self._transport,
            trust_env=False,
            **options,
        )


def _is_usable(tokens: Mapping[str, str], rejected: str | None) -> bool:
    token = tokens.get("access_token")
    if not token or token == rejected:
        return False
    return float(tokens.get("expires_at") or "inf") > time.time() + _EARLY_SECONDS


def _stored(answer: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a token answer that are kept, as text; Authlib works `expires_at` out."""
    kept = ("access_token", "refresh_token", "expires_at")
    return {name: str(answer[name]) for name in kept if answer.get(name)}


def _consent_needed(connection: Connection) -> CallRefused:
    return CallRefused(
        "NotConnected",
        f"“{connection.system}” no longer accepts its connection: connect it again.",
    )


def _failed(connection: Connection) -> CallRefused:
    return CallRefused(
        "TokenRefused", f"“{connection.system}” gave no access token: try again in a while."
    )
