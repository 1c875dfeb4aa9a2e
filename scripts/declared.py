"""TypeScript declarations of objects, read as JSON Schema."""

import re
from collections.abc import Mapping
from typing import Any

_DECLARED = r"(?:type {name} = |interface {name} (?:extends [\w, ]+ )?)\{{\n(.*?)\n\}};?"
_PROPERTY = re.compile(r"^ {4}(\w+)(\??): ([^;{]+);", re.M)
_SCALARS = {"string": "string", "number": "number", "boolean": "boolean"}


def kept(source: str, declaration: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """An object's schema, cut down to the wanted fields; KeyError names one that is not there.

    A wanted field has keywords to add, and `fields` where what it holds is declared elsewhere.
    """
    found = re.search(_DECLARED.format(name=re.escape(declaration)), source, re.S)
    if found is None:
        raise KeyError(declaration)
    types = {name: type_.strip() for name, _, type_ in _PROPERTY.findall(found[1])}
    properties = {
        name: _field(source, types[name], dict(extra or {})) for name, extra in wanted.items()
    }
    return {"type": "object", "properties": properties}


def _field(source: str, declared: str, extra: dict[str, Any]) -> dict[str, Any]:
    parts = [part.strip() for part in declared.split("|")]
    named = [part for part in parts if part not in ("null", "undefined")]
    inner = extra.pop("fields", None)
    schema = _type(source, named, inner)
    if "null" in parts and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    return schema | extra


def _type(source: str, named: list[str], inner: Mapping[str, Any] | None) -> dict[str, Any]:
    first = re.sub(r"Partial<(\w+)>", r"\1", named[0])
    other_name = re.search(rf"type {re.escape(first)} = ([^;{{]+);", source)
    if other_name:
        return _type(source, [part.strip() for part in other_name[1].split("|")], inner)
    listed = re.fullmatch(r"(?:Array<(\w+)>|(\w+)\[\])", first)
    if listed:
        return {"type": "array", "items": _type(source, [listed[1] or listed[2]], inner)}
    if inner is not None:
        return kept(source, first, inner)
    if all(re.fullmatch(r"[\"'].*[\"']", part) for part in named):
        return {"type": "string", "enum": [part.strip("\"'") for part in named]}
    if "DateString" in named or "Date" in named:
        return {"type": "string", "format": "date-time"}
    scalars = [part for part in named if part in _SCALARS]
    return {"type": _SCALARS[scalars[0]] if scalars else "object"}
