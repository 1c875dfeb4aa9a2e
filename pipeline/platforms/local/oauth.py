"""The messages of OAuth 2.0 (RFC 6749, 7636), built with Authlib; nothing is sent here."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749 import OAuth2Token  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

from pipeline.plan.model import Auth

_KEPT = ("access_token", "refresh_token", "expires_at")


class TokenRequest(NamedTuple):
    url: str
    headers: dict[str, str]
    body: str


def authorization_url(
    auth: Auth, typed: Mapping[str, str], redirect_url: str, state: str, verifier: str
) -> str:
    """Where the person consents; the verifier is used where the scheme asks for PKCE."""
    proof = {}
    if auth.pkce:
        challenge = create_s256_code_challenge(verifier)
        proof = {"code_challenge": challenge, "code_challenge_method": "S256"}
    return str(
        prepare_grant_uri(
            auth.authorize_url,
            typed.get("client_id", ""),
            "code",
            redirect_uri=redirect_url,
            scope=auth.scope_separator.join(auth.scopes) or None,
            state=state,
            **proof,
        )
    )


def token_request(auth: Auth, typed: Mapping[str, str], grant: Mapping[str, str]) -> TokenRequest:
    """A request to the token address, with the client's proof of itself."""
    method = f"client_secret_{auth.client_auth}" if typed.get("client_secret") else "none"
    client = ClientAuth(typed.get("client_id", ""), typed.get("client_secret", ""), method)
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return TokenRequest(*client.prepare("POST", auth.token_url, headers, urlencode(grant)))


def kept_tokens(answer: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a token answer that are kept, as text; `expires_at` in seconds since 1970."""
    token = OAuth2Token.from_dict(dict(answer))
    return {name: str(token[name]) for name in _KEPT if token.get(name)}
