"""Schemas of a document as plain JSON Schema (2020-12) without references."""

from collections.abc import Mapping
from typing import Any

from pipeline.catalogue.naming import kebab
from pipeline.catalogue.openapi.access import mapping
from pipeline.catalogue.shape import flatten, reference_of

_MAX_DEPTH = 7
_MAX_NODES_A_RECORD = 2_000
_MAX_NODES = 120_000
_MAX_VALUES = 200
_MAX_NAME = 120
_COUNTS = ("maxLength", "minLength", "minItems", "maxItems")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_FLAGS = ("readOnly", "writeOnly")
_TYPES = ("string", "number", "integer", "boolean", "object", "array")


class Records:
    """Copies schemas, keeping what Weft understands; one budget for the whole document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._left = _MAX_NODES
        self._left_here = 0

    def flat(self, schema: Any) -> dict[str, Any]:
        return flatten(schema, self._document)

    def record(self, schema: Any) -> dict[str, Any]:
        self._left_here = min(_MAX_NODES_A_RECORD, self._left)
        before = self._left_here
        plain = self._plain(schema, ())
        self._left -= before - self._left_here
        return plain

    def _plain(self, schema: Any, inside: tuple[str, ...]) -> dict[str, Any]:
        node = self.flat(schema)
        self._left_here -= 1
        plain = _scalars(node)
        inside = (*inside, reference_of(schema) or "")
        if "properties" in node:
            plain["properties"] = {
                name: self._plain(child, inside)
                for name, child in node["properties"].items()
                if len(name) <= _MAX_NAME and self._goes_on(child, inside)
            }
            required = [name for name in node.get("required", []) if name in plain["properties"]]
            plain["required"] = list(dict.fromkeys(required))
            if node.get("additionalProperties") is False:
                plain["additionalProperties"] = False
        items = node.get("items")
        if plain.get("type") == "array" and self._goes_on(items, inside):
            plain["items"] = self._plain(items, inside)
        return plain

    def _goes_on(self, child: Any, inside: tuple[str, ...]) -> bool:
        """Whether a child is copied: not what contains itself, nor what exceeds the bounds."""
        if not isinstance(child, Mapping) or len(inside) > _MAX_DEPTH or self._left_here <= 0:
            return False
        reference = reference_of(child)
        return reference is None or reference not in inside


def _scalars(node: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    kind = node.get("type")
    if kind in _TYPES:
        plain["type"] = [kind, "null"] if node.get("nullable") is True else kind
    elif node.get("nullable") is True:
        plain["nullable"] = True
    if node.get("format"):
        plain["format"] = node["format"][:40]
    values = [value for value in node.get("enum", []) if _is_scalar(value)][:_MAX_VALUES]
    if values:
        plain["enum"] = [*values, None] if node.get("nullable") is True else values
    for word in (*_COUNTS, *_BOUNDS):
        value = node.get(word)
        counts = isinstance(value, int) and value >= 0
        if not isinstance(value, bool) and (counts or word in _BOUNDS and _is_number(value)):
            plain[word] = value
    for word in _FLAGS:
        if node.get(word) is True:
            plain[word] = True
    if _is_scalar(node.get("default")) and node.get("default") is not None:
        plain["default"] = node["default"]
    return plain


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float) and not (
        isinstance(value, str) and len(value) > 200
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def with_keys(record: dict[str, Any], entity: str, entities: set[str]) -> dict[str, Any]:
    """The record with the fields marked that identify it, or that refer to another entity."""
    marked = {
        name: {**child, **_role(name, mapping(child), entity, entities)}
        for name, child in mapping(record.get("properties")).items()
    }
    return {**record, "properties": marked} if marked else record


def _role(name: str, child: Mapping[str, Any], entity: str, entities: set[str]) -> dict[str, Any]:
    spelled = kebab(name)
    if child.get("type") in ("object", "array", "boolean"):
        return {}
    if spelled in ("id", "uuid", "guid", f"{entity}-id"):
        return {"x-weft-key": "id"}
    referred = spelled.removesuffix("-id").removesuffix("-uuid")
    if referred != spelled and referred in entities:
        return {"x-weft-reference": {"entity": referred, "field": "id"}}
    natural = child.get("format") == "email" or spelled in ("email", "sku", "code", "slug")
    return {"x-weft-key": "natural"} if natural else {}
