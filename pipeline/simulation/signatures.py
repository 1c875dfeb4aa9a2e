"""How a mock proves itself as the sender of a webhook."""

from datetime import datetime

from pipeline.catalogue.model import Signature
from pipeline.catalogue.signing import Delivered, signing_headers


def signature_headers(
    signature: Signature, secret: str, body: bytes, now: datetime, url: str = ""
) -> dict[str, str]:
    """The headers that sign this body, sent to that URL."""
    return signing_headers(signature, secret, Delivered(body, url), now)
