"""Checks of the transforms that a project uses, with results of the Python implementation."""

from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from pipeline.codegen.literals import literal
from pipeline.mapping.reference import InvalidValue
from pipeline.mapping.transforms import TRANSFORMS, TransformSpec

_TEXTS: list[JsonValue] = [
    "Ada King Lovelace", " Zoë 東京 🧵 ", "a", "", None, 42, 1.5, True, "<b>Tom &amp; Ann</b>",
    "#1042",
]  # fmt: skip
_NUMBERS: list[JsonValue] = [
    "19.99", "1.005", "-2.675", "0", 0.1, 3, 1999, "1e3", " 7 ", "", None, "ten", "1,50", "--1",
]  # fmt: skip
_TIMES: list[JsonValue] = [
    "2026-03-01T23:30:00-05:00", "2026-12-31T23:59:59Z", "2024-02-29T00:00:00+14:00",
    "2026-03-01", "", None, "yesterday", "2026-13-45",
    "Sun, 01 Mar 2026 23:30:00 -0500", "1 Mar 2026 04:30:00 GMT", "Sun, 01 Mars 2026",
]  # fmt: skip
_FLAGS: list[JsonValue] = [True, False, "true", "NO", 1, 0, "", None, "perhaps"]

_INPUTS: dict[str, list[JsonValue]] = {
    "to_boolean": _FLAGS,
    "date": _TIMES,
    "datetime": _TIMES,
    "to_unix_time": _TIMES,
    "from_unix_time": [0, 1772422200, "1772422200", "", None],
}
_LISTS: list[JsonValue] = [["1.10", 2.2], [0.1, 0.2], ["", None], [], ["5"]]
_ARGUMENTS: dict[str, list[list[JsonValue]]] = {
    "date": [[], ["America/Los_Angeles"], ["Asia/Tokyo"]],
    "multiply": [[3], ["0.5"], [-1], [None], [3, 0]],
    "truncate": [[5], [4], [1]],
    "enum": [[{"a": "A", "42": "answer"}], [{"a": "A"}, "other"]],
    "last_name": [[], [True]],
    "strip_prefix": [["#"], ["A"]],
    "default": [["none"]],
    "join": [[], [", "]],
    "round": [[], [0]],
    "minor_to_major": [[], [0], [3]],
    "major_to_minor": [[], [0], [3]],
}


@dataclass(frozen=True)
class Checks:
    name: str
    checks: list[str]


def transform_tests(names: set[str]) -> list[Checks]:
    """One group of checks for each transform."""
    return [
        Checks(TRANSFORMS[name].function, list(_checks(TRANSFORMS[name])))
        for name in sorted(names)
        if name in TRANSFORMS
    ]


def _checks(spec: TransformSpec) -> list[str]:
    if spec.shape == "template":
        calls: list[list[Any]] = [
            ["{a} for {b}", {"a": "x", "b": 2}], ["{a}  {b}", {"a": "x", "b": None}],
            ["{a}", {"a": ""}],
        ]  # fmt: skip
    else:
        calls = [
            [value, *arguments]
            for arguments in _ARGUMENTS.get(spec.name, [[]])
            for value in _inputs(spec)
        ]
    return list(dict.fromkeys(_check(spec, call) for call in calls))


def _inputs(spec: TransformSpec) -> list[JsonValue]:
    if spec.shape == "list":
        return _LISTS
    numeric = spec.takes == "number" or spec.gives in ("number", "integer")
    return _INPUTS.get(spec.name, _NUMBERS if numeric else _TEXTS)


def _check(spec: TransformSpec, call: list[Any]) -> str:
    written = f"{spec.function}({', '.join(map(literal, call))})"
    try:
        result = spec.reference(*call)
    except InvalidValue:
        return f'assert.throws(() => {written}, {{ name: "InvalidValue" }})'
    return f"assert.equal({written}, {'undefined' if result is None else literal(result)})"
