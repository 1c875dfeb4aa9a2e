"""Cases as TypeScript: inputs and outputs are told by how they differ from the sample."""

import re
from collections import defaultdict
from typing import Any

from pydantic import JsonValue

from pipeline.codegen.literals import literal
from pipeline.codegen.mapping_functions import MappingFunction
from pipeline.codegen.names import words
from pipeline.codegen.samples import REMOVED
from pipeline.codegen.variants import Place


def differences_between(one: Any, other: Any, place: Place = ()) -> dict[Place, Any]:
    """What to change to make of one value the other."""
    if isinstance(one, dict) and isinstance(other, dict):
        found: dict[Place, Any] = {}
        for name in dict.fromkeys([*one, *other]):
            if name not in other:
                found[(*place, name)] = REMOVED
            elif name not in one:
                found[(*place, name)] = other[name]
            else:
                found |= differences_between(one[name], other[name], (*place, name))
        return found
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return {
            where: value
            for index, (mine, its) in pairs
            for where, value in differences_between(mine, its, (*place, index)).items()
        }
    return {} if one == other and type(one) is type(other) else {place: other}


def is_small(differences: dict[Place, Any], normal: Any) -> bool:
    return () not in differences and len(differences) <= 12 and bool(normal)


def call_of(function: MappingFunction, changes: dict[Place, Any]) -> str:
    by_parameter: dict[str, dict[Place, Any]] = defaultdict(dict)
    for place, value in changes.items():
        by_parameter[str(place[0])][place] = value
    arguments = []
    for one in function.parameters:
        constant = constant_name(one.name)
        own = by_parameter.get(one.name)
        arguments.append(f"changed({constant}, {changes_literal(own)})" if own else constant)
    return f"{function.name}({', '.join(arguments)})"


def changes_literal(changes: dict[Place, Any], drop: int = 1) -> str:
    """Changes as an object literal; the first step of an input's place is its parameter."""
    members = [
        f"{literal(dotted(place, drop))}: {value_literal(value)}"
        for place, value in changes.items()
    ]
    return "{" + ", ".join(members) + "}"


def dotted(place: Place, drop: int = 1) -> str:
    return ".".join(map(str, place[drop:]))


def value_literal(value: Any) -> str:
    return "undefined" if value is REMOVED else text_of(value)


_LONG = re.compile(r'"(x{50,})([^"]*)"')


def text_of(value: JsonValue) -> str:
    """A literal; a text that is long for its own sake is written as a repetition."""

    def shorten(found: re.Match[str]) -> str:
        rest = f' + "{found[2]}"' if found[2] else ""
        return f'"x".repeat({len(found[1])}){rest}'

    return _LONG.sub(shorten, literal(value))


def constant_name(name: str) -> str:
    return "_".join(words(name)).upper()
