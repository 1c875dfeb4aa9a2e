"""Records that are made of several rows: the fields of the first, and all of them in an array."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.catalogue.shape import Schema, flatten
from pipeline.plan.paths import parse

ROWS = "rows[]"  # the array of a group's record that has its rows
_MEMBER = parse(ROWS).steps[0].name
_SHARED = ("$defs", "definitions", "components")
_NAMES = ["lines", "line items"]  # what other systems call the rows of one document


def grouped(row: Schema) -> Schema:
    """The schema of what rows of a schema become together; it has no id but what they share."""
    node = flatten(row, row)
    fields = {name: _without_id(field) for name, field in node.get("properties", {}).items()}
    each = {**node, "properties": fields}
    array = {"type": "array", "items": each, "x-weft-synonyms": _NAMES}
    shared = {name: row[name] for name in _SHARED if name in row}
    return {**shared, **each, "properties": {**fields, _MEMBER: array}}


def as_group(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The record that rows become together."""
    return {**rows[0], _MEMBER: list(rows)}


def rows_of(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of which a record is made; itself, where it is none of several."""
    rows = record.get(_MEMBER)
    return list(rows) if isinstance(rows, list) else [dict(record)]


def of_rows(path: str) -> str | None:
    """The path within a row of a path that goes through the rows; None for any other."""
    if path == ROWS:
        return ""
    return path.removeprefix(f"{ROWS}.") if path.startswith(f"{ROWS}.") else None


def _without_id(field: Any) -> Any:
    """A row's id tells rows apart, not the records that are made of them."""
    if not isinstance(field, dict) or field.get("x-weft-key") != "id":
        return field
    return {name: value for name, value in field.items() if name != "x-weft-key"}
