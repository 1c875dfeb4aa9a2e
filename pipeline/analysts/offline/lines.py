"""Filling arrays: which source arrays become the elements of a target's array, and as what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import JsonValue

from pipeline.analysts.offline.lists import Array, arrays
from pipeline.analysts.offline.naming import last_name, likeness, name_words
from pipeline.analysts.offline.records import fill, placed
from pipeline.analysts.offline.sides import Side
from pipeline.analysts.offline.words import stem
from pipeline.catalogue.shape import Schema, flatten
from pipeline.mapping.transforms import choose
from pipeline.plan.model import Mapping, Transform

_SAME_NAME = 0.5
_DOUBTFUL = 0.7

_QUANTITY = {"quantity", "qty", "count", "units"}
_UNIT_PRICE = {"unitprice", "unitamount", "rate", "unitcost", "priceperunit"}
_TOTAL = {"amount", "total", "linetotal", "lineamount", "totalamount", "totalprice", "subtotal",
          "extendedprice", "grossamount"}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Source elements that become target elements of one kind."""

    source: Array
    target: Array
    variant: str | None = None
    constants: dict[str, JsonValue] = field(default_factory=dict)

    @property
    def sides(self) -> tuple[Side, Side]:
        return Side(self.source.items, self.source.path), Side(self.target.items, self.target.path)


def groups(source: Schema, target: Schema) -> list[Group]:
    """Which source array fills which target array; the plainest kind of element comes first."""
    found = [
        group
        for target_array in arrays(target)
        for group in _groups_of(target_array, arrays(source))
    ]
    return sorted(found, key=lambda group: (group.target.path, _rank(group), bool(group.constants)))


def _rank(group: Group) -> bool:
    variants = _variants(group.target)
    return group.variant is not None and not variants[group.variant].get("default")


def _groups_of(target: Array, sources: list[Array]) -> list[Group]:
    best: dict[tuple[str | None, str], tuple[float, Group]] = {}
    for source in sources:
        score, variant = _kind(source, target)
        if score < _SAME_NAME:
            continue
        constants = _special(source, target)
        key = (variant, str(sorted(constants.items(), key=str)))
        if key not in best or score > best[key][0]:
            best[key] = (score, Group(source, of_kind(target, variant), variant, constants))
    return [group for _, group in best.values()]


def _kind(source: Array, target: Array) -> tuple[float, str | None]:
    """How well a source array's name says what the target's elements are, and of which variant."""
    own = [last_name(source.path), *source.node.get("x-weft-synonyms", [])]
    variants = _variants(target)
    if not variants:
        names = [last_name(target.path), *target.node.get("x-weft-synonyms", [])]
        return max(_named(name, other) for name in own for other in names), None
    scored = [
        (
            max(
                _named(name, other)
                for name in own
                for other in [variant, *about.get("synonyms", [])]
            ),
            variant,
        )
        for variant, about in variants.items()
        if not about.get("readOnly")
    ]
    return max(scored, key=lambda pair: pair[0], default=(0.0, None))


def default_variant(target: Array) -> str | None:
    """The usual kind of its elements, where there are several kinds."""
    variants = _variants(target)
    usual = [name for name, about in variants.items() if about.get("default")]
    return next(iter([*usual, *variants]), None)


def of_kind(target: Array, variant: str | None) -> Array:
    """The array with elements of one kind: its own object is required of them."""
    own = _variants(target).get(variant or "", {}).get("object")
    if own is None:
        return target
    required = list(dict.fromkeys([*target.items.get("required", []), own]))
    return replace(target, items={**target.items, "required": required})


def _named(name: str, other: str) -> float:
    """Equal names count in full; otherwise the share of common words."""
    same = name_words(name) == name_words(other)
    return 1.0 if same else 0.9 * likeness(name_words(name), other)


def _variants(target: Array) -> dict[str, dict[str, Any]]:
    rule = flatten(target.items, target.items).get("x-weft-variant", {})
    variants = rule.get("variants", {}) if isinstance(rule, dict) else {}
    return variants if isinstance(variants, dict) else {}


def _special(source: Array, target: Array) -> dict[str, JsonValue]:
    """Special values of the element's fields that the source array's name calls for."""
    found: dict[str, JsonValue] = {}
    for path, node in _leaves(target.items, target.items, "", 4):
        for value, about in node.get("x-weft-constants", {}).items():
            names = about.get("synonyms", [])
            if any(name_words(last_name(source.path)) == name_words(name) for name in names):
                found[path] = value
    return found


def _leaves(schema: Schema, root: Schema, path: str, depth: int) -> Iterator[tuple[str, Schema]]:
    node = flatten(schema, root)
    if path:
        yield path, node
    for name, child in node.get("properties", {}).items() if depth else ():
        yield from _leaves(child, root, f"{path}.{name}" if path else name, depth - 1)


