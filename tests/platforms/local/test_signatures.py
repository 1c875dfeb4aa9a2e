"""Every kind of webhook signature, checked against what the mocks sign."""

import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import Signature
from pipeline.catalogue.signing import Delivered, secret_of
from pipeline.plan.model import Auth, CredentialField
from pipeline.platforms.local.signatures import signature_of, verify
from pipeline.simulation.signatures import signature_headers

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CATALOGUE = Catalogue.load()
KINDS = {
    name: entry.signature
    for name in CATALOGUE.names()
    if (entry := CATALOGUE.system(name)).signature is not None
} | {
    "slack": Signature(
        header="X-Slack-Signature",
        encoding="hex",
        prefix="v0=",
        timestamp_header="X-Slack-Request-Timestamp",
        signed="v0:{timestamp}:{body}",
        tolerance_seconds=300,
    ),
    "sha1": Signature(header="X-Signature", algorithm="hmac-sha1", encoding="hex"),
    "token": Signature(header="X-Token", algorithm="token", prefix="Bearer "),
    "basic": Signature(header="Authorization", algorithm="basic"),
}
SECRETS = ("token", "basic")  # kinds that send the secret itself
URL = "https://weft.example/hooks/prj_1/test/orders?a=1"
every_kind = pytest.mark.parametrize("signature", KINDS.values(), ids=KINDS)


def lowered(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@every_kind
@given(body=st.binary(max_size=200), secret=st.text("abc123é", min_size=1))
def test_what_was_signed_is_taken(signature: Signature, body: bytes, secret: str) -> None:
    headers = lowered(signature_headers(signature, secret, body, NOW, URL))

    assert verify(signature, secret, headers, Delivered(body, URL), NOW)


@every_kind
def test_another_secret_is_refused(signature: Signature) -> None:
    headers = lowered(signature_headers(signature, "wrong", b"body", NOW))

    assert not verify(signature, "right", headers, Delivered(b"body"), NOW)


@pytest.mark.parametrize("name", [name for name in KINDS if name not in SECRETS])
def test_another_body_is_refused(name: str) -> None:
    headers = lowered(signature_headers(KINDS[name], "secret", b"body=1", NOW))

    assert not verify(KINDS[name], "secret", headers, Delivered(b"other=1"), NOW)


@every_kind
def test_no_header_is_refused(signature: Signature) -> None:
    assert not verify(signature, "secret", {}, Delivered(b"body"), NOW)


@every_kind
def test_an_empty_secret_proves_nothing(signature: Signature) -> None:
    headers = lowered(signature_headers(signature, "", b"body", NOW))

    assert not verify(signature, "", headers, Delivered(b"body"), NOW)


@every_kind
@given(given=st.text(max_size=60))
def test_no_text_in_the_header_breaks_the_check(signature: Signature, given: str) -> None:
    headers = {signature.header.lower(): given}
    if signature.timestamp_header:
        headers[signature.timestamp_header.lower()] = given

    assert not verify(signature, "a-long-secret", headers, Delivered(b"body"), NOW)


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].tolerance_seconds])
def test_a_repeated_delivery_is_too_old_after_the_tolerance(name: str) -> None:
    signature, delivered = KINDS[name], Delivered(b"body")
    headers = lowered(signature_headers(signature, "secret", b"body", NOW))

    assert verify(signature, "secret", headers, delivered, NOW + timedelta(seconds=298))
    assert not verify(signature, "secret", headers, delivered, NOW + timedelta(seconds=302))
    assert not verify(signature, "secret", headers, delivered, NOW - timedelta(seconds=302))


@pytest.mark.parametrize("name", ["hubspot", "twilio"])
def test_another_address_is_refused_where_the_address_is_signed(name: str) -> None:
    headers = lowered(signature_headers(KINDS[name], "secret", b"body", NOW, URL))
    elsewhere = Delivered(b"body", URL.replace("test", "production"))

    assert not verify(KINDS[name], "secret", headers, elsewhere, NOW)


# What the vendors' own documentation gives as an example: secret, headers, request, time.
DOCUMENTED = {
    "github": (
        "It's a Secret to Everybody",
        {
            "x-hub-signature-256": "sha256="
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        },
        Delivered(b"Hello, World!"),
        NOW,
    ),
    "twilio": (
        "12345",
        {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
        Delivered(
            b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234"
            b"&From=%2B14158675309&To=%2B18005551212",
            "https://mycompany.com/myapp.php?foo=1&bar=2",
        ),
        NOW,
    ),
}


def test_slacks_own_library_signs_the_same() -> None:
    timestamp = str(int(NOW.timestamp()))
    theirs = SignatureVerifier("secret").generate_signature(timestamp=timestamp, body=b"body")

    assert signature_headers(KINDS["slack"], "secret", b"body", NOW)["X-Slack-Signature"] == theirs


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_vendors_own_examples_hold(name: str) -> None:
    secret, headers, delivered, now = DOCUMENTED[name]

    assert verify(KINDS[name], secret, headers, delivered, now)


@pytest.mark.parametrize(
    ("auth", "secrets", "headers"),
    [
        (
            Auth(
                type="api-key",
                parameter="X-Key",
                prefix="Key ",
                fields=[CredentialField(name="the_key", label="Key")],
            ),
            {"the_key": "k"},
            {"x-key": "Key k"},
        ),
        (
            Auth(type="basic-auth"),
            {"username": "u", "password": "p"},
            {"authorization": "Basic dTpw"},
        ),
        (
            Auth(type="hmac", fields=[CredentialField(name="secret", label="Secret")]),
            {"secret": "s"},
            {"x-signature": hmac.new(b"s", b"body", "sha256").hexdigest()},
        ),
    ],
    ids=["api-key", "basic-auth", "hmac"],
)
def test_a_connection_proves_its_sender_where_no_signature_is_known(
    auth: Auth, secrets: dict[str, str], headers: dict[str, str]
) -> None:
    signature = signature_of(auth)
    assert signature is not None
    secret = secret_of(signature, secrets)

    assert verify(signature, secret, headers, Delivered(b"body"), NOW)
    for name, value in headers.items():
        assert not verify(signature, secret, {name: value + "0"}, Delivered(b"body"), NOW)


def test_schemes_that_prove_nothing_to_us_have_no_signature() -> None:
    for auth in (
        Auth(type="none"),
        Auth(type="oauth2"),
        Auth(type="certificate"),
        Auth(type="api-key", location="query"),
    ):
        assert signature_of(auth) is None


def test_capital_hex_digits_are_the_same_signature() -> None:
    github = KINDS["github"]
    headers = lowered(signature_headers(github, "secret", b"body", NOW))
    value = headers["x-hub-signature-256"]
    capital = {"x-hub-signature-256": "sha256=" + value.removeprefix("sha256=").upper()}

    assert verify(github, "secret", capital, Delivered(b"body"), NOW)
