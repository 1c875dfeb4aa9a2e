"""One level of a JSON Schema in its simplest form: references followed, combinations merged."""

from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

Schema: TypeAlias = Mapping[str, Any]

_SCALARS = {"string", "number", "integer", "boolean"}
_COMBINING = {"$ref", "allOf", "anyOf", "oneOf"}


def flatten(schema: Any, root: Schema) -> dict[str, Any]:
    """The node without `$ref`, `allOf`, `anyOf`, `oneOf`, and with one `type` (or none).

    Alternatives are merged: of objects, all properties, required where every one requires them;
    of a scalar and an object (an id, or the whole record in its place), the scalar. Null becomes
    `nullable`. What lies below the node is left as it is.
    """
    return _flatten(schema, root, {})


def reference_of(schema: Any) -> str | None:
    """The local reference that a node is or merely wraps (in a lone `allOf`, or nullable)."""
    while isinstance(schema, Mapping):
        if isinstance(schema.get("$ref"), str):
            return str(schema["$ref"])
        parts = [part for word in ("allOf", "anyOf", "oneOf") for part in _parts(schema, word)]
        parts = [part for part in parts if part.get("type") != "null"]
        if len(parts) != 1:
            return None
        schema = parts[0]
    return None


def lookup(reference: str, root: Schema) -> Any:
    """What a local reference (`#/$defs/Money`) names; an empty schema where it names nothing."""
    if not reference.startswith("#"):
        return {}
    node: Any = root
    for step in reference[1:].split("/")[1:]:
        key = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(node, Mapping) and key in node:
            node = node[key]
        elif isinstance(node, list) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        else:
            return {}
    return node


def _flatten(schema: Any, root: Schema, followed: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """`followed` has what each reference came to, empty while it is being followed: so that
    neither a circle nor a ladder of references costs more than its length."""
    if not isinstance(schema, Mapping):
        return {}
    node = {key: value for key, value in schema.items() if key not in _COMBINING}
    _settle_type(node)
    _settle_members(node)
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference not in followed:
            followed[reference] = {}
            followed[reference] = _flatten(lookup(reference, root), root, followed)
        node = _both(followed[reference], node)
    for part in _parts(schema, "allOf"):
        node = _both(_flatten(part, root, followed), node)
    for word in ("anyOf", "oneOf"):
        options = [_flatten(part, root, followed) for part in _parts(schema, word)]
        if options:
            node = _both(_either(options), node)
    return node


def _parts(schema: Schema, word: str) -> list[Schema]:
    parts = schema.get(word)
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def _settle_type(node: dict[str, Any]) -> None:
    """Every way of saying "or null" becomes `nullable`; of several types the first is kept."""
    kinds = node.pop("type", None)
    kinds = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    named = [kind for kind in kinds if isinstance(kind, str) and kind != "null"]
    if "null" in kinds:
        node["nullable"] = True
    if not named and "null" in kinds:
        node["type"] = "null"
    elif named:
        node["type"] = named[0]
    elif isinstance(node.get("properties"), Mapping):
        node["type"] = "object"
    if isinstance(node.get("enum"), list) and None in node["enum"]:
        node["nullable"] = True
        node["enum"] = [value for value in node["enum"] if value is not None]


def _settle_members(node: dict[str, Any]) -> None:
    """Drop keywords of the wrong kind: a user's schema may hold anything."""
    kinds = {"properties": Mapping, "required": list, "enum": list, "x-weft-synonyms": list}
    for word, kind in kinds.items():
        if word in node and not isinstance(node[word], kind):
            del node[word]
    if "required" in node:
        node["required"] = [name for name in node["required"] if isinstance(name, str)]
    if not isinstance(node.get("format", ""), str):
        del node["format"]


def _both(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """What satisfies both; where they speak of the same thing, the second is nearer the field."""
    merged = {**first, **second}
    if "properties" in first and "properties" in second:
        merged["properties"] = {**first["properties"], **second["properties"]}
    if "required" in first and "required" in second:
        merged["required"] = list(dict.fromkeys([*first["required"], *second["required"]]))
    if first.get("type") not in (None, "null") and second.get("type") in (None, "null"):
        merged["type"] = first["type"]
    return merged


def _either(options: list[dict[str, Any]]) -> dict[str, Any]:
    real = [option for option in options if option.get("type") != "null"]
    nullable = len(real) < len(options) or any(option.get("nullable") for option in options)
    scalars = [option for option in real if option.get("type") in _SCALARS]
    chosen = scalars or real
    merged: dict[str, Any] = {}
    for option in reversed(chosen):
        merged = _both(merged, option)
    if len(chosen) > 1:
        merged = _only_common(merged, chosen)
    if nullable:
        merged["nullable"] = True
    return merged


def _only_common(merged: dict[str, Any], options: list[dict[str, Any]]) -> dict[str, Any]:
    """Keep as a demand only what every option demands."""
    required = [set(option.get("required", [])) for option in options]
    result = {**merged, "required": sorted(set.intersection(*required))}
    if all("enum" in option for option in options):
        result["enum"] = [value for option in options for value in option["enum"]]
    else:
        result.pop("enum", None)
    if any("maxLength" not in option for option in options):
        result.pop("maxLength", None)
    if len({option.get("format") for option in options}) > 1:
        result.pop("format", None)
    return result
