"""Weft's auth as Versori's auth schemes, and credentials as the command line's flags."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from pipeline.catalogue.model import Signature
from pipeline.errors import ConnectionRefused, PlatformError
from pipeline.plan.model import Auth
from pipeline.platforms.versori.addresses import is_open, path
from pipeline.ports import SystemSpec

_GRANTS = {
    "authorization-code": "authorizationCode",
    "client-credentials": "clientCredentials",
    "password": "password",
}
_PASSWORD = ("oauth2-password", "oauth2Password")
_ALGORITHMS = {"hmac-sha256": "sha256", "hmac-sha1": "sha1"}

Credentials = dict[str, str]  # flag of `connections create` -> its secret


def is_by_hand(auth: Auth) -> bool:
    """Whether only a person can connect it, on Versori's page: the command line can't."""
    return auth.type in ("hmac", "certificate") or _grant(auth) == "authorization-code"


def is_scheme_by_hand(scheme: Mapping[str, Any]) -> bool:
    """The same, of a scheme as Versori tells it."""
    grant = (scheme.get("oauth2") or {}).get("grant") or {}
    return scheme["type"] in ("hmac", "certificate") or grant.get("type") == "authorizationCode"


def is_own(spec: SystemSpec) -> bool:
    """Whether the system holds what is one account's, so that no other project may share it.

    That is an OAuth app, or an address whose path names the account; only the host of an address
    can be given with a connection.
    """
    return _grant(spec.auth) in ("authorization-code", "password") or is_open(path(spec.base_url))


def scheme_flags(spec: SystemSpec) -> list[str]:
    """Of `systems add-auth-scheme`. Without any secret: see `scheme`."""
    auth = spec.auth
    flags = [f"--type={auth.type}", f"--name={auth.type}", f"--description={spec.display_name}"]
    if auth.type == "api-key":
        name = auth.parameter or "Authorization"
        flags += [f"--api-key.name={name}", f"--api-key.in={auth.location}"]
    if auth.type == "oauth2":
        flags += [
            f"--oauth2.token-url={auth.token_url or ''}",
            f"--oauth2.authorize-url={auth.authorize_url or ''}",
            f"--oauth2.grant-type={_GRANTS[_grant(auth) or 'authorization-code']}",
        ]
        flags += [f"--oauth2.scope={scope}={scope}" for scope in auth.scopes]
        flags += [f"--oauth2.default-scope={scope}" for scope in auth.scopes]
    if auth.type == "hmac":
        flags += _hmac_flags(spec, spec.signature)
    return flags


def scheme_with_app(scheme: Mapping[str, Any], app: Credentials, auth: Auth) -> dict[str, Any]:
    """An OAuth scheme as it stands, with the client and the addresses of one account.

    The command line takes a client's secret only as an argument, so this goes through the API.
    """
    oauth2 = dict(scheme.get("oauth2") or {})
    grant = dict(oauth2.get("grant") or {})
    grant["authorizationCode"] = {
        **(grant.get("authorizationCode") or {}),
        "clientId": app["client-id"],
        "clientSecret": app["client-secret"],
    }
    addresses = {"authorizeUrl": auth.authorize_url, "tokenUrl": auth.token_url}
    return {**scheme, "oauth2": {**oauth2, **addresses, "grant": grant}}


def credentials(system: str, auth: Auth, secrets: Mapping[str, str]) -> Credentials:
    """ConnectionRefused where one is missing, so that it is asked for again."""
    if auth.type == "api-key":
        return {"api-key": auth.prefix + _api_key(system, auth, secrets)}
    if auth.type == "basic-auth" or _grant(auth) == "password":
        wanted = ["username", "password"]
    elif auth.type == "oauth2":
        wanted = ["client_id", "client_secret"]
    else:
        wanted = []
    return {name.replace("_", "-"): _given(system, secrets, name) for name in wanted}


def credential(auth: Auth, given: Credentials) -> dict[str, JsonValue]:
    """The same credentials as the API's type and data."""
    if auth.type == "api-key":
        return _typed("string", "string", {"value": given["api-key"]})
    if "client-id" not in given:
        kind = ("basic-auth", "basicAuth") if auth.type == "basic-auth" else _PASSWORD
        return _typed(*kind, {"username": given["username"], "password": given["password"]})
    client = {"clientId": given["client-id"], "clientSecret": given["client-secret"]}
    return _typed("oauth2-client", "oauth2Client", {**client, "tokenUrl": auth.token_url or ""})


def _typed(kind: str, field: str, data: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {"type": kind, "data": {field: data}}


def variables(system: str, given: Credentials) -> tuple[list[str], dict[str, str]]:
    """Flags that name variables, and the variables: `--api-key=$SHOPIFY_API_KEY`."""
    prefix = re.sub(r"\W", "_", system).upper()
    names = {flag: f"{prefix}_{flag.replace('-', '_').upper()}" for flag in given}
    flags = [f"--{flag}=${name}" for flag, name in names.items()]
    return flags, {names[flag]: secret for flag, secret in given.items()}


def shown_variables(system: str, auth: Auth) -> list[str]:
    """The same flags before anybody has typed a credential."""
    secrets = {field.name: "-" for field in auth.fields}
    usual = dict.fromkeys(("api_key", "username", "password", "client_id", "client_secret"), "-")
    return variables(system, credentials(system, auth, {**usual, **secrets}))[0]


def _grant(auth: Auth) -> str | None:
    return (auth.grant or "authorization-code") if auth.type == "oauth2" else None


def _hmac_flags(spec: SystemSpec, signature: Signature | None) -> list[str]:
    if signature is None or signature.algorithm not in _ALGORITHMS:
        raise PlatformError(
            f"Versori can't sign requests to {spec.display_name} as it wants them: choose another "
            "way to authenticate in the plan, or the local platform."
        )
    return [
        f"--hmac.name={signature.header}",
        "--hmac.in=header",
        f"--hmac.algorithm={_ALGORITHMS[signature.algorithm]}",
        f"--hmac.encoding={signature.encoding}",
    ]


def _api_key(system: str, auth: Auth, secrets: Mapping[str, str]) -> str:
    """`api_key`, else the first secret field of the scheme that is for requests."""
    fields = [field.name for field in auth.fields if field.secret and field.only_for is None]
    for name in ("api_key", *fields):
        if secrets.get(name):
            return _given(system, secrets, name)
    raise _missing(system, "an API key")


def _given(system: str, secrets: Mapping[str, str], name: str) -> str:
    value = secrets.get(name)
    if not value:
        raise _missing(system, f"“{name}”")
    if "\0" in value:
        raise ConnectionRefused(system, f"“{name}” of {system} is no text: enter it again.")
    return value


def _missing(system: str, what: str) -> ConnectionRefused:
    return ConnectionRefused(system, f"The connection to {system} has no {what}: enter it.")
