"""The JSON Schema of what a write operation takes as its body."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.catalogue.schema import node_at, steps

_NESTED = ("items", "additionalProperties", "not", "if", "then", "else")
_NAMED = ("$defs", "definitions", "patternProperties")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_DEFINITIONS = ("$defs", "definitions")
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def request_schema(entry: SystemEntry, operation: Operation) -> dict[str, Any]:
    """JSON Schema (2020-12) of the whole body; KeyError where the entity is not described.

    The entity's record stands at the operation's `request_path`. Read-only fields are forbidden,
    except those that the operation demands (an id, a version). What the entity requires holds
    where a whole record is written; a partial write demands only what its operation does.
    """
    record = entry.entity(operation.entity).record_schema
    schema = _writable(record, "", frozenset(operation.required))
    if operation.action not in ("create", "upsert") and not operation.replaces:
        schema.pop("required", None)
    if operation.body:
        constants = {name: {"const": value} for name, value in operation.body.items()}
        schema["properties"] = {**constants, **schema.get("properties", {})}
    for path in operation.required:
        schema = _demand(schema, steps(path))
    definitions = {word: schema.pop(word) for word in _DEFINITIONS if word in schema}
    if operation.record_as == "values":
        scalar = {"type": ["string", "number", "boolean", "null"]}
        schema = {"type": "array", "minItems": 1, "items": scalar}
    elif operation.record_as == "mime":
        schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]+=*$"}
    if operation.graphql is None:
        body = _wrap(schema, steps(operation.request_path))
    else:
        variables, _ = _filled(operation.variables, {**schema, **definitions})
        place, _, name = (operation.idempotency_parameter or "").partition(":")
        if place == "variable":
            variables["properties"] = {**variables.get("properties", {}), name: {"type": "string"}}
        named = {"query": {"type": "string"}, "variables": variables}
        body = {"type": "object", "required": ["variables"], "properties": named}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body, **definitions}


def named_field(template: JsonValue, name: str) -> JsonValue:
    """The template of a search with a field's name put in, where it stands as a member's too."""
    if isinstance(template, dict):
        named = {key.replace("{field}", name): one for key, one in template.items()}
        return {key: named_field(one, name) for key, one in named.items()}
    if isinstance(template, list):
        return [named_field(one, name) for one in template]
    return template.replace("{field}", name) if isinstance(template, str) else template


def _filled(template: JsonValue, record: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Schema of a GraphQL variables template filled from a record, and whether it is never left
    out for want of a value."""
    if isinstance(template, str) and _PLACEHOLDER.search(template):
        return _filled_text(template, record)
    if isinstance(template, dict):
        parts = {key: _filled(value, record) for key, value in template.items()}
        required = [key for key, (_, certain) in parts.items() if certain]
        properties = {key: schema for key, (schema, _) in parts.items()}
        schema = {"type": "object", "properties": properties, "required": required}
        return {**schema, "additionalProperties": False}, bool(required)
    if isinstance(template, list):
        items = [_filled(value, record) for value in template]
        either = {"anyOf": [part for part, _ in items]}
        array = {"type": "array", "minItems": 1, "items": either}
        return array, any(certain for _, certain in items)
    return {"const": template}, True


def _filled_text(template: str, record: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """One placeholder alone keeps its field's type; within a longer text it becomes text."""
    found = [node_at(record, name) for name in _PLACEHOLDER.findall(template)]
    certain = all(each is not None and each[1] for each in found)
    if _PLACEHOLDER.fullmatch(template):
        return (found[0][0] if found[0] else {}), certain
    # Every other part of the split is a placeholder's name.
    texts = [re.escape(text) for text in _PLACEHOLDER.split(template)[::2]]
    return {"type": "string", "pattern": f"^{'.+'.join(texts)}$"}, certain


def _writable(schema: Mapping[str, Any], path: str, kept: frozenset[str]) -> dict[str, Any]:
    """The schema with its read-only properties forbidden, at every depth."""
    result = dict(schema)
    for word in _NESTED:
        if isinstance(schema.get(word), Mapping):
            below = f"{path}[]" if word == "items" else path
            result[word] = _writable(schema[word], below, kept)
    for word in _NAMED:
        if isinstance(schema.get(word), Mapping):
            result[word] = {
                name: _writable(part, path, kept) if isinstance(part, Mapping) else part
                for name, part in schema[word].items()
            }
    for word in _LISTED:
        if isinstance(schema.get(word), list):
            result[word] = [
                _writable(part, path, kept) if isinstance(part, Mapping) else part
                for part in schema[word]
            ]
    if isinstance(schema.get("properties"), Mapping):
        result |= _writable_properties(schema, path, kept)
    return result


def _writable_properties(
    schema: Mapping[str, Any], path: str, kept: frozenset[str]
) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, child in schema["properties"].items():
        here = f"{path}.{name}" if path else name
        if not isinstance(child, Mapping):
            properties[name] = child
        elif child.get("readOnly") is True and here not in kept:
            properties[name] = False
        else:
            properties[name] = _writable(child, here, kept)
    required = [name for name in schema.get("required", []) if properties.get(name) is not False]
    return {"properties": properties, "required": required}


def _demand(schema: Mapping[str, Any], path: list[str]) -> dict[str, Any]:
    """The schema that also requires the field at this path, and all that contains it."""
    if not path:
        return dict(schema)
    first, rest = path[0], path[1:]
    if first == "[]":
        return {**schema, "minItems": 1, "items": _demand(schema.get("items", {}), rest)}
    properties = dict(schema.get("properties", {}))
    properties[first] = _demand(properties.get(first, {}), rest)
    required = list(dict.fromkeys([*schema.get("required", []), first]))
    return {**schema, "properties": properties, "required": required}


def _wrap(schema: dict[str, Any], path: list[str]) -> dict[str, Any]:
    for step in reversed(path):
        if step == "[]":
            schema = {"type": "array", "minItems": 1, "items": schema}
        else:
            properties = {step: schema}
            schema = {"type": "object", "required": [step], "properties": properties}
            schema["additionalProperties"] = False
    return schema
