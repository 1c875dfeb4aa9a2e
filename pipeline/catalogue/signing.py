"""Signatures of requests, computed: the same for who signs them and who checks them."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from pipeline.plan.model import Signing

_HASHES = {"hmac-sha256": hashlib.sha256, "hmac-sha1": hashlib.sha1}
_PART = re.compile(r"\{(\w+)\}")


class Delivered(NamedTuple):
    """A request as its sender sees it; `url` is the whole address with its query."""

    body: bytes
    url: str = ""
    method: str = "POST"


def secret_of(signing: Signing, secrets: Mapping[str, str]) -> str:
    """What sender and receiver share; "" where the connection does not have it."""
    if signing.algorithm == "basic":
        pair = secrets.get("username", ""), secrets.get("password", "")
        return ":".join(pair) if any(pair) else ""
    return secrets.get(signing.secret_field, "")


def is_timed(signing: Signing) -> bool:
    return "{timestamp}" in signing.signed or signing.timestamp_header is not None


def timestamp(signing: Signing, now: datetime) -> str:
    match signing.timestamp_format:
        case "unix-time":
            return str(int(now.timestamp()))
        case "unix-time-milliseconds":
            return str(int(now.timestamp() * 1000))
        case "date-time":
            return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed_at(signing: Signing, text: str) -> datetime | None:
    """The time that a timestamp tells; None where it is none."""
    try:
        if signing.timestamp_format == "date-time":
            time = datetime.fromisoformat(text)
            return time if time.tzinfo else time.replace(tzinfo=UTC)
        if not (text.isascii() and text.isdigit() and len(text) <= 13):
            return None
        # Some send milliseconds where others send seconds.
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    except (ValueError, OverflowError):
        return None


def proof(signing: Signing, secret: str, delivered: Delivered, timestamp: str = "") -> str:
    """The text that proves the sender, with its prefix."""
    match signing.algorithm:
        case "token":
            return signing.prefix + secret
        case "basic":
            return "Basic " + base64.b64encode(secret.encode()).decode()
    content = signed_content(signing, delivered, timestamp)
    mac = hmac.new(secret.encode(), content, _HASHES[signing.algorithm]).digest()
    text = mac.hex() if signing.encoding == "hex" else base64.b64encode(mac).decode()
    return signing.prefix + text


def signed_content(signing: Signing, delivered: Delivered, timestamp: str) -> bytes:
    parts = {
        "body": delivered.body,
        "timestamp": timestamp.encode(),
        "method": delivered.method.upper().encode(),
        "url": delivered.url.encode(),
        "path": _path(delivered.url).encode(),
        "form": _form(delivered.body),
    }
    pieces = _PART.split(signing.signed)  # text, name, text, name…, text
    return b"".join(
        parts[piece] if number % 2 else piece.encode() for number, piece in enumerate(pieces)
    )


def signing_headers(
    signing: Signing, secret: str, delivered: Delivered, now: datetime
) -> dict[str, str]:
    """The headers that sign this request."""
    if not is_timed(signing):
        return {signing.header: proof(signing, secret, delivered)}
    time = timestamp(signing, now)
    value = proof(signing, secret, delivered, time)
    if signing.timestamp_header:
        return {signing.timestamp_header: time, signing.header: value}
    # Both in the one header.
    name = signing.prefix or "v1="
    return {signing.header: f"t={time},{name}{value.removeprefix(signing.prefix)}"}


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _form(body: bytes) -> bytes:
    """The names and values of a form, sorted and without anything between them."""
    pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    return "".join(name + value for name, value in sorted(set(pairs))).encode()
