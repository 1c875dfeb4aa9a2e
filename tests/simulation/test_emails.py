"""Emails that are sent through an API are read as records."""

import base64
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.simulation.emails import read_email
from pipeline.simulation.refusals import Refusal


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_headers_and_both_bodies_are_read() -> None:
    message = EmailMessage()
    message["To"] = "Zoë <zoe@example.com>"
    message["Subject"] = "Bestätigung"
    message.set_content("Grüße\n")
    message.add_alternative("<p>Grüße</p>\n", subtype="html")
    assert read_email(_encoded(message.as_bytes())) == {
        "to": "Zoë <zoe@example.com>",
        "subject": "Bestätigung",
        "text": "Grüße",
        "html": "<p>Grüße</p>",
    }


@pytest.mark.parametrize(
    ("encoded", "said"),
    [
        (None, "base64url"),
        ({"to": "ada@example.com"}, "base64url"),
        ("To: ada@example.com", "base64url"),
        ("a", "base64url"),
        (_encoded(b"Subject: Hi\r\n\r\nHello"), "recipient"),
        (
            _encoded(b"To: a@example.com\r\nContent-Type: text/plain; charset=nope\r\n\r\nHi"),
            "character set",
        ),
    ],
)
def test_what_is_no_email_is_refused(encoded: object, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_email(encoded)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_there_is_a_record_or_a_refusal(content: bytes) -> None:
    try:
        record = read_email(_encoded(b"To: a@example.com\r\n" + content))
    except Refusal:
        return
    assert all(isinstance(value, str) for value in record.values())