def fill_group(group: Group, others: list[Group]) -> list[Mapping]:
    """Mappings of one group's elements, references left out; `others` stand beside it."""
    source, target = group.sides
    elsewhere = _words_of([other for other in others if other.variant != group.variant])
    filled = [
        mapping
        for mapping in fill(source, target)
        if _of_variant(group, mapping.target)
        and not any(mapping.target == target.path(path) for path in group.constants)
        and not elsewhere & set(name_words(last_name(mapping.target)))
    ]
    filled = _with_totals(filled, group)
    fixed = {**_discriminator(group), **group.constants}
    constants = [
        placed(Mapping(target=path, constant=value), source, target)
        for path, value in fixed.items()
    ]
    kept = [one for one in filled if one.target not in {each.target for each in constants}]
    return [*constants, *kept, *_flags(group, source, target)]


def _words_of(others: list[Group]) -> set[str]:
    """Words of what has elements of its own (discounts), so that it is not written twice."""
    return {
        word
        for other in others
        if other.variant is not None
        for name in _variants(other.target)[other.variant].get("synonyms", [])
        if len(words := name_words(name)) == 1
        for word in words
    }


def is_satisfied(group: Group, filled: list[Mapping]) -> bool:
    """Whether the elements have all that the target requires of them, if only for review.

    Elements that are left out are lost without a word, so that a doubtful field is better asked.
    """
    source, target = group.sides
    sure = {one.target for one in filled if one.confidence >= _DOUBTFUL}
    return all(
        target.path(one.path) in sure or one.read_only or one.reference is not None
        for one in target.fields()
        if one.required and "[]" not in one.path
    )


def _discriminator(group: Group) -> dict[str, JsonValue]:
    if group.variant is None:
        return {}
    rule = flatten(group.target.items, group.target.items)["x-weft-variant"]
    return {rule["discriminator"]: group.variant}


def _of_variant(group: Group, path: str) -> bool:
    """Whether a field belongs to every element, or to this group's kind of them."""
    inner = path.removeprefix(f"{group.target.path}.").split(".")[0]
    objects = {name: about.get("object") for name, about in _variants(group.target).items()}
    return inner not in objects.values() or inner == objects.get(group.variant or "")


def with_object(group: Group, filled: list[Mapping]) -> list[Mapping]:
    """With the object that its kind of element must have, where nothing else fills it."""
    about = _variants(group.target).get(group.variant or "", {})
    inside = f"{group.target.path}.{about.get('object')}"
    if not about.get("object") or any(one.target.startswith(f"{inside}.") for one in filled):
        return filled
    return [*filled, Mapping(target=inside, constant={}, each=group.source.path)]


def _flags(group: Group, source: Side, target: Side) -> list[Mapping]:
    """Codes for yes and no (`taxable`, `not taxable`) from a boolean of the source."""
    booleans = {stem(last_name(one.path)): one.path for one in source.fields()
                if one.type == "boolean" and "[]" not in one.path}  # fmt: skip
    flags = []
    for path, node in _leaves(target.schema, target.schema, "", 4):
        words = {name: value for value, about in node.get("x-weft-constants", {}).items()
                 for name in map(stem, about.get("synonyms", []))}  # fmt: skip
        for word, source_path in booleans.items():
            if word in words and f"not{word}" in words and _of_variant(group, target.path(path)):
                table: dict[str, JsonValue] = {"true": words[word], "false": words[f"not{word}"]}
                flag = Mapping(
                    target=path, source=source_path, confidence=0.85,
                    transform=Transform(name="enum", args={"map": table}),
                )  # fmt: skip
                flags.append(placed(flag, source, target))
    return flags


def _with_totals(filled: list[Mapping], group: Group) -> list[Mapping]:
    """A line's total is its unit price times its quantity, where the source has no total."""
    source, target = group.sides
    by_word = {stem(last_name(mapping.target)): mapping for mapping in filled}
    total = next((by_word[word] for word in by_word if word in _TOTAL), None)
    unit = next((by_word[word] for word in by_word if word in _UNIT_PRICE), None)
    counted = next((by_word[word] for word in by_word if word in _QUANTITY), None)
    if counted is None:  # without a quantity, a unit price would only repeat the total
        return [mapping for mapping in filled if mapping is not unit or total is None]
    price = unit or total
    if total is None or price is None or price.source is None or _is_total(total, price):
        return filled
    product = total.model_copy(
        update={
            "source": price.source,
            "transform": Transform(name="multiply", args={"by": counted.source}),
            "confidence": min(price.confidence, counted.confidence),
            "status": "auto",
            "alternatives": [],
            "note": "unit price times quantity",
        }
    )
    added = [] if unit is not None else _unit_price(price, group)
    return [*added, *(product if mapping is total else mapping for mapping in filled)]


def _is_total(total: Mapping, price: Mapping) -> bool:
    """Whether the source has a total of its own, beside the price of one."""
    named = stem(last_name(total.source or ""))
    return named in _TOTAL and total.source != price.source


def _unit_price(price: Mapping, group: Group) -> list[Mapping]:
    """The price of one, where the target has a field for it that nothing else fills."""
    source, target = group.sides
    origin = next(one for one in source.fields() if source.path(one.path) == price.source)
    for one in target.fields():
        path = target.path(one.path)
        if stem(last_name(one.path)) in _UNIT_PRICE and _of_variant(group, path):
            return [price.model_copy(update={"target": path, "transform": choose(origin, one)})]
    return []
