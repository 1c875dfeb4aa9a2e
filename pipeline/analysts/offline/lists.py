"""The lists of objects that a record has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.catalogue.shape import Schema, flatten


@dataclass(frozen=True)
class Array:
    """An array of objects in a record: its path with `[]`, and the schema of its elements."""

    path: str
    items: Schema
    node: Schema


def arrays(schema: Schema, limit: int = 40) -> list[Array]:
    """The arrays of objects in a record, outermost ones only, by path."""
    return list(_arrays(schema, schema, "", 4))[:limit]


def _arrays(schema: Schema, root: Schema, path: str, depth: int) -> Iterator[Array]:
    node = flatten(schema, root)
    for name, child in node.get("properties", {}).items() if depth else ():
        inner = flatten(child, root)
        below = f"{path}.{name}" if path else name
        if inner.get("readOnly") is True:
            continue
        if "items" in inner:
            items = flatten(inner["items"], root)
            if items.get("properties"):
                yield Array(f"{below}[]", _rooted(items, root), inner)
        else:
            yield from _arrays(inner, root, below, depth - 1)


def _rooted(node: dict[str, Any], root: Schema) -> Schema:
    """An element's schema that can still follow the references of the whole."""
    return {**{key: root[key] for key in ("$defs", "definitions", "components") if key in root},
            **node}  # fmt: skip
