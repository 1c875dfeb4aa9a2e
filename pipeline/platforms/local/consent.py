"""OAuth 2.0 authorization code: the address where a person consents, and the way back."""

import secrets
import time
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse

from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import PlatformError
from pipeline.platforms.local.endpoints import Endpoints
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.oauth import authorization_url
from pipeline.platforms.local.protocol import CallRefused
from pipeline.platforms.local.tokens import Tokens
from pipeline.platforms.local.vaulted import Secrets

_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Weft</title>'
    '<meta name="viewport" content="width=device-width">'
    "<style>body{{font:1.1rem system-ui;margin:4rem auto;max-width:34rem;padding:0 1rem}}</style>"
    "<p>{sentence}</p></html>"
)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LASTS_SECONDS = 600.0
_MOST_PENDING = 1000


class _Pending(NamedTuple):
    connection: Connection
    verifier: str
    until: float


class Consent:
    """Pending consents are held in memory: after a restart the person clicks once more."""

    def __init__(
        self,
        ledger: Ledger,
        endpoints: Endpoints,
        tokens: Tokens,
        vault: Secrets,
        catalogue: Catalogue,
        callback_url: str,
    ) -> None:
        self._ledger = ledger
        self._endpoints = endpoints
        self._tokens = tokens
        self._vault = vault
        self._catalogue = catalogue
        self._redirect_url = callback_url
        self._pending: dict[str, _Pending] = {}

    async def authorization_url(self, connection: Connection) -> str:
        """Where the person consents; the state in it is good once, for ten minutes."""
        auth = self._endpoints.auth(connection)
        if not auth.authorize_url:
            raise PlatformError(
                f"“{connection.system}” has no address to consent at: set its authorize_url."
            )
        typed = await self._vault.get(connection.vault_reference)
        self._forget_old()
        state = self._fresh_state(connection) or self._new_state(connection)
        verifier = self._pending[state].verifier
        return authorization_url(auth, typed, self._redirect_url, state, verifier)

    def _fresh_state(self, connection: Connection) -> str | None:
        """Of a link that was given out lately: whoever waits for a consent asks again and again."""
        enough = time.monotonic() + _LASTS_SECONDS / 2
        for state, pending in self._pending.items():
            if pending.connection == connection and pending.until > enough:
                return state
        return None

    def _new_state(self, connection: Connection) -> str:
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        self._pending[state] = _Pending(connection, verifier, time.monotonic() + _LASTS_SECONDS)
        return state

    async def receive(self, request: Request) -> HTMLResponse:
        """The callback that the person's browser comes to."""
        try:
            system = await self.complete(request.query_params)
        except (CallRefused, PlatformError) as error:
            return _page(400, str(error))
        return _page(200, f"{system} is connected. You can close this page.")

    async def complete(self, parameters: Mapping[str, str]) -> str:
        """Trade the code for tokens, and keep what else came with it; gives the system's name."""
        pending = self._pending.pop(parameters.get("state", ""), None)
        if pending is None or pending.until < time.monotonic():
            raise PlatformError("This link is no longer good: start from the connection again.")
        code = parameters.get("code")
        if not code:
            raise PlatformError("The access was not granted: start from the connection again.")
        grant = {"code": code, "redirect_uri": self._redirect_url}
        if pending.connection.auth.pkce:
            grant["code_verifier"] = pending.verifier
        self._keep_config(pending.connection, parameters)
        await self._tokens.exchange(pending.connection, grant)
        return pending.connection.system

    def _keep_config(self, connection: Connection, callback: Mapping[str, str]) -> None:
        try:
            named = self._catalogue.system(connection.system).callback_config
        except KeyError:
            return  # a system that is not in the catalogue names nothing in its callback
        given = {
            item: callback[parameter] for item, parameter in named.items() if parameter in callback
        }
        if given:
            self._ledger.connections.set_config(connection.id, connection.config | given)

    def _forget_old(self) -> None:
        now = time.monotonic()
        current = [(state, one) for state, one in self._pending.items() if one.until > now]
        self._pending = dict(current[-_MOST_PENDING:])


def _page(status: int, sentence: str) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(sentence=escape(sentence)), status, _HEADERS)
