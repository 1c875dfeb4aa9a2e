"""Form bodies with brackets (`address[city]=…`, `items[0][price]=…`), read as typed JSON."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from pipeline.catalogue.schema import field_at
from pipeline.simulation.json_paths import put_at
from pipeline.simulation.refusals import Refusal

MEDIA_TYPE = "application/x-www-form-urlencoded"
_KEY = re.compile(r"([^\[\].]+)((?:\[[^\[\].]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_MAX_FIELDS = 1000
_MAX_INDEX = 1000


def read_form(body: bytes, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The record, numbers and booleans as the schema has them; Refusal of what is no such form."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise Refusal("invalid", "The body is not a valid form.") from error
    record: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for key, value in pairs:
        place = _place(key, counts)
        field = field_at(schema, re.sub(r"\[\d+\]", "[]", place))
        record = put_at(record, place, typed(value, field.type if field else "string"))
    return record


def _place(key: str, counts: dict[str, int]) -> str:
    """`items[0][price]` -> `items[0].price`; `tags[]` counts up."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise Refusal("invalid", f"{key[:80]}: a field that is not known here.")
    place = found[1]
    for part in _PART.findall(found[2]):
        if part == "":
            counts[place] = counts.get(place, -1) + 1
            part = str(counts[place])
        if part.isdecimal() and int(part[:9]) > _MAX_INDEX:
            raise Refusal("invalid", f"{key[:80]}: too many elements.")
        place += f"[{int(part)}]" if part.isdecimal() else f".{part}"
    return place


def typed(value: str, kind: str) -> Any:
    """A text that is not of its field's type stays text, and is refused by the schema."""
    if kind == "integer" and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    if kind == "number" and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", value):
        return float(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


def write_form(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The pairs of a form that `read_form` reads back."""
    return [pair for name, value in record.items() for pair in _pairs(name, value)]


def _pairs(key: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [pair for name, each in value.items() for pair in _pairs(f"{key}[{name}]", each)]
    if isinstance(value, list):
        return [
            pair for index, each in enumerate(value) for pair in _pairs(f"{key}[{index}]", each)
        ]
    return [(key, str(value).lower() if isinstance(value, bool) else str(value))]
