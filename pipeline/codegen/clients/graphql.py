"""The variables of a GraphQL operation as a TypeScript expression over a record."""

from collections.abc import Callable
from typing import Any

from pydantic import JsonValue

from pipeline.codegen.clients.method import placeholders
from pipeline.codegen.literals import literal, template
from pipeline.codegen.names import key, member, singular, variable

Knows = Callable[[str], bool]


def variables(shape: JsonValue, record: str, knows: Knows) -> str | None:
    """The shape filled from a record; None where nothing of it is known.

    A string that is exactly `{path}` is that value; of `{a[].b}` in a list, one element is made
    for each. What the record never has (`knows` says so of a path) is left out.
    """
    return _filled(shape, "", record, knows)


def _filled(shape: JsonValue, array: str, owner: str, knows: Knows) -> str | None:
    if isinstance(shape, str):
        return _text(shape, array, owner, knows)
    if isinstance(shape, dict):
        made = {name: _filled(one, array, owner, knows) for name, one in shape.items()}
        kept = [f"{key(name)}: {value}" for name, value in made.items() if value is not None]
        return "{ " + ", ".join(kept) + " }" if kept or not shape else None
    if isinstance(shape, list):
        return _list(shape, array, owner, knows)
    return literal(shape)


def _list(shape: list[Any], array: str, owner: str, knows: Knows) -> str | None:
    inner = next((each for each in _arrays(shape) if each.startswith(array)), None)
    if inner is None or len(shape) != 1:
        made = [_filled(one, array, owner, knows) for one in shape]
        kept = [one for one in made if one is not None]
        return f"[{', '.join(kept)}]" if kept else None
    if not knows(inner):
        return None
    name = variable(singular(inner.removesuffix("[]").split(".")[-1]))
    element = _filled(shape[0], f"{inner}.", name, knows)
    listed = _access(owner, inner.removesuffix("[]").removeprefix(array))
    return None if element is None else f"{listed}?.map(({name}) => ({element}))"


def _arrays(shape: JsonValue) -> list[str]:
    """The arrays that placeholders of a shape go through."""
    if isinstance(shape, str):
        return [f"{one.rpartition('[]')[0]}[]" for one in placeholders(shape) if "[]" in one]
    inner = shape.values() if isinstance(shape, dict) else shape if isinstance(shape, list) else ()
    return [array for one in inner for array in _arrays(one)]


def _text(shape: str, array: str, owner: str, knows: Knows) -> str | None:
    names = placeholders(shape)
    if not names:
        return literal(shape)
    if not all(knows(name) for name in names):
        return None
    values = {name: _access(owner, name.removeprefix(array)) for name in names}
    if shape == f"{{{names[0]}}}":
        return values[names[0]]
    there = " && ".join(values.values())
    return f"({there} ? {template(shape, values)} : undefined)"


def _access(owner: str, path: str) -> str:
    code, optional = owner, False
    for step in path.split("."):
        code, optional = member(code, step, optional), True
    return code
