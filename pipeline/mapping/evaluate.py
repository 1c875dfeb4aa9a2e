"""Mappings and filters worked out in Python: the second opinion on the generated TypeScript."""

import math
import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.catalogue.schema import FieldInfo
from pipeline.mapping.arrays import Branch, Elements, grow
from pipeline.mapping.fields import Fields, SchemaFields
from pipeline.mapping.placeholders import Placeholder, placeholders
from pipeline.mapping.reference import is_missing, to_text
from pipeline.mapping.transforms import (
    TRANSFORMS,
    converting_to,
    further_sources,
    literal_arguments,
    pipeline,
    spec_of,
)
from pipeline.plan.model import Filter, Mapping, Transform
from pipeline.plan.paths import parse, read


class MissingValue(ValueError):
    """A field that the target requires has no value."""


@dataclass(frozen=True)
class Inputs:
    """What a mapping reads. A lookup for each element of an array is a list, index by index."""

    record: Table[str, Any]
    references: Table[str, Any] = field(default_factory=dict)
    settings: Table[str, Any] = field(default_factory=dict)
    written: Table[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluator:
    """Works mappings out for one target entity; `required` are the paths it may not lack."""

    fields: Fields
    target: SchemaFields
    required: frozenset[str] = frozenset()

    def evaluate(
        self,
        mappings: Sequence[Mapping],
        inputs: Inputs,
        bound: Table[str, tuple[int, Any]] | None = None,
    ) -> Any:
        """The target record. InvalidValue or MissingValue where it cannot be made."""
        return _prune(self._object(grow(mappings), inputs, "", dict(bound or {}))) or {}

    def _object(
        self, branch: Branch, inputs: Inputs, path: str, bound: dict[str, tuple[int, Any]]
    ) -> Any:
        made: dict[str, Any] = {}
        for name, child in branch.children.items():
            below = f"{path}.{name}" if path else name
            if isinstance(child, Mapping):
                value = self._value(child, inputs, below if name else path, bound)
                if not name:
                    return value
                made[name] = value
            elif isinstance(child, Branch):
                made[name] = self._object(child, inputs, below, bound)
            else:
                made[name] = self._array(child, inputs, f"{below}[]", bound)
        return made

    def _array(
        self, elements: Elements, inputs: Inputs, path: str, bound: dict[str, tuple[int, Any]]
    ) -> list[Any]:
        return [
            self._object(group.element, inputs, path, {**bound, **inner})
            for group in elements.groups
            for inner in _elements(group.each, inputs.record, bound)
        ]

    def _value(
        self, mapping: Mapping, inputs: Inputs, path: str, bound: dict[str, tuple[int, Any]]
    ) -> Any:
        if mapping.source is None:
            return mapping.constant
        target = self.target.at(path) or FieldInfo(path=path, type="any")
        value = _look(mapping.source, inputs, bound)
        steps = pipeline(mapping.transform, self.fields.of(mapping.source), target)
        for position, step in enumerate(steps):
            value = _apply(step, value, mapping.source if position == 0 else None, inputs, bound)
        value = value[0] if isinstance(value, list) and value else value
        if is_missing(value) and path in self.required:
            raise MissingValue(f"{path} needs {mapping.source}, which is missing")
        return value


_ORDERING = ("gt", "gte", "lt", "lte")


def passes(condition: Filter, record: Table[str, Any]) -> bool:
    """Whether a record meets a filter; of an array's elements, one is enough."""
    value = read(record, condition.field)
    values = value if isinstance(value, list) else [value]
    if condition.op == "missing":
        return all(is_missing(one) for one in values)
    if condition.op in ("ne", "not-in", "not-contains"):
        positive = condition.op.removeprefix("not-").replace("ne", "eq")
        return not any(_holds(positive, one, condition.value) for one in values)
    wanted = condition.bound if condition.op in _ORDERING else condition.value
    return any(_holds(condition.op, one, wanted) for one in values)


def _holds(operator: str, value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool) and value is None:
        value = False  # a flag that is not set
    if operator == "exists":
        return not is_missing(value)
    if is_missing(value):
        return bool(operator in ("eq", "changed-to") and is_missing(wanted))
    match operator:
        case "eq" | "changed-to":
            return _same(value, wanted)
        case "in":
            return any(_same(value, one) for one in wanted)
        case "contains":
            return str(wanted).lower() in str(value).lower()
        case "matches":
            return re.search(str(wanted), str(value)) is not None
    if isinstance(wanted, str) and not isinstance(value, str):
        return False  # a number is neither above nor below a text
    left, right = (_number(value), wanted) if isinstance(wanted, int | float) else (value, wanted)
    comparisons = {
        "gt": left > right, "gte": left >= right, "lt": left < right, "lte": left <= right,
    }  # fmt: skip
    return bool(comparisons[operator])


def _number(value: Any) -> float:
    """The value as a number; of what is none, one that no comparison holds for."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _same(value: Any, wanted: Any) -> bool:
    return to_text(value) == to_text(wanted)


def _look(path: str, inputs: Inputs, bound: Table[str, tuple[int, Any]]) -> Any:
    parsed = parse(path)
    rest = ".".join(str(step) for step in parsed.steps)
    if parsed.root == "variable":
        return inputs.settings.get(parsed.name)
    if parsed.root == "write":
        return read(inputs.written.get(parsed.name), rest)
    if parsed.root == "lookup":
        found = inputs.references.get(parsed.name)
        if isinstance(found, list):
            index = max(bound.items(), key=lambda item: len(item[0]))[1][0]
            found = found[index] if index < len(found) else None
        return read(found, rest)
    for each in sorted(bound, key=len, reverse=True):
        if path == each or path.startswith(f"{each}."):
            element = bound[each][1]
            return read(element, path[len(each) + 1 :]) if path != each else element
    return read(inputs.record, path)


def _apply(
    step: Transform,
    value: Any,
    source: str | None,
    inputs: Inputs,
    bound: Table[str, tuple[int, Any]],
) -> Any:
    spec = spec_of(step)
    literals = literal_arguments(step)
    if spec.shape == "template":
        template = str(literals["text"])
        values = {
            one.text: _shown(one, value if one.path == "value" else _look(one.path, inputs, bound))
            for one in placeholders(template)
        }
        return spec.reference(template, values)
    if spec.shape == "list":
        listed = value if isinstance(value, list) else [value]
        others = further_sources(step) if source else []
        more = [_first(_look(path, inputs, bound)) for path in others]
        keywords = {name: one for name, one in literals.items() if name != "with"}
        return spec.reference([*listed, *more], **keywords)
    if step.custom is not None:
        others = [_look(path, inputs, bound) for path in further_sources(step)]
        given = zip(step.custom.takes, [value, *others], strict=True)
        return spec.reference(*(converting_to(kind).reference(_first(one)) for kind, one in given))
    paths = [_look(str(step.args[argument.name]), inputs, bound) for argument in spec.paths]
    keywords = {_KEYWORDS.get(name, name): one for name, one in literals.items()}
    return spec.reference(_first(value), *map(_first, paths), **keywords)


def _shown(one: Placeholder, value: Any) -> Any:
    first = _first(value)
    return TRANSFORMS[one.transform].reference(first) if one.transform else first


_KEYWORDS = {"map": "table", "default": "fallback", "value": "fallback"}


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _elements(
    each: str, record: Table[str, Any], bound: Table[str, tuple[int, Any]]
) -> list[dict[str, tuple[int, Any]]]:
    """What is bound for each element of a source array, arrays between included."""
    if not each:
        return [{}]
    outer = max((one for one in bound if each.startswith(one)), key=len, default="")
    start = bound[outer][1] if outer else record
    found: list[tuple[dict[str, tuple[int, Any]], Any]] = [({}, start)]
    reached = outer
    for part in each[len(outer) :].lstrip(".").split("[]")[:-1]:
        reached = f"{reached}.{part.lstrip('.')}[]" if reached else f"{part}[]"
        found = [
            ({**inner, reached: (index, element)}, element)
            for inner, owner in found
            for index, element in enumerate(read(owner, part.lstrip(".")) or [])
        ]
    return [inner for inner, _ in found]


def _prune(value: Any) -> Any:
    """Without members that have no value, and objects that are left with none; `{}` stays."""
    if isinstance(value, list):
        return [one for one in map(_prune, value) if one is not None]
    if isinstance(value, dict) and value:
        kept = {name: _prune(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one is not None} or None
    return None if is_missing(value) else value
