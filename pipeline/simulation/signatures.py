"""How a webhook's sender proves itself: every kind of signature that the catalogue knows."""

import base64
import hashlib
import hmac
from datetime import datetime

from pipeline.catalogue.model import Signature

_HASHES = {"hmac-sha256": hashlib.sha256, "hmac-sha1": hashlib.sha1}


def signature_headers(
    signature: Signature, secret: str, body: bytes, now: datetime
) -> dict[str, str]:
    """The headers that sign this body."""
    timestamp = str(int(now.timestamp()))
    headers: dict[str, str] = {}
    if signature.timestamp_header:
        headers[signature.timestamp_header] = timestamp
    proof = secret
    if signature.algorithm != "token":
        content = signed_content(signature, timestamp, body)
        hashed = hmac.new(secret.encode(), content, _HASHES[signature.algorithm]).digest()
        encodes_base64 = signature.encoding == "base64"
        proof = base64.b64encode(hashed).decode() if encodes_base64 else hashed.hex()
    value = f"{signature.prefix}{proof}"
    if signature.signed == "timestamp.body" and signature.timestamp_header is None:
        value = f"t={timestamp},{signature.prefix or 'v1='}{proof}"  # both in the one header
    return {**headers, signature.header: value}


def signed_content(signature: Signature, timestamp: str, body: bytes) -> bytes:
    if signature.signed == "timestamp.body":
        return timestamp.encode() + b"." + body
    if signature.signed == "v0:timestamp:body":
        return b"v0:" + timestamp.encode() + b":" + body
    return body
