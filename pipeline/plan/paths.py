"""Paths of fields: dots, and `[]` behind an array's name (`Line[].SalesItemLineDetail.Qty`).

A path starts at the source record, or at `$lookup.<name>`, `$write.<id>` or `$variable.<name>`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pipeline.errors import InvalidEdit

Root = Literal["record", "lookup", "write", "variable"]

_STEP = re.compile(r"(?P<name>[^\s.\[\]$][^.\[\]]*)(?P<array>\[\])?")
_ROOT = re.compile(r"\$(?P<root>lookup|write|variable)\.(?P<name>[^.\[\]]+)(?:\.(?P<rest>.+))?")


@dataclass(frozen=True)
class Step:
    name: str
    repeated: bool = False

    def __str__(self) -> str:
        return f"{self.name}[]" if self.repeated else self.name


@dataclass(frozen=True)
class Path:
    """A parsed path; `name` is the lookup, write or variable that it starts at."""

    steps: tuple[Step, ...]
    root: Root = "record"
    name: str = ""

    def __str__(self) -> str:
        rest = ".".join(str(step) for step in self.steps)
        if self.root == "record":
            return rest
        return f"${self.root}.{self.name}" + (f".{rest}" if rest else "")


@lru_cache(maxsize=4096)  # the same few paths are read again and again
def parse(path: str) -> Path:
    """Read a path; InvalidEdit where it is none."""
    root = _ROOT.fullmatch(path)
    if root is None:
        return Path(_steps(path, path))
    kind: Any = root["root"]
    rest = root["rest"]
    return Path(_steps(rest, path) if rest else (), kind, root["name"])


def _steps(text: str, whole: str) -> tuple[Step, ...]:
    found = [_STEP.fullmatch(part) for part in text.split(".")]
    steps = tuple(Step(match["name"], bool(match["array"])) for match in found if match)
    if len(steps) != len(found):
        raise InvalidEdit(
            f"“{whole[:80]}” is no path of a field; write it like `customer.email` or "
            "`line_items[].price`."
        )
    return steps


def array_of(path: str) -> str | None:
    """The innermost array that the path goes through (`a[].b[]` of `a[].b[].c`), if any."""
    end = path.rfind("[]")
    return path[: end + 2] if end >= 0 else None


def read(record: Any, path: str) -> Any:
    """The value at a path of a record: None where absent, a flat list where it repeats."""
    return _read(record, parse(path).steps)


def _read(value: Any, steps: tuple[Step, ...]) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    inner = value.get(step.name) if isinstance(value, dict) else None
    if not step.repeated:
        return _read(inner, rest)
    elements = inner if isinstance(inner, list) else []
    values = [_read(element, rest) for element in elements]
    if any(later.repeated for later in rest):
        return [item for nested in values for item in nested]
    return values
