"""How a request is dressed with a system's credentials, and which headers code may not set."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import httpx

from pipeline.catalogue.signing import Delivered, signing_headers
from pipeline.plan.model import Auth, Signing
from pipeline.platforms.local.addresses import fill
from pipeline.platforms.local.aws import AwsKey, aws_headers
from pipeline.platforms.local.protocol import CallRefused

_NOT_FOR_CODE = frozenset(
    ("authorization", "connection", "content-length", "cookie", "forwarded", "host",
     "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
     "x-amz-content-sha256", "x-amz-date", "x-amz-security-token")
)  # fmt: skip


class Request(NamedTuple):
    """A request on its way out."""

    method: str
    url: httpx.URL
    headers: dict[str, str]
    body: bytes

    def with_headers(self, headers: Mapping[str, str]) -> "Request":
        return self._replace(headers=self.headers | dict(headers))


def allowed_headers(auth: Auth, headers: Mapping[str, str]) -> dict[str, str]:
    """What code set, without what only the runner may set."""
    signing = auth.signing or Signing()
    names = (auth.parameter, signing.header, signing.timestamp_header)
    reserved = _NOT_FOR_CODE | {name.lower() for name in names if name}
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in reserved and not name.lower().startswith("x-forwarded-")
    }


def dress(
    auth: Auth,
    secrets: Mapping[str, str],
    config: Mapping[str, str],
    request: Request,
    now: datetime,
) -> Request:
    """Add the credentials; CallRefused where one is missing. OAuth secrets: `access_token`.

    A client certificate proves itself in TLS, so nothing is added here.
    """
    match auth.type:
        case "api-key" if auth.location == "query":
            value = auth.prefix + _api_key(auth, secrets)
            name = auth.parameter or "api_key"
            return request._replace(url=request.url.copy_set_param(name, value))
        case "api-key":
            value = auth.prefix + _api_key(auth, secrets)
            return request.with_headers({auth.parameter or "Authorization": value})
        case "basic-auth":
            pair = f"{_secret(secrets, 'username')}:{secrets.get('password', '')}"
            return request.with_headers({"Authorization": f"Basic {_base64(pair)}"})
        case "oauth2":
            token = _secret(secrets, "access_token")
            if auth.parameter:  # a header of the vendor's own
                return request.with_headers({auth.parameter: auth.prefix + token})
            return request.with_headers({"Authorization": f"Bearer {token}"})
        case "hmac" if auth.signing is not None:
            return request.with_headers(_signed(auth.signing, secrets, config, request, now))
    return request  # hmac without signing proves the webhooks' sender only, not us


def _signed(
    signing: Signing,
    secrets: Mapping[str, str],
    config: Mapping[str, str],
    request: Request,
    now: datetime,
) -> dict[str, str]:
    """The headers that sign the request."""
    secret = _secret(secrets, signing.secret_field)
    if signing.algorithm == "aws-v4":
        token = secrets.get("session_token", "")
        key = AwsKey(_secret(secrets, "access_key_id"), secret, token)
        return aws_headers(key, fill(signing.scope, config), *request, now)
    delivered = Delivered(request.body, str(request.url), request.method)
    return signing_headers(signing, secret, delivered, now)


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
