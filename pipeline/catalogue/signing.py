"""Signatures of webhooks, computed: the same for who signs (mocks) and who checks (platforms)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl

from pipeline.catalogue.model import Signature

_HASHES = {"hmac-sha256": hashlib.sha256, "hmac-sha1": hashlib.sha1}
_PART = re.compile(r"\{(\w+)\}")


class Delivered(NamedTuple):
    """A request as its sender sees it; `url` is the whole address with its query."""

    body: bytes
    url: str = ""
    method: str = "POST"


def secret_of(signature: Signature, secrets: Mapping[str, str]) -> str:
    """What sender and receiver share; "" where the connection does not have it."""
    if signature.algorithm == "basic":
        pair = secrets.get("username", ""), secrets.get("password", "")
        return ":".join(pair) if any(pair) else ""
    return secrets.get(signature.secret_field, "")


def is_timed(signature: Signature) -> bool:
    return "{timestamp}" in signature.signed or signature.timestamp_header is not None


def timestamp(signature: Signature, now: datetime) -> str:
    match signature.timestamp_format:
        case "unix-time":
            return str(int(now.timestamp()))
        case "unix-time-milliseconds":
            return str(int(now.timestamp() * 1000))
        case "date-time":
            return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed_at(signature: Signature, text: str) -> datetime | None:
    """The time that a timestamp tells; None where it is none."""
    try:
        if signature.timestamp_format == "date-time":
            time = datetime.fromisoformat(text)
            return time if time.tzinfo else time.replace(tzinfo=UTC)
        if not (text.isascii() and text.isdigit() and len(text) <= 13):
            return None
        # Some send milliseconds where others send seconds.
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    except (ValueError, OverflowError):
        return None


def proof(signature: Signature, secret: str, delivered: Delivered, timestamp: str = "") -> str:
    """The text that proves the sender, with its prefix."""
    match signature.algorithm:
        case "token":
            return signature.prefix + secret
        case "basic":
            return "Basic " + base64.b64encode(secret.encode()).decode()
    content = signed_content(signature, delivered, timestamp)
    mac = hmac.new(secret.encode(), content, _HASHES[signature.algorithm]).digest()
    text = mac.hex() if signature.encoding == "hex" else base64.b64encode(mac).decode()
    return signature.prefix + text


def signed_content(signature: Signature, delivered: Delivered, timestamp: str) -> bytes:
    parts = {
        "body": delivered.body,
        "timestamp": timestamp.encode(),
        "method": delivered.method.upper().encode(),
        "url": delivered.url.encode(),
        "form": _form(delivered.body),
    }
    pieces = _PART.split(signature.signed)  # text, name, text, name…, text
    return b"".join(
        parts[piece] if number % 2 else piece.encode() for number, piece in enumerate(pieces)
    )


def _form(body: bytes) -> bytes:
    """The names and values of a form, sorted and without anything between them."""
    pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    return "".join(name + value for name, value in sorted(set(pairs))).encode()
