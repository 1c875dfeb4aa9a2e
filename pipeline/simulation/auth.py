"""Whether a request proves who sends it, by any of the schemes that the system supports."""

import base64
import binascii
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.plan.model import Auth
from pipeline.simulation.calls import HttpRequest
from pipeline.simulation.memory import Memory, fingerprint
from pipeline.simulation.oauth import AuthorizationServer
from pipeline.simulation.refusals import Refusal

_KEPT_AS = "credential"
_MASK = "***"
_SECRET_HEADERS = {"authorization", "cookie", "proxy-authorization"}
_SECRET_FIELDS = ("access_token", "api_key", "token", "key", "key_id", "secret", "password")
_UNSEEN = ("none", "certificate")  # a certificate proves itself in TLS, which a mock has not
_AWS_KEY = re.compile(r"^AWS4-HMAC-SHA256 Credential=([^/]+)/")


@dataclass(frozen=True)
class _Presented:
    scheme: Auth
    value: str


class Gatekeeper:
    """Any credential will do until one is registered or issued; then only those."""

    def __init__(self, entry: SystemEntry, server: AuthorizationServer, memory: Memory) -> None:
        self._schemes = entry.auth
        self._server = server
        self._memory = memory
        self._registered = set(memory.all(_KEPT_AS))  # fingerprints

    def register(self, credentials: Mapping[str, str]) -> None:
        """Credential fields as a person types them (`access_token`, or `username`, `password`)."""
        if "username" in credentials:
            pair = f"{credentials['username']}:{credentials.get('password', '')}"
            self._add(pair)
        for field, value in credentials.items():
            if field.endswith(_SECRET_FIELDS) and "webhook" not in field and "client" not in field:
                self._add(value)

    def _add(self, credential: str) -> None:
        self._registered.add(fingerprint(credential))
        self._memory.put(_KEPT_AS, fingerprint(credential), True)

    def check(self, request: HttpRequest, operation: Operation | None) -> None:
        """Refusal (401 or 403) where no scheme lets the request pass."""
        if not self._schemes or any(scheme.type in _UNSEEN for scheme in self._schemes):
            return
        presented = [found for scheme in self._schemes if (found := _presented(scheme, request))]
        if not presented:
            expected = " or ".join(dict.fromkeys(_place(scheme) for scheme in self._schemes))
            raise Refusal("unauthorized", f"The credential is missing; expected {expected}.")
        if not any(self._holds(each, operation) for each in presented):
            raise Refusal("unauthorized", "The credential is not valid, or it has expired.")

    def masked(self, request: HttpRequest) -> tuple[dict[str, str], dict[str, str]]:
        """Headers and query of a request, for people to see: secrets are masked."""
        names = {(scheme.parameter or "").casefold() for scheme in self._schemes}
        hidden = names | _SECRET_HEADERS
        return _masked(request.headers, hidden), _masked(request.query, hidden)

    def query_names(self) -> set[str]:
        """Query parameters that carry a credential."""
        return {each.parameter for each in self._schemes if each.parameter and _in_query(each)}

    def _holds(self, presented: _Presented, operation: Operation | None) -> bool:
        token = self._server.token(presented.value)
        if token is not None:
            if token.expired:
                return False
            needed = operation.scopes if operation else ()
            lacking = [scope for scope in needed if not _covered(scope, token.scopes)]
            if lacking and token.scopes:
                raise Refusal("forbidden", f"The token lacks the scope {min(lacking)}.")
            return True
        if self._registered or self._server.has_issued:
            return fingerprint(presented.value) in self._registered
        return True


def _covered(scope: str, granted: Collection[str]) -> bool:
    """`accounting.invoices` covers `accounting.invoices.read`, as such names are meant."""
    return any(scope == one or scope.startswith(f"{one}.") for one in granted)


def _masked(values: Mapping[str, str], hidden: set[str]) -> dict[str, str]:
    return {name: _MASK if name.casefold() in hidden else each for name, each in values.items()}


def _presented(scheme: Auth, request: HttpRequest) -> _Presented | None:
    if scheme.type == "basic-auth":
        value = _basic(request.headers.get("authorization", ""))
    elif scheme.signing is not None and scheme.signing.algorithm == "aws-v4":
        found = _AWS_KEY.match(request.headers.get("authorization", ""))
        value = found[1] if found else ""
    elif _in_query(scheme):
        value = request.query.get(scheme.parameter or "", "")
    else:
        header, prefix = _header(scheme)
        raw = request.headers.get(header, "")
        value = raw[len(prefix) :].strip() if raw.casefold().startswith(prefix.casefold()) else ""
    return _Presented(scheme, value) if value else None


def _header(scheme: Auth) -> tuple[str, str]:
    """Name in lower case, and what stands before the credential."""
    if scheme.parameter:
        return scheme.parameter.casefold(), scheme.prefix
    bearer = scheme.prefix or ("" if scheme.type in ("hmac", "certificate") else "Bearer ")
    return "authorization", bearer


def _basic(header: str) -> str:
    kind, _, encoded = header.partition(" ")
    if kind.casefold() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _in_query(scheme: Auth) -> bool:
    return scheme.type == "api-key" and scheme.location == "query"


def _place(scheme: Auth) -> str:
    if scheme.type == "basic-auth":
        return "Authorization: Basic"
    if _in_query(scheme):
        return f"the query parameter {scheme.parameter}"
    header, prefix = _header(scheme)
    return f"the header {scheme.parameter or header}{f' with {prefix.strip()}' if prefix else ''}"
