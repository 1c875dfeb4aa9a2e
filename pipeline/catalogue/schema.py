"""The fields of a record, walked out of its JSON Schema."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import JsonValue

from pipeline.catalogue.shape import Schema, flatten, reference_of
from pipeline.model import Value

_MAX_DEPTH = 10
_MAX_NODES = 20_000


class FieldInfo(Value):
    """One field. `type` is a JSON type, or "any" where the schema does not say."""

    path: str
    type: str
    format: str | None = None
    required: bool = False
    read_only: bool = False
    write_only: bool = False  # sent, never answered: a password, a switch of the call
    nullable: bool = False
    max_length: int | None = None
    enum: list[JsonValue] = []
    examples: list[JsonValue] = []  # usual values, where others may come
    key: Literal["id", "natural"] | None = None
    reference: dict[str, str] | None = None
    unit: str | None = None
    synonyms: list[str] = []
    default: JsonValue = None
    default_reason: str = ""

    @property
    def is_array(self) -> bool:
        """Whether the field has one value for each element of some array."""
        return "[]" in self.path


def fields(schema: Schema) -> list[FieldInfo]:
    """The leaves: scalars, free-form objects, and elements of arrays of these (`tags[]`).

    A type that contains itself is followed once; depth and number are capped, so that a hostile
    schema costs no more than a large one.
    """
    return list(_Walk(schema).below("", flatten(schema, schema), _Parent(), ()))


def field_at(schema: Schema, path: str) -> FieldInfo | None:
    """What stands at a path, be it a leaf, an object or an array; None where nothing does."""
    found = _descend(schema, path)
    return _info(path, *found) if found else None


def node_at(schema: Schema, path: str) -> tuple[dict[str, Any], bool] | None:
    """The flattened schema at a path, and whether it and all that contains it is required."""
    found = _descend(schema, path)
    return (found[0], found[1].required) if found else None


def _descend(schema: Schema, path: str) -> "tuple[dict[str, Any], _Parent] | None":
    node, parent = flatten(schema, schema), _Parent()
    for step in steps(path):
        children = {name: (child, required) for name, child, required in _children(node)}
        if step not in children and "x-weft-shapes" in _member(node):
            children[step] = (node["additionalProperties"], False)
        if step not in children:
            return None
        child, required = children[step]
        node = flatten(child, schema)
        parent = parent.child(node, required)
    return (node, parent) if path else None


def _member(node: Schema) -> Schema:
    """What any other member of an object is; empty where nothing is said of it."""
    member = node.get("additionalProperties")
    return member if isinstance(member, dict) else {}


def steps(path: str) -> list[str]:
    """`Line[].Amount` -> Line, [], Amount."""
    return [step for step in path.replace("[]", ".[]").split(".") if step]


class _Parent(Value):
    """What a field inherits: it is required only if all that contains it is."""

    required: bool = True
    read_only: bool = False
    write_only: bool = False

    def child(self, node: dict[str, Any], required: bool) -> "_Parent":
        return _Parent(
            required=self.required and required,
            read_only=self.read_only or node.get("readOnly") is True,
            write_only=self.write_only or node.get("writeOnly") is True,
        )


class _Walk:
    def __init__(self, root: Schema) -> None:
        self._root = root
        self._nodes_left = _MAX_NODES

    def below(
        self, path: str, node: dict[str, Any], parent: _Parent, inside: tuple[str, ...]
    ) -> Iterator[FieldInfo]:
        """`inside` has one entry a level: the reference that it came from, or ""."""
        for name, child, required in _children(node):
            reference = reference_of(child) or ""
            self._nodes_left -= 1
            if self._nodes_left < 0 or (reference and reference in inside):
                continue
            flat = flatten(child, self._root)
            here = path + name if name == "[]" or not path else f"{path}.{name}"
            inherited = parent.child(flat, required)
            if not _children(flat):
                yield _info(here, flat, inherited)
            elif len(inside) < _MAX_DEPTH:
                yield from self.below(here, flat, inherited, (*inside, reference))


def _children(node: dict[str, Any]) -> list[tuple[str, Any, bool]]:
    """(name or "[]", schema, whether it is required) of what an object or an array contains."""
    if _is_array(node):
        return [("[]", node.get("items", {}), True)]
    required = node.get("required", [])
    properties = node.get("properties", {})
    return [(name, properties[name], name in required) for name in properties if _nameable(name)]


def _info(path: str, node: dict[str, Any], parent: _Parent) -> FieldInfo:
    length = node.get("maxLength")
    usual = node.get("x-weft-default", {})
    return FieldInfo(
        path=path,
        type=node.get("type", "any"),
        format=node.get("format"),
        required=parent.required,
        read_only=parent.read_only,
        write_only=parent.write_only,
        nullable=node.get("nullable") is True,
        max_length=length if isinstance(length, int) else None,
        enum=node.get("enum", []),
        examples=node.get("examples", []),
        key=node.get("x-weft-key"),
        reference=node.get("x-weft-reference"),
        unit=node.get("x-weft-unit"),
        synonyms=node.get("x-weft-synonyms", []),
        default=usual.get("value", node.get("default")),
        default_reason=usual.get("why", ""),
    )


def _is_array(node: dict[str, Any]) -> bool:
    return node.get("type") == "array" or ("items" in node and "type" not in node)


def _nameable(name: str) -> bool:
    """Whether a Weft path can name this property."""
    return bool(name) and not any(sign in name for sign in ".[]")
