"""AWS Signature Version 4, in headers, of a request whose body is at hand.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. It is written here
since what other libraries sign is either no S3 or weighs more than all else of the runner.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote

import httpx

_ALGORITHM = "AWS4-HMAC-SHA256"
_UNRESERVED = "-_.~"
_SIGNED = frozenset(("content-md5", "content-type", "date", "host", "range"))  # and all x-amz-*


class AwsKey(NamedTuple):
    access_key_id: str
    secret_access_key: str
    session_token: str = ""


def aws_headers(
    key: AwsKey,
    scope: str,
    method: str,
    url: httpx.URL,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> dict[str, str]:
    """The headers that sign the request; `scope` is `<region>/<service>`."""
    time = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    content_hash = hashlib.sha256(body).hexdigest()
    added = {"x-amz-content-sha256": content_hash, "x-amz-date": time}
    if key.session_token:
        added["x-amz-security-token"] = key.session_token
    signed = _signed(url, {**headers, **added})
    names = ";".join(signed)
    canonical = "\n".join(
        (
            method.upper(),
            _path(url, scope),
            _query(url),
            *(f"{name}:{value}" for name, value in signed.items()),
            "",
            names,
            content_hash,
        )
    )
    day_scope = f"{time[:8]}/{scope}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    secret = f"AWS4{key.secret_access_key}".encode()
    for part in day_scope.split("/"):
        secret = _mac(secret, part)
    signature = _mac(secret, "\n".join((_ALGORITHM, time, day_scope, digest))).hex()
    credential = f"{key.access_key_id}/{day_scope}"
    proof = f"Credential={credential}, SignedHeaders={names}, Signature={signature}"
    return {**added, "Authorization": f"{_ALGORITHM} {proof}"}


def _signed(url: httpx.URL, headers: Mapping[str, str]) -> dict[str, str]:
    lowered = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    lowered["host"] = url.netloc.decode()
    return {
        name: lowered[name]
        for name in sorted(lowered)
        if name in _SIGNED or name.startswith("x-amz-")
    }


def _path(url: httpx.URL, scope: str) -> str:
    """Encoded once for S3, twice for every other service."""
    path = quote(unquote(url.raw_path.decode().partition("?")[0]), safe=f"/{_UNRESERVED}")
    return path if scope.endswith("/s3") else quote(path, safe=f"/{_UNRESERVED}")


def _query(url: httpx.URL) -> str:
    pairs = parse_qsl(url.query.decode(), keep_blank_values=True)
    return "&".join(sorted(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs))


def _encoded(text: str) -> str:
    return quote(text, safe=_UNRESERVED)


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
