"""Webhook signatures: how a sender proves itself, checked in constant time."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from pipeline.catalogue.model import Signature

_DIGESTS = {"hmac-sha256": hashlib.sha256, "hmac-sha1": hashlib.sha1}


def verify(
    signature: Signature, secret: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> bool:
    """Whether the request comes from who knows the secret. `headers` have lower-case names."""
    given = headers.get(signature.header.lower(), "")
    if not secret or not given:
        return False
    if signature.algorithm == "token":
        return _same(given, signature.prefix + secret)
    timestamp, candidates = _parts(signature, headers, given)
    if not _fresh(signature, timestamp, now):
        return False
    expected = _expected(signature, secret, timestamp, body)
    return any(_same(_normal(signature, candidate), expected) for candidate in candidates)


def _is_timed(signature: Signature) -> bool:
    return signature.signed != "body" or signature.timestamp_header is not None


def _parts(signature: Signature, headers: Mapping[str, str], given: str) -> tuple[str, list[str]]:
    """The timestamp ("" where none is sent) and the signatures that stand in the header."""
    if signature.timestamp_header:
        return headers.get(signature.timestamp_header.lower(), ""), [given]
    if not _is_timed(signature):
        return "", [given]
    # Both in one header: t=1700000000,v1=…,v1=…
    parts = [part.strip() for part in given.split(",")]
    timestamp = next((part[2:] for part in parts if part.startswith("t=")), "")
    prefix = signature.prefix or "v1="
    return timestamp, [
        signature.prefix + part.removeprefix(prefix) for part in parts if part.startswith(prefix)
    ]


def _fresh(signature: Signature, timestamp: str, now: datetime) -> bool:
    if not _is_timed(signature):
        return True
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 13):
        return False
    seconds = int(timestamp) / (1000 if len(timestamp) == 13 else 1)
    tolerance = signature.tolerance_seconds
    return tolerance is None or abs(now.timestamp() - seconds) <= tolerance


def _expected(signature: Signature, secret: str, timestamp: str, body: bytes) -> str:
    signed = {
        "body": b"",
        "timestamp.body": f"{timestamp}.".encode(),
        "v0:timestamp:body": f"v0:{timestamp}:".encode(),
    }[signature.signed] + body
    mac = hmac.new(secret.encode(), signed, _DIGESTS[signature.algorithm]).digest()
    text = mac.hex() if signature.encoding == "hex" else base64.b64encode(mac).decode()
    return signature.prefix + text


def _normal(signature: Signature, given: str) -> str:
    """Hexadecimal digits may come in capitals."""
    if signature.encoding != "hex":
        return given
    prefix_length = len(signature.prefix)
    return given[:prefix_length] + given[prefix_length:].lower()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
