"""Secrets in what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.masking import mask


@pytest.mark.parametrize(
    "secret",
    [
        "shpat_0123456789abcdef0123456789abcdef",
        "sk_live_abcdefghijklmnop1234",
        "xoxb-1234567890-abcdefghij",
        "ghp_abcdefghijklmnopqrstuvwxyz0123",
        "sk-ant-api03-abcdefghijklmnop",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----",
        "password: hunter2hunter2",
        "api key = abc12345678",
    ],
)
def test_secrets_are_removed(secret: str) -> None:
    masked, found = mask(f"connect with {secret} please")
    assert secret not in masked
    assert len(found) == 1
    assert masked.startswith("connect with")
    assert masked.endswith("please")


def test_a_password_in_a_url_is_removed() -> None:
    masked, found = mask("postgres://weft:s3cret@db.example.com/x")
    assert "s3cret" not in masked
    assert found == ["password in a URL"]


@pytest.mark.parametrize(
    "text",
    [
        "Use OAuth 2.0 Authorization Code for QuickBooks and API key for Shopify.",
        "API key: yes, for Shopify",
        "map the password field to secret_question",
        "base appX1Y2Z3, table Leads",
    ],
)
def test_ordinary_requests_stay_as_they_are(text: str) -> None:
    assert mask(text) == (text, [])


@given(st.text(max_size=300))
def test_any_text_is_masked_once(text: str) -> None:
    masked, _ = mask(text)
    assert mask(masked)[0] == masked
