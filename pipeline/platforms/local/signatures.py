"""Webhook signatures: how a sender proves itself, checked in constant time."""

import hmac
from collections.abc import Mapping
from datetime import datetime

from pipeline.catalogue.model import Signature
from pipeline.catalogue.signing import Delivered, is_timed, proof, signed_at
from pipeline.plan.model import Auth


def verify(
    signature: Signature,
    secret: str,
    headers: Mapping[str, str],
    delivered: Delivered,
    now: datetime,
) -> bool:
    """Whether the request comes from who knows the secret. `headers` have lower-case names."""
    given = headers.get(signature.header.lower(), "")
    if not secret or not given:
        return False
    timestamp, candidates = _parts(signature, headers, given)
    if is_timed(signature) and not _is_fresh(signature, timestamp, now):
        return False
    expected = proof(signature, secret, delivered, timestamp).encode()
    return any(
        hmac.compare_digest(_normal(signature, candidate).encode(), expected)
        for candidate in candidates
    )


def signature_of(auth: Auth) -> Signature | None:
    """How a connection proves a sender where its system's webhooks have no signature of their own:
    by the same key, name and password, or secret with which it is called."""
    secret_field = next((field.name for field in auth.fields if field.secret), "api_key")
    match auth.type:
        case "api-key" if auth.location == "header":
            return Signature(
                header=auth.parameter or "Authorization",
                algorithm="token",
                prefix=auth.prefix,
                secret_field=secret_field,
            )
        case "basic-auth":
            return Signature(header="Authorization", algorithm="basic")
        case "hmac":
            return Signature(
                header=auth.parameter or "X-Signature",
                encoding="hex",
                prefix=auth.prefix,
                secret_field=secret_field,
            )
    return None


def _parts(signature: Signature, headers: Mapping[str, str], given: str) -> tuple[str, list[str]]:
    """The timestamp ("" where none is sent) and the signatures that stand in the header."""
    if signature.timestamp_header:
        return headers.get(signature.timestamp_header.lower(), ""), [given]
    if not is_timed(signature):
        return "", [given]
    # Both in one header: t=1700000000,v1=…,v1=…
    parts = [part.strip() for part in given.split(",")]
    timestamp = next((part[2:] for part in parts if part.startswith("t=")), "")
    prefix = signature.prefix or "v1="
    return timestamp, [
        signature.prefix + part.removeprefix(prefix) for part in parts if part.startswith(prefix)
    ]


def _is_fresh(signature: Signature, timestamp: str, now: datetime) -> bool:
    """Whether it is near enough to now that a recorded request can't be sent again for long."""
    time = signed_at(signature, timestamp)
    if time is None:
        return False
    tolerance = signature.tolerance_seconds
    return tolerance is None or abs((now - time).total_seconds()) <= tolerance


def _normal(signature: Signature, given: str) -> str:
    """Hexadecimal digits may come in capitals."""
    if signature.encoding != "hex" or not signature.algorithm.startswith("hmac"):
        return given
    prefix_length = len(signature.prefix)
    return given[:prefix_length] + given[prefix_length:].lower()
