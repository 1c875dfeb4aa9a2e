"""An OAuth 2.0 authorization server for mocks: codes, tokens, rotation (RFC 6749, 7636)."""

import hashlib
import secrets
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from pydantic import JsonValue

from pipeline.catalogue.model import SystemEntry
from pipeline.plan.model import Auth
from pipeline.ports import Clock
from pipeline.simulation.answers import MockResponse, json_response
from pipeline.simulation.memory import Memory, fingerprint

_CODE_LIFE = timedelta(minutes=10)
_TOKEN_SECONDS = 3600
_CLIENT, _TOKEN, _REFRESH = "client", "token", "refresh"  # what is remembered
_NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}


class OauthError(Exception):
    """`str()` is the description; `code` is the error of RFC 6749."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Authorization:
    """What somebody asks a person to approve."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str = ""
    challenge: str = ""
    challenge_method: str = "plain"


@dataclass(frozen=True)
class Token:
    value: str
    client_id: str
    scopes: tuple[str, ...]
    expired: bool = False


@dataclass(frozen=True)
class _Grant:
    authorization: Authorization
    until: datetime | None = None  # None: a refresh token, which lives until it is used


class AuthorizationServer:
    """Knows clients, codes and tokens. Any client will do until one is registered."""

    def __init__(self, entry: SystemEntry, clock: Clock, memory: Memory) -> None:
        schemes = [scheme for scheme in entry.auth if scheme.type == "oauth2"]
        self.scheme = schemes[0] if schemes else Auth(type="oauth2")
        needed = {scope for one in entry.operations for scope in one.scopes}
        self._known = {*self.scheme.scopes, *needed}
        self._callback = entry.callback_config
        self._clock = clock
        self._memory = memory
        self._clients = memory.all(_CLIENT)  # id -> the secret's fingerprint
        self._codes: dict[str, _Grant] = {}
        self._refresh: dict[str, _Grant] = {}
        self._tokens: dict[str, tuple[Token, datetime]] = {}
        self._token_seconds = _TOKEN_SECONDS

    @property
    def has_issued(self) -> bool:
        return bool(self._tokens or self._memory.all(_TOKEN))

    def register_client(self, client_id: str, client_secret: str) -> None:
        """From now on only registered clients are known."""
        self._clients[client_id] = fingerprint(client_secret)
        self._memory.put(_CLIENT, client_id, fingerprint(client_secret))

    def asked(self, query: Mapping[str, str]) -> Authorization:
        """The request of the consent page; OauthError where it must not be shown."""
        redirect_uri = query.get("redirect_uri", "")
        parts = urlsplit(redirect_uri)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment:
            raise OauthError("invalid_request", "redirect_uri must be an absolute http(s) address.")
        if query.get("response_type") != "code":
            raise OauthError("unsupported_response_type", "response_type must be “code”.")
        client_id = query.get("client_id", "")
        if not client_id or (self._clients and client_id not in self._clients):
            raise OauthError("unauthorized_client", "client_id is not known.")
        method = query.get("code_challenge_method", "plain")
        if self.scheme.pkce and not query.get("code_challenge"):
            raise OauthError("invalid_request", "code_challenge is missing.")
        if method not in ("plain", "S256"):
            raise OauthError("invalid_request", "code_challenge_method must be S256 or plain.")
        return Authorization(
            client_id,
            redirect_uri,
            self._scopes(query.get("scope", "")),
            query.get("state", ""),
            query.get("code_challenge", ""),
            method,
        )

    def approve(self, asked: Authorization) -> str:
        """The address that the person's browser goes to, with a code and what else APIs add."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Grant(asked, self._clock.now() + _CODE_LIFE)
        extras = {name: f"mock-{item}" for item, name in self._callback.items()}
        return _with_query(asked.redirect_uri, {"code": code, "state": asked.state, **extras})

    def deny(self, asked: Authorization) -> str:
        return _with_query(asked.redirect_uri, {"error": "access_denied", "state": asked.state})

    def answer_token_request(self, headers: Mapping[str, str], body: bytes) -> MockResponse:
        """The token endpoint: authorization_code, refresh_token or client_credentials."""
        try:
            form = _form(headers, body)
            client_id = self._client(headers, form)
            return json_response(200, self._granted(client_id, form), _NO_STORE)
        except OauthError as error:
            content = {"error": error.code, "error_description": str(error)}
            return json_response(error.status, content, _NO_STORE)

    def token(self, value: str) -> Token | None:
        """An access token that this server issued."""
        if value not in self._tokens:
            return self._remembered(value)
        token, until = self._tokens[value]
        return replace(token, expired=self._clock.now() >= until)

    def _granted(self, client_id: str, form: Mapping[str, str]) -> dict[str, str | int]:
        match form.get("grant_type", ""):
            case "authorization_code":
                return self._issue(self._redeemed_code(client_id, form), refresh=True)
            case "refresh_token":
                return self._issue(self._redeemed_refresh(client_id, form), refresh=True)
            case "client_credentials":
                asked = Authorization(client_id, "", self._scopes(form.get("scope", "")))
                return self._issue(asked, refresh=False)
            case "":
                raise OauthError("invalid_request", "grant_type is missing.")
        raise OauthError("unsupported_grant_type", "This grant_type is not supported.")

    def _redeemed_code(self, client_id: str, form: Mapping[str, str]) -> Authorization:
        grant = self._codes.pop(form.get("code", ""), None)
        if grant is None or grant.until is None or self._clock.now() >= grant.until:
            raise OauthError("invalid_grant", "The code is unknown, used or expired.")
        asked = grant.authorization
        if asked.client_id != client_id:
            raise OauthError("invalid_grant", "The code was issued to another client.")
        if asked.redirect_uri != form.get("redirect_uri"):
            raise OauthError("invalid_grant", "redirect_uri is not the one that was authorized.")
        if asked.challenge and _challenge(asked, form.get("code_verifier", "")) != asked.challenge:
            raise OauthError("invalid_grant", "code_verifier does not fit the challenge.")
        return asked

    def _redeemed_refresh(self, client_id: str, form: Mapping[str, str]) -> Authorization:
        """A refresh token works once: each answer brings the next one."""
        value = form.get("refresh_token", "")
        grant = self._refresh.get(value)
        asked = grant.authorization if grant else self._remembered_refresh(value)
        if asked is None or asked.client_id != client_id:
            raise OauthError("invalid_grant", "The refresh token is unknown or was used.")
        self._refresh.pop(value, None)
        self._memory.forget(_REFRESH, fingerprint(value))
        return asked

    def _issue(self, asked: Authorization, *, refresh: bool) -> dict[str, str | int]:
        self._forget_expired()
        value = secrets.token_urlsafe(24)
        until = self._clock.now() + timedelta(seconds=self._token_seconds)
        self._tokens[value] = (Token(value, asked.client_id, asked.scopes), until)
        whose: dict[str, JsonValue] = {"client_id": asked.client_id, "scopes": [*asked.scopes]}
        kept = {**whose, "until": until.isoformat()}
        self._memory.put(_TOKEN, fingerprint(value), kept)
        answer: dict[str, str | int] = {
            "access_token": value,
            "token_type": "bearer",
            "expires_in": self._token_seconds,
        }
        if asked.scopes:
            answer["scope"] = self.scheme.scope_separator.join(asked.scopes)
        if refresh:
            answer["refresh_token"] = secrets.token_urlsafe(24)
            self._refresh[str(answer["refresh_token"])] = _Grant(asked)
            self._memory.put(_REFRESH, fingerprint(str(answer["refresh_token"])), whose)
        return answer

    def _forget_expired(self) -> None:
        now = self._clock.now().isoformat()
        kept: dict[str, Any] = self._memory.all(_TOKEN)
        for key in [key for key, token in kept.items() if token["until"] < now]:
            self._memory.forget(_TOKEN, key)

    def _remembered(self, value: str) -> Token | None:
        """A token of an earlier life."""
        kept: Any = self._memory.all(_TOKEN).get(fingerprint(value))
        if kept is None:
            return None
        expired = self._clock.now() >= datetime.fromisoformat(kept["until"])
        return Token(value, kept["client_id"], tuple(kept["scopes"]), expired)

    def _remembered_refresh(self, value: str) -> Authorization | None:
        kept: Any = self._memory.all(_REFRESH).get(fingerprint(value))
        return kept and Authorization(kept["client_id"], "", tuple(kept["scopes"]))

    def _client(self, headers: Mapping[str, str], form: Mapping[str, str]) -> str:
        """The client that asks; it must prove itself the way that the system wants."""
        header = headers.get("authorization", "")
        client_id, secret = _basic(header) if header else ("", "")
        if self.scheme.client_auth == "post" or (self.scheme.pkce and not header):
            client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        public = self.scheme.pkce and not secret and client_id not in self._clients
        unknown = bool(self._clients) and self._clients.get(client_id) != fingerprint(secret)
        if not client_id or (not secret and not public) or unknown:
            way = "HTTP Basic" if self.scheme.client_auth == "basic" else "the form"
            raise OauthError(
                "invalid_client", f"The client is unknown, or did not prove itself by {way}.", 401
            )
        return client_id

    def _scopes(self, text: str) -> tuple[str, ...]:
        separated = text.replace(self.scheme.scope_separator, " ").split()
        unknown = set(separated) - self._known if self.scheme.scopes else set()
        if unknown:
            raise OauthError("invalid_scope", f"The scope {min(unknown)[:80]} is not known.")
        return tuple(separated)


def _form(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    kind = headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise OauthError("invalid_request", "The body must be application/x-www-form-urlencoded.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError as error:
        raise OauthError("invalid_request", "The body is no form.") from error
    if len({name for name, _ in pairs}) < len(pairs):
        raise OauthError("invalid_request", "A parameter stands twice.")
    return dict(pairs)


def _basic(header: str) -> tuple[str, str]:
    kind, _, encoded = header.partition(" ")
    try:
        text = b64decode(encoded, validate=True).decode() if kind.casefold() == "basic" else ""
    except (Base64Error, UnicodeDecodeError):
        text = ""
    name, _, secret = text.partition(":")
    return unquote(name), unquote(secret)


def _challenge(asked: Authorization, verifier: str) -> str:
    if asked.challenge_method == "plain":
        return verifier
    hashed = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return urlsafe_b64encode(hashed).decode().rstrip("=")


def _with_query(address: str, parameters: Mapping[str, str]) -> str:
    added = urlencode({name: value for name, value in parameters.items() if value})
    parts = urlsplit(address)
    query = f"{parts.query}&{added}" if parts.query else added
    return parts._replace(query=query).geturl()
