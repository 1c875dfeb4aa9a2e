"""Sample records for tests: each field has a value of its own, so that a mix-up shows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from pipeline.catalogue.schema import FieldInfo
from pipeline.mapping.fields import Fields
from pipeline.mapping.transforms import TRANSFORMS, further_sources, spec_of
from pipeline.plan.model import CustomTransform, Mapping, Transform
from pipeline.plan.paths import parse

_ELEMENTS = 2


@dataclass
class Sampler:
    """Fills paths with values that fit their fields and what the mappings do with them."""

    fields: Fields
    numeric: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    examples: dict[str, list[JsonValue]] = field(default_factory=dict)
    taken_as: dict[str, FieldInfo] = field(default_factory=dict)  # source -> what it fills
    _count: int = 0

    def learn(self, mappings: Iterable[Mapping]) -> None:
        """What the mappings' transforms take tells what texts hold."""
        for mapping in mappings:
            if mapping.transform is None or mapping.source is None:
                continue
            if mapping.transform.custom is not None:
                self._learn_examples(mapping.source, mapping.transform, mapping.transform.custom)
                continue
            target = spec_of(mapping.transform)
            if target.takes == "number" or target.gives in ("number", "integer"):
                self.numeric.add(mapping.source)
                self.numeric.update(
                    str(value) for argument in target.paths
                    for value in _listed(mapping.transform.args.get(argument.name))
                )  # fmt: skip
            table = mapping.transform.args.get("map")
            if isinstance(table, dict):
                self.choices[mapping.source] = list(table)

    def _learn_examples(self, source: str, transform: Transform, custom: CustomTransform) -> None:
        """Several sources must fit each other, so all are of the first example."""
        if len(custom.takes) == 1:
            self.examples[source] = [one.inputs[0] for one in custom.examples]
            return
        for path, value in zip(
            [source, *further_sources(transform)], custom.examples[0].inputs, strict=True
        ):
            self.examples[path] = [value]

    def record(self, paths: Iterable[str], root: str = "") -> dict[str, Any]:
        """A record with a value at each path; arrays have two elements.

        `root` is the array (`line_items[]`) that the paths start in; the record is an element.
        """
        record: dict[str, Any] = {}
        for path in paths:
            if root and not path.startswith(f"{root}."):
                continue
            self._fill(record, path[len(root) + 1 :] if root else path, path)
        return record

    def value(self, path: str) -> JsonValue:
        """The next value that fits the field at a path."""
        self._count += 1
        info = self._field(path)
        if path in self.examples:
            shown = self.examples[path]
            return _as(info.type, shown[self._count % len(shown)])
        if path in self.choices:
            chosen = self.choices[path][self._count % len(self.choices[path])]
            # A table's keys are texts, also where the field is a boolean or a number.
            return chosen if info.type == "string" else json.loads(chosen)
        if info.enum:
            return info.enum[self._count % len(info.enum)]
        numeric = path in self.numeric or info.unit is not None
        match info.type:
            case "integer":
                return self._count + 1
            case "number":
                return self._count + 0.25
            case "boolean":
                return True
        return f"{self._count}.{self._count % 9 + 1}5" if numeric else self._text(path, info)

    def _field(self, path: str) -> FieldInfo:
        """A path's field; of a column that may hold anything, the field that it fills."""
        known = self.fields.of(path)
        if known is None or known.type == "any":
            known = self.taken_as.get(path, known)
        return known or FieldInfo(path=path, type="string")

    def _text(self, path: str, info: FieldInfo) -> str:
        last = parse(path).steps[-1].name if parse(path).steps else path
        match info.format:
            case "date-time":
                return f"2026-03-{self._count % 28 + 1:02}T23:30:{self._count % 60:02}-05:00"
            case "rfc2822":
                return f"{self._count % 28 + 1:02} Mar 2026 23:30:{self._count % 60:02} -0500"
            case "date":
                return f"2026-03-{self._count % 28 + 1:02}"
            case "email":
                return f"person-{self._count}@example.com"
        text = f"{last} {self._count}"
        return text[-info.max_length :] if info.max_length else text

    def _fill(self, record: dict[str, Any], rest: str, path: str) -> None:
        step, *later = parse(rest).steps
        below = ".".join(str(one) for one in later)
        if step.repeated:
            elements = record.setdefault(step.name, [])
            while len(elements) < _ELEMENTS:
                elements.append({})
            for index, element in enumerate(elements):
                if below:
                    self._fill(element, below, path)
                elif element == {}:
                    elements[index] = self.value(path)
        elif below:
            self._fill(record.setdefault(step.name, {}), below, path)
        elif step.name not in record:
            record[step.name] = self.value(path)


def _as(kind: str, value: JsonValue) -> JsonValue:
    """An example's value as its field holds it."""
    if value is None or kind == "any":
        return value
    converted = TRANSFORMS[f"to_{kind}"].reference(value)
    assert isinstance(converted, str | int | float | bool)
    return converted


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [] if value is None else [value]


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The places of all plain values in a record."""
    if isinstance(value, dict) and value:
        return [leaf for name, one in value.items() for leaf in leaves(one, (*path, name))]
    if isinstance(value, list) and value:
        return [leaf for index, one in enumerate(value) for leaf in leaves(one, (*path, index))]
    return [path]


class _Removed:
    """Marks a member that is taken away."""


REMOVED = _Removed()


def changed(record: Any, changes: dict[tuple[str | int, ...], Any]) -> Any:
    """A copy with other values at some places."""
    for path, value in changes.items():
        record = _set(record, path, value)
    return record


def _set(record: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(record, list) and isinstance(step, int):
        if not rest and value is REMOVED:
            return [one for at, one in enumerate(record) if at != step]
        return [_set(one, rest, value) if at == step else one for at, one in enumerate(record)]
    members = dict(record) if isinstance(record, dict) else {}
    if not rest and value is REMOVED:
        members.pop(str(step), None)
        return members
    members[str(step)] = _set(members.get(str(step)), rest, value)
    return members
