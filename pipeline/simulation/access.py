"""A connection to a mock: made-up credentials, and the requests that are dressed with them."""

import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from pydantic import JsonValue

from pipeline.plan.model import Auth, System
from pipeline.plan.roots import root
from pipeline.platforms.local.addresses import fill, locate
from pipeline.platforms.local.credentials import Request, allowed_headers, dress
from pipeline.platforms.local.protocol import CallRefused
from pipeline.simulation.answers import MockResponse
from pipeline.simulation.mock import MockSystem

_BASE = "https://mock.invalid"
_CALLBACK = "https://mock.invalid/callback"
_VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-0123456789"


class Access:
    """Does what a platform does between generated code and a system; refreshes a token once."""

    def __init__(self, system: System, mock: MockSystem) -> None:
        self.auth = system.auth
        self.base_url = _BASE + root(system.base_url)  # what code takes it for
        self.config = _config(system, mock)
        self._mock = mock
        self._secrets = _made_up(system.auth)
        mock.register_credentials(self._secrets)
        if system.auth.type == "oauth2":
            self._secrets |= self._granted(self._first_grant())

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> MockResponse:
        """The mock's answer; CallRefused where the request may not or can't be sent."""
        answer = self._send(method, path, headers, body)
        if answer.status == 401 and self.auth.type == "oauth2":
            self._secrets |= self._granted(self._next_grant())
            answer = self._send(method, path, headers, body)
        return answer

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> MockResponse:
        url = locate(_BASE, fill(path, self.config))
        plain = Request(method, url, allowed_headers(self.auth, headers), body)
        now = self._mock.clock.now()
        dressed = dress(self.auth, self._secrets, self.config, plain, now)
        query = dressed.url.query.decode()
        answer = self._mock.handle(method, dressed.url.path, query, dressed.headers, body)
        if not answer.dropped:
            return answer
        if answer.delay_seconds:
            raise CallRefused("TimeoutError", "No answer within 30 seconds.")
        raise CallRefused("NetworkError", "The request failed on its way (ReadError).")

    # ---- OAuth 2.0 ----------------------------------------------------------------------------

    def _first_grant(self) -> dict[str, str]:
        scope = self.auth.scope_separator.join(self.auth.scopes)
        if self.auth.grant == "client-credentials":
            return {"grant_type": "client_credentials", "scope": scope}
        asked = {
            "client_id": self._secrets["client_id"],
            "redirect_uri": _CALLBACK,
            "response_type": "code",
            "scope": scope,
            "code_challenge": _VERIFIER,
        }
        back = self._mock.oauth.approve(self._mock.oauth.asked(asked))
        code = parse_qs(urlsplit(back).query)["code"][0]
        grant = {"grant_type": "authorization_code", "code": code}
        return {**grant, "redirect_uri": _CALLBACK, "code_verifier": _VERIFIER}

    def _next_grant(self) -> dict[str, str]:
        if "refresh_token" not in self._secrets:
            return self._first_grant()
        return {"grant_type": "refresh_token", "refresh_token": self._secrets["refresh_token"]}

    def _granted(self, grant: Mapping[str, str]) -> dict[str, str]:
        """The tokens for a grant; the client proves itself as the system, not the plan, wants."""
        client = {name: self._secrets[name] for name in ("client_id", "client_secret")}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        form = dict(grant)
        if self._mock.oauth.scheme.client_auth == "basic":
            pair = httpx.BasicAuth(client["client_id"], client["client_secret"])
            request = next(pair.auth_flow(httpx.Request("POST", _CALLBACK)))
            headers["authorization"] = request.headers["authorization"]
        else:
            form |= client
        answer = self._mock.oauth.answer_token_request(headers, urlencode(form).encode()).json()
        if "access_token" not in answer:
            raise CallRefused("NotConnected", f"No token: {answer.get('error_description')}")
        names = ("access_token", "refresh_token")
        return {name: str(answer[name]) for name in names if name in answer}


def _config(system: System, mock: MockSystem) -> dict[str, str]:
    """Values of the config items, made up where the plan has none."""
    given: dict[str, JsonValue] = {item.name: item.default for item in system.config}
    names = [*given, *(item.name for item in mock.entry.config)]
    return {name: str(given.get(name) or f"mock-{name}") for name in names}


def _made_up(auth: Auth) -> dict[str, str]:
    usual = {
        "api-key": {"api_key"},
        "basic-auth": {"username", "password"},
        "oauth2": {"client_id", "client_secret"},
    }
    names = {field.name for field in auth.fields} | usual.get(auth.type, set())
    return {name: f"mock-{secrets.token_urlsafe(12)}" for name in sorted(names)}
