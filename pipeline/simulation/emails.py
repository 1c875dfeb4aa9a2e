"""An email as it is sent through an API: RFC 5322 in base64url, read as a record."""

import base64
import binascii
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from pipeline.simulation.refusals import Refusal

_HEADERS = {"to": "To", "cc": "Cc", "bcc": "Bcc", "reply_to": "Reply-To", "subject": "Subject"}
_RECIPIENTS = ("to", "cc", "bcc")


def read_email(encoded: Any) -> dict[str, Any]:
    """Its headers and bodies by the names of a record's fields; Refusal where it is no email."""
    message = message_from_bytes(_decoded(encoded), _class=EmailMessage, policy=default)
    record: dict[str, Any] = {
        field: str(message[header]) for field, header in _HEADERS.items() if message[header]
    }
    if not any(field in record for field in _RECIPIENTS):
        raise Refusal("invalid", "to: a required recipient is missing.")
    for field, kind in (("text", "plain"), ("html", "html")):
        part = message.get_body((kind,))
        if part is not None:
            record[field] = _content(part)
    return record


def _decoded(encoded: Any) -> bytes:
    if not isinstance(encoded, str) or not re.fullmatch(r"[A-Za-z0-9_-]+=*", encoded):
        raise Refusal("invalid", "The email must be in base64url.")
    try:
        return base64.urlsafe_b64decode(encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4))
    except binascii.Error as error:
        raise Refusal("invalid", "The email must be in base64url.") from error


def _content(part: Any) -> str:
    try:
        return str(part.get_content()).rstrip("\r\n")
    except (LookupError, UnicodeError) as error:  # a character set that nobody knows
        raise Refusal("invalid", "The email's character set is not known.") from error
