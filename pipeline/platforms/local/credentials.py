"""How a request is dressed with a system's credentials, and which headers code may not set."""

import base64
from collections.abc import Mapping

import httpx

from pipeline.plan.model import Auth
from pipeline.platforms.local.protocol import CallRefused

_NOT_FOR_CODE = frozenset(
    ("authorization", "connection", "content-length", "cookie", "forwarded", "host",
     "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade")
)  # fmt: skip


def allowed_headers(auth: Auth, headers: Mapping[str, str]) -> dict[str, str]:
    """What code set, without what only the runner may set."""
    reserved = _NOT_FOR_CODE | {(auth.parameter or "").lower()}
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in reserved and not name.lower().startswith("x-forwarded-")
    }


def dress(
    auth: Auth, secrets: Mapping[str, str], url: httpx.URL, headers: dict[str, str]
) -> tuple[httpx.URL, dict[str, str]]:
    """Add the credentials; CallRefused where one is missing. OAuth secrets: `access_token`."""
    if auth.type == "api-key":
        value = auth.prefix + _api_key(auth, secrets)
        if auth.location == "query":
            return url.copy_set_param(auth.parameter or "api_key", value), headers
        return url, headers | {auth.parameter or "Authorization": value}
    if auth.type == "basic-auth":
        pair = f"{_secret(secrets, 'username')}:{secrets.get('password', '')}"
        return url, headers | {"Authorization": f"Basic {_base64(pair)}"}
    if auth.type == "oauth2":
        token = _secret(secrets, "access_token")
        if auth.parameter:  # a header of the vendor's own
            return url, headers | {auth.parameter: auth.prefix + token}
        return url, headers | {"Authorization": f"Bearer {token}"}
    if auth.type == "certificate":
        raise CallRefused(
            "NotConnected", "The local platform can't use client certificates: use another scheme."
        )
    return url, headers  # none; and hmac, which proves the webhooks' sender, not us


def _api_key(auth: Auth, secrets: Mapping[str, str]) -> str:
    """`api_key`, else the first secret field of the scheme that is for requests."""
    fields = [field.name for field in auth.fields if field.secret and field.only_for is None]
    for name in ("api_key", *fields):
        if secrets.get(name):
            return secrets[name]
    raise _missing("an API key")


def _secret(secrets: Mapping[str, str], name: str) -> str:
    if not secrets.get(name):
        raise _missing(f"“{name}”")
    return secrets[name]


def _missing(what: str) -> CallRefused:
    return CallRefused("NotConnected", f"The connection has no {what}: connect the system again.")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
