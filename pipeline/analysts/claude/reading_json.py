"""Values of any type, which a model gives as JSON text: strict schemas have no type for them."""

import json

from pydantic import JsonValue

from pipeline.errors import InvalidEdit


def read_json(name: str, text: object) -> JsonValue:
    """InvalidEdit where the text is no JSON."""
    try:
        value: JsonValue = json.loads(text) if isinstance(text, str) else None
    except (json.JSONDecodeError, RecursionError):
        raise InvalidEdit(f'{name} must be JSON text, such as "paid", 12 or true.') from None
    return value
