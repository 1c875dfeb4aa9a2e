"""How a mock proves itself as the sender of a webhook: the headers of each kind of signature."""

from datetime import datetime

from pipeline.catalogue.model import Signature
from pipeline.catalogue.signing import Delivered, is_timed, proof, timestamp


def signature_headers(
    signature: Signature, secret: str, body: bytes, now: datetime, url: str = ""
) -> dict[str, str]:
    """The headers that sign this body, sent to that URL."""
    if not is_timed(signature):
        return {signature.header: proof(signature, secret, Delivered(body, url))}
    time = timestamp(signature, now)
    value = proof(signature, secret, Delivered(body, url), time)
    if signature.timestamp_header:
        return {signature.timestamp_header: time, signature.header: value}
    # Both in the one header.
    name = signature.prefix or "v1="
    return {signature.header: f"t={time},{name}{value.removeprefix(signature.prefix)}"}
