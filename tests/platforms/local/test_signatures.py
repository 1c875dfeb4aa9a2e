"""Every kind of webhook signature, checked against what the mocks sign."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.model import Signature
from pipeline.platforms.local.signatures import verify
from pipeline.simulation.signatures import signature_headers

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KINDS = {
    "shopify": Signature(header="X-Shopify-Hmac-Sha256"),
    "github": Signature(header="X-Hub-Signature-256", encoding="hex", prefix="sha256="),
    "slack": Signature(
        header="X-Slack-Signature",
        encoding="hex",
        prefix="v0=",
        timestamp_header="X-Slack-Request-Timestamp",
        signed="v0:timestamp:body",
        tolerance_seconds=300,
    ),
    "sha1": Signature(header="X-Signature", algorithm="hmac-sha1", encoding="hex"),
    "token": Signature(header="X-Token", algorithm="token"),
}
every_kind = pytest.mark.parametrize("signature", KINDS.values(), ids=KINDS)


def lowered(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@every_kind
@given(body=st.binary(max_size=200), secret=st.text("abc123é", min_size=1))
def test_what_was_signed_is_taken(signature: Signature, body: bytes, secret: str) -> None:
    headers = lowered(signature_headers(signature, secret, body, NOW))

    assert verify(signature, secret, headers, body, NOW)


@every_kind
def test_another_secret_is_refused(signature: Signature) -> None:
    headers = lowered(signature_headers(signature, "wrong", b"body", NOW))

    assert not verify(signature, "right", headers, b"body", NOW)


@pytest.mark.parametrize("name", [name for name in KINDS if name != "token"])
def test_another_body_is_refused(name: str) -> None:
    headers = lowered(signature_headers(KINDS[name], "secret", b"body", NOW))

    assert not verify(KINDS[name], "secret", headers, b"other", NOW)


@every_kind
def test_no_header_is_refused(signature: Signature) -> None:
    assert not verify(signature, "secret", {}, b"body", NOW)


@every_kind
def test_an_empty_secret_proves_nothing(signature: Signature) -> None:
    headers = lowered(signature_headers(signature, "", b"body", NOW))

    assert not verify(signature, "", headers, b"body", NOW)


@every_kind
@given(given=st.text(max_size=60))
def test_no_text_in_the_header_breaks_the_check(signature: Signature, given: str) -> None:
    headers = {signature.header.lower(): given}
    if signature.timestamp_header:
        headers[signature.timestamp_header.lower()] = given

    assert not verify(signature, "a-long-secret", headers, b"body", NOW)


def test_a_repeated_delivery_is_too_old_after_the_tolerance() -> None:
    slack = KINDS["slack"]
    headers = lowered(signature_headers(slack, "secret", b"body", NOW))

    assert verify(slack, "secret", headers, b"body", NOW + timedelta(seconds=299))
    assert not verify(slack, "secret", headers, b"body", NOW + timedelta(seconds=301))
    assert not verify(slack, "secret", headers, b"body", NOW - timedelta(seconds=301))


def test_capital_hex_digits_are_the_same_signature() -> None:
    github = KINDS["github"]
    headers = lowered(signature_headers(github, "secret", b"body", NOW))
    value = headers["x-hub-signature-256"]
    capital = {"x-hub-signature-256": "sha256=" + value.removeprefix("sha256=").upper()}

    assert verify(github, "secret", capital, b"body", NOW)
