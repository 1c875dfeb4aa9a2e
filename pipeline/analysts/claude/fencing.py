"""Text of others, made safe to show to a model: fenced, labelled, without values or secrets."""

import json
import re

from pydantic import JsonValue

from pipeline.masking import mask

_LONGEST = 24_000  # signs of one piece; what is longer is cut, and says so
_TAG = re.compile(r"<(?=\s*/?\s*material\b)", re.I)
_OBJECTS = 50  # JSON objects looked for in one text


def fence(kind: str, text: str, source: str = "") -> str:
    """The text as material: data with a label, which can't end its own fence."""
    masked, _ = mask(text)
    cut = masked if len(masked) <= _LONGEST else f"{masked[:_LONGEST]} [cut here]"
    origin = f' source="{_attribute(source)}"' if source else ""
    return f'<material kind="{_attribute(kind)}"{origin}>\n{_TAG.sub("‹", cut)}\n</material>'


def _attribute(text: str) -> str:
    return re.sub(r"[<>\"\n\r]", " ", text)[:120]


def without_values(text: str) -> str:
    """The text with each JSON object in it replaced by its fields and their types.

    What people paste as samples is customers' data; what a model needs of it is its shape.
    """
    decoder, parts, position = json.JSONDecoder(), [], 0
    for _ in range(_OBJECTS):
        start = text.find("{", position)
        if start < 0:
            break
        parts.append(text[position:start])
        try:
            value, position = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            parts.append("{")
            position = start + 1
        else:
            parts.append(json.dumps(_shape(value), ensure_ascii=False))
    return "".join(parts) + text[position:]


def _shape(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shape(value[0])] if value else []
    names = {str: "string", bool: "boolean", int: "number", float: "number"}
    return names.get(type(value), "null")
