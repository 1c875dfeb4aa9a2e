"""Security schemes and servers of a document, as Weft's auth, base URL and config."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.catalogue.openapi.access import listing, mapping, resolved, words
from pipeline.plan.model import Auth, ConfigItem, CredentialField, Grant

_KEY = CredentialField(name="api_key", label="API key")
_TOKEN = CredentialField(name="api_key", label="Access token")
_CLIENT = [
    CredentialField(name="client_id", label="Client ID", secret=False),
    CredentialField(name="client_secret", label="Client secret"),
]
_PERSON = [
    CredentialField(name="username", label="User name", secret=False),
    CredentialField(name="password", label="Password"),
]
_CERTIFICATE = [
    CredentialField(name="certificate", label="Client certificate (PEM)", secret=False),
    CredentialField(name="private_key", label="Its private key (PEM)"),
]
_GRANTS: dict[str, Grant] = {
    "authorizationCode": "authorization-code",
    "clientCredentials": "client-credentials",
    "password": "password",
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_HOST = ConfigItem(name="host", label="Host name of the API")


def auth_of(document: Mapping[str, Any], base_url: str) -> list[Auth]:
    """The schemes that Weft can use, those that the whole document demands first."""
    schemes = mapping(mapping(document.get("components")).get("securitySchemes"))
    wanted = [name for demand in listing(document.get("security")) for name in mapping(demand)]
    ordered = sorted(schemes, key=lambda name: name not in wanted)
    found = [
        auth for name in ordered for auth in _schemes(resolved(schemes[name], document), base_url)
    ]
    return found or [Auth(type="none")]


def _schemes(scheme: Mapping[str, Any], base_url: str) -> Iterator[Auth]:
    kind, form = scheme.get("type"), words(scheme.get("scheme")).lower()
    place, name = scheme.get("in"), words(scheme.get("name"), 100)
    if kind == "apiKey" and name and place in ("header", "query"):
        location: Any = place
        yield Auth(type="api-key", location=location, parameter=name, fields=[_KEY])
    elif kind == "http" and form == "basic":
        yield Auth(type="basic-auth", fields=_PERSON)
    elif kind == "http" and form == "bearer":
        yield Auth(type="api-key", parameter="Authorization", prefix="Bearer ", fields=[_TOKEN])
    elif kind == "mutualTLS":
        yield Auth(type="certificate", fields=_CERTIFICATE)
    elif kind == "oauth2":
        flows = mapping(scheme.get("flows"))
        for flow, grant in _GRANTS.items():
            if flow in flows:
                yield _oauth(mapping(flows[flow]), grant, base_url)


def _oauth(flow: Mapping[str, Any], grant: Grant, base_url: str) -> Auth:
    return Auth(
        type="oauth2",
        grant=grant,
        authorize_url=_address(flow.get("authorizationUrl"), base_url),
        token_url=_address(flow.get("tokenUrl"), base_url),
        scopes=[words(scope, 200) for scope in list(mapping(flow.get("scopes")))[:100]],
        fields=[*_CLIENT, *(_PERSON if grant == "password" else [])],
    )


def _address(value: Any, base_url: str) -> str | None:
    """An https address; one without a host is taken from the API's own."""
    url = urljoin(base_url, words(value, 500)) if words(value) else ""
    return url if url.startswith("https://") else None


def server_of(document: Mapping[str, Any]) -> tuple[str, list[ConfigItem]]:
    """Base URL, and what a person must say to complete it."""
    server = mapping(next(iter(listing(document.get("servers"))), None))
    url = words(server.get("url"), 500).rstrip("/")
    variables = mapping(server.get("variables"))
    config: dict[str, ConfigItem] = {}

    def named(match: re.Match[str]) -> str:
        name = re.sub(r"\W+", "_", match.group(1)).strip("_").lower()[:60] or "server"
        default = mapping(variables.get(match.group(1))).get("default")
        config[name] = ConfigItem(
            name=name,
            label=name.replace("_", " ").capitalize(),
            default=default[:200] if isinstance(default, str) and default else None,
        )
        return f"{{{name}}}"

    url = _PLACEHOLDER.sub(named, url)
    if not _is_web_address(url):
        path = url if url.startswith("/") else ""
        return f"https://{{host}}{path}", [_HOST, *config.values()]
    return url, list(config.values())


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
