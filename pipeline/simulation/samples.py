"""Realistic records made from a JSON Schema; the same seed always gives the same record."""

import re
from collections.abc import Mapping
from typing import Any

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.shape import flatten, reference_of
from pipeline.simulation import concepts
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.records import merge
from pipeline.simulation.totals import with_totals

_MAX_DEPTH = 9
_LINES = 2
_MOST = 10  # elements, whatever a schema says
_LONGEST = 10_000


def sample(
    schema: Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
    seed: int = 0,
    *,
    required_only: bool = False,
) -> Any:
    """A record with every field, or only the required ones.

    `overrides` has values by path (`customer.email`, `line_items[].sku`), which replace what was
    made; an object is merged into the one that stands there.
    """
    record = _Sampler(schema, seed, required_only).make(schema, [], 0, ())
    if isinstance(record, dict) and not required_only:
        record = with_totals(schema, record)
    for path, value in (overrides or {}).items():
        record = _override(record, path.split("[]."), value)
    return record


def record_for(entry: SystemEntry, entity: str, seed: int = 0) -> Any:
    """A record as the system itself would return it; KeyError where it has no such entity."""
    return sample(entry.entity(entity).record_schema, seed=seed)


class _Sampler:
    def __init__(self, root: Mapping[str, Any], seed: int, required_only: bool) -> None:
        self._root = root
        self._seed = seed
        self._required_only = required_only

    def make(self, schema: Any, path: list[str], index: int, inside: tuple[str, ...]) -> Any:
        node = flatten(schema, self._root)
        inside = (*inside, reference_of(schema) or "")
        if _is_number_name(node):
            return f"#{concepts.place(path, self._seed, index).number}"
        documented = [node[word] for word in ("const", "default") if node.get(word) is not None]
        documented += node.get("enum", [])[:1] or []
        if documented:
            return documented[0]
        kind = node.get("type", "string")
        if kind == "object":
            return self._object(node, path, index, inside)
        if kind == "array":
            return self._array(node, path, inside)
        if kind == "null":
            return None
        return self._scalar(node, kind, path, index)

    def _object(
        self, node: dict[str, Any], path: list[str], index: int, inside: tuple[str, ...]
    ) -> dict[str, Any]:
        variant = _Variant(node)
        required = {*node.get("required", []), *variant.needed}
        made: dict[str, Any] = {}
        for name, child in node.get("properties", {}).items():
            wanted = name in required or not self._required_only
            if child is False or not wanted or name in variant.foreign:
                continue
            if name == variant.discriminator:
                made[name] = variant.constant
            elif not self._recurs(child, inside):
                made[name] = self.make(child, [*path, name], index, inside)
            elif name in required:  # no finite record satisfies this
                made[name] = {}
        return made

    def _array(self, node: dict[str, Any], path: list[str], inside: tuple[str, ...]) -> list[Any]:
        items = node.get("items", {})
        if self._recurs(items, inside):
            return []
        many = len(path) == 1 and not self._required_only and concepts.is_of_lines(path[0])
        count = _LINES if many else 1
        count = min(max(count, _bound(node, "minItems", 0)), _bound(node, "maxItems", _MOST))
        return [self.make(items, path, number, inside) for number in range(count)]

    def _recurs(self, schema: Any, inside: tuple[str, ...]) -> bool:
        reference = reference_of(schema)
        return len(inside) > _MAX_DEPTH or (reference is not None and reference in inside)

    def _scalar(self, node: dict[str, Any], kind: str, path: list[str], index: int) -> Any:
        at = concepts.place(path, self._seed, index, node.get("x-weft-synonyms", ()))
        if at.has_ended and node.get("nullable"):
            return None
        made = concepts.value(kind, at, node.get("format"), node.get("x-weft-unit"))
        if isinstance(made, str):
            return _fitted_text(_told_apart(made, at, node), node)
        return made if isinstance(made, bool) else _fitted_number(made, node)


class _Variant:
    """Of an element that is one of several kinds: which one a sample shows."""

    def __init__(self, node: Mapping[str, Any]) -> None:
        rule = node.get("x-weft-variant") or {}
        variants: dict[str, Any] = rule.get("variants", {})
        chosen = [name for name, about in variants.items() if about.get("default")]
        self.constant = next(iter(chosen or variants), None)
        self.discriminator = rule.get("discriminator")
        own = variants.get(self.constant or "", {}).get("object")
        objects = {about.get("object") for about in variants.values()}
        self.foreign = objects - {own, None}
        self.needed = {name for name in (self.discriminator, own) if name}


def _is_number_name(node: Mapping[str, Any]) -> bool:
    """Whether it is a name such as `#1001`, which stands for a number."""
    return any("number" in synonym for synonym in node.get("x-weft-synonyms", [])) and (
        node.get("type") == "string" and node.get("x-weft-key") == "natural"
    )


def _told_apart(made: str, at: concepts.Place, node: Mapping[str, Any]) -> str:
    """Of a key, the next record must have another."""
    following = concepts.value("string", at._replace(seed=at.seed + 1), node.get("format"), None)
    if not node.get("x-weft-key") or made != following:
        return made
    longer = f"{made}-{at.number}".replace(" ", "-")
    return longer if len(longer) <= _bound(node, "maxLength", len(longer)) else str(at.number)


def _fitted_number(made: Any, node: Mapping[str, Any]) -> Any:
    low, high = node.get("minimum"), node.get("maximum")
    if isinstance(low, int | float) and made < low:
        made = low
    if isinstance(high, int | float) and made > high:
        made = high
    return made


def _fitted_text(made: str, node: Mapping[str, Any]) -> str:
    pattern = node.get("pattern")
    if isinstance(pattern, str) and not _matches(pattern, made):
        found = node.get("examples")
        examples = found if isinstance(found, list) else []
        made = next((str(each) for each in examples if _matches(pattern, str(each))), made)
    shortest, longest = _bound(node, "minLength", 0), _bound(node, "maxLength", len(made))
    return made.ljust(shortest, "x")[: max(longest, shortest)]


def _bound(node: Mapping[str, Any], word: str, otherwise: int) -> int:
    """A user's schema may hold anything: only a sensible whole number bounds a sample."""
    value = node.get(word)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST:
        return value
    return otherwise


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:  # a pattern in another dialect: nothing can be said
        return True


def _override(record: Any, parts: list[str], value: Any) -> Any:
    here = parts[0].removesuffix("[]")
    if len(parts) == 1:
        old = read_at(record, here)
        return put_at(record, here, merge(old, value) if isinstance(value, Mapping) else value)
    elements = read_at(record, here)
    if not isinstance(elements, list):
        return record
    return put_at(record, here, [_override(each, parts[1:], value) for each in elements])
