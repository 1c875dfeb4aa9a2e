"""Places in a JSON body: dots and indexes (`Fault.Error[0].code`); "" is the body itself."""

import re
from collections.abc import Callable
from typing import Any

_STEP = re.compile(r"([^.\[\]]+)|\[(\d*)\]")


def steps(path: str) -> list[str | int]:
    """`a.b[0].c` -> a, b, 0, c; an empty index means the first."""
    return [name or int(index or 0) for name, index in _STEP.findall(path)]


def read_at(body: Any, path: str) -> Any:
    """What stands there; None where nothing does."""
    for step in steps(path):
        if isinstance(body, dict) and isinstance(step, str):
            body = body.get(step)
        elif isinstance(body, list) and isinstance(step, int) and step < len(body):
            body = body[step]
        else:
            return None
    return body


def put_at(body: Any, path: str, value: Any) -> Any:
    """The body with the value there; objects and lists on the way are made where missing."""
    return _put(body, steps(path), value)


def _put(body: Any, rest: list[str | int], value: Any) -> Any:
    if not rest:
        return value
    step = rest[0]
    if isinstance(step, str):
        members = body if isinstance(body, dict) else {}
        return {**members, step: _put(members.get(step), rest[1:], value)}
    elements = list(body) if isinstance(body, list) else []
    elements += [None] * (step + 1 - len(elements))
    elements[step] = _put(elements[step], rest[1:], value)
    return elements


def change_at(body: Any, path: str, change: Callable[[Any], Any]) -> Any:
    """The body with what stands there changed, in each element where the path has `[]`."""
    first, repeated, rest = path.partition("[]")
    found = read_at(body, first)
    if not repeated:
        return put_at(body, first, change(found))
    if not isinstance(found, list):
        return body
    return put_at(body, first, [change_at(each, rest.lstrip("."), change) for each in found])


def removed_at(body: Any, path: str) -> Any:
    """The body without that member of an object, and without objects that are empty by that."""
    owner, _, name = path.rpartition(".")
    rest = {key: value for key, value in read_at(body, owner).items() if key != name}
    return put_at(body, owner, rest) if rest or not owner else removed_at(body, owner)
