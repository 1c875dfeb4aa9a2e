"""Conditions of a text as the two sides take them: on columns, of what is written, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import JsonValue

from pipeline.analysts.offline.naming import name_words, resolve
from pipeline.analysts.offline.own_columns import columns_home
from pipeline.analysts.offline.request import Pair
from pipeline.catalogue.schema import FieldInfo
from pipeline.catalogue.shape import Schema
from pipeline.plan.filling import constant_fits
from pipeline.plan.model import Filter, Mapping
from pipeline.plan.schemas import find_field

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_NAMED = 0.85  # how alike the name of a field must be to what was read as another's


def fitted(
    filters: Sequence[Filter], pairs: Sequence[Pair], source: Schema, target: Schema
) -> tuple[list[Filter], list[Mapping]]:
    """The filters that hold for the source, and the values meant for the target.

    “A ticket with priority high” says what to write where only tickets have a priority, and
    “amount = Total” is a map.
    """
    kept: list[Filter] = []
    meant: list[Mapping] = []
    counted = [_counted(one) for one in filters]
    for position, one in enumerate(counted):
        if one in counted[:position]:
            continue
        if one.op == "eq" and _is_map(one, pairs, target):
            continue
        if find_field(source, one.field) is not None:
            kept.append(one)
            continue
        value = _written(one, target)
        home = columns_home(source)
        if home:
            title = " ".join(name_words(one.field)).title()
            kept.append(one.model_copy(update={"field": f"{home}.{title}"}))
        elif value is not None:
            meant.append(value)
        else:
            kept.append(one)
    return kept, meant


def _counted(one: Filter) -> Filter:
    """A filter whose value is the number that was written as people do: `10,000`."""
    if isinstance(one.value, str) and _GROUPED.fullmatch(one.value):
        return one.model_copy(update={"value": int(one.value.replace(",", ""))})
    return one


def _is_map(one: Filter, pairs: Sequence[Pair], target: Schema) -> bool:
    return any(
        pair.source == one.value and resolve(pair.target, target, _NAMED) is not None
        for pair in pairs
    )


def _written(one: Filter, target: Schema) -> Mapping | None:
    field = resolve(one.field, target, _NAMED)
    if one.op != "eq" or field is None or field.read_only or "[]" in field.path:
        return None
    value = _spelt(one, field)
    if (field.enum and value not in field.enum) or not constant_fits(field, value):
        return None
    return Mapping(target=field.path, constant=value, status="confirmed",
                   note="named in the request")  # fmt: skip


def _spelt(one: Filter, field: FieldInfo) -> JsonValue:
    """The value as the target spells it."""
    said = str(one.value).casefold()
    return next((value for value in field.enum if str(value).casefold() == said), one.value)
