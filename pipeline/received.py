"""What a webhook brings, parsed as every platform parses it."""

import json
from urllib.parse import parse_qs

from pydantic import JsonValue


def parsed(body: bytes, content_type: str) -> JsonValue:
    """A form as an object, JSON as what it says, anything else as its text; null for nothing."""
    text = body.decode(errors="replace")
    if "form-urlencoded" in content_type:
        fields = parse_qs(text, keep_blank_values=True)
        return {
            name: values[0] if len(values) == 1 else [*values] for name, values in fields.items()
        }
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
