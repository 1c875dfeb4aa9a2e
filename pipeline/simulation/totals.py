"""Sums of a record, worked out from its lines, for samples and for computed read-only fields."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.simulation.concepts import MONEY_WORDS, NOTHING_WORDS, QUANTITY_WORDS, SHIPPING_WORDS
from pipeline.simulation.json_paths import put_at
from pipeline.simulation.kinds import words

_LINE_WORDS = {"line", "lines", "item", "items"}
_AMOUNT_WORDS = {"amount", "amt"}
_NO_MONEY = {"weight", "count", "quantity", "qty"}


def with_totals(
    schema: Mapping[str, Any], record: Mapping[str, Any], *, computed_only: bool = False
) -> dict[str, Any]:
    """The record with its totals (or the read-only ones) as its lines give them, if it has any."""
    summed = dict(record)
    goods, shipping = _sums(record)
    if goods is None:
        return summed
    for field in fields(schema):
        if field.is_array or (computed_only and not field.read_only):
            continue
        named = {word for name in field.path.split(".") for word in words(name)}
        is_money = MONEY_WORDS & set(words(field.path.rpartition(".")[2]))
        if not is_money or _NO_MONEY & named or NOTHING_WORDS & named:
            continue
        total = _total(named, goods, shipping)
        if total is not None:
            summed = put_at(summed, field.path, _written(total, field))
    return summed


def _total(named: set[str], goods: Decimal, shipping: Decimal) -> Decimal | None:
    if SHIPPING_WORDS & named:
        return shipping if "total" in named else None
    if "subtotal" in named or {"sub", "total"} <= named or {"total", "line"} <= named:
        return goods
    return goods + shipping if "total" in named else None


def _sums(record: Mapping[str, Any]) -> tuple[Decimal | None, Decimal]:
    """Goods (None where no line has a price) and shipping."""
    goods: Decimal | None = None
    shipping = Decimal(0)
    for name, elements in record.items():
        named = set(words(name))
        if not isinstance(elements, list) or not _LINE_WORDS & named or NOTHING_WORDS & named:
            continue
        amounts = list(_amounts(elements))
        if SHIPPING_WORDS & named:
            shipping += sum(amounts)
        elif amounts:
            goods = (goods or Decimal(0)) + sum(amounts)
    return goods, shipping


def _amounts(elements: list[Any]) -> Iterator[Decimal]:
    for element in elements:
        if isinstance(element, dict):
            amount = _amount(element)
            if amount is not None:
                yield amount * _sign(element)


def _amount(line: Mapping[str, Any]) -> Decimal | None:
    """A line's own amount, else price times quantity."""
    by_words = {name: set(words(name)) for name in line}
    numbers = {name: _number(line[name]) for name in line}
    for name, named in by_words.items():
        if _AMOUNT_WORDS & named and not NOTHING_WORDS & named and numbers[name] is not None:
            return numbers[name]
    prices = [numbers[name] for name, named in by_words.items() if named == {"price"}]
    counts = [numbers[name] for name, named in by_words.items() if named & QUANTITY_WORDS]
    if not prices or prices[0] is None:
        return None
    return prices[0] * (next((count for count in counts if count is not None), Decimal(1)))


def _sign(line: Mapping[str, Any]) -> int:
    """Of a line whose kind is told by a constant: discounts reduce, subtotals only repeat."""
    kinds = {word for value in line.values() if isinstance(value, str) for word in words(value)}
    detail = "detail" in kinds
    if detail and "discount" in kinds:
        return -1
    return 0 if detail and {"sub", "total"} <= kinds else 1


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _written(total: Decimal, field: FieldInfo) -> Any:
    if field.unit == "minor":
        total *= 100
    if field.type == "integer":
        return int(total)
    return float(total) if field.type == "number" else f"{total:.2f}"
