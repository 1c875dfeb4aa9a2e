"""Reading what a system answers about an account's own fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from pipeline.catalogue.model import Discovery
from pipeline.errors import InvalidEdit
from pipeline.plan.paths import parse, read

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TYPES = {
    **dict.fromkeys(("int", "integer", "bigint", "smallint"), "integer"),
    **dict.fromkeys(
        ("double", "currency", "number", "percent", "numeric", "decimal", "real", "float"), "number"
    ),
    **dict.fromkeys(("boolean", "bool", "checkbox"), "boolean"),
}


@dataclass
class Account:
    """The fields that one entity really has, in order, with the values that each one takes."""

    values: dict[str, list[JsonValue]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)  # the types in the vendor's own words


def can_be_mapped(name: str) -> bool:
    """Whether a plan has a path for a field of that name."""
    try:
        return len(parse(name).steps) == 1
    except InvalidEdit:
        return False


def completed(template: JsonValue, values: Mapping[str, JsonValue]) -> Any:
    """Each `{name}` in its texts replaced; what has no value stays as it stands."""
    if isinstance(template, str):
        return _PLACEHOLDER.sub(lambda found: str(values.get(found[1]) or found[0]), template)
    if isinstance(template, list):
        return [completed(one, values) for one in template]
    if isinstance(template, dict):
        return {name: completed(one, values) for name, one in template.items()}
    return template


def read_account(rule: Discovery, body: JsonValue, config: Mapping[str, JsonValue]) -> Account:
    """Empty where the answer names no fields."""
    account = Account()
    for name, item in _items(rule, body, config):
        values = read(item, rule.values_path) if rule.values_path else None
        account.values[name] = [one for one in values or [] if one is not None]
        kind = read(item, rule.type_path) if rule.type_path else None
        account.kinds[name] = str(kind or "")
        account.types[name] = _TYPES.get(str(kind).lower(), "string")
    return account


def _items(
    rule: Discovery, body: JsonValue, config: Mapping[str, JsonValue]
) -> Iterator[tuple[str, JsonValue]]:
    """Each field's name, with what is said of it."""
    if rule.within is not None:
        body = _chosen(read(body, rule.within.items_path), rule.within.keys,
                       str(completed(rule.within.value, config)))  # fmt: skip
    items: Any = read(body, rule.items_path) if rule.items_path else body
    if isinstance(items, dict) and rule.form == "members":
        yield from items.items()
    if rule.form == "names":  # a range of one row comes as a list with that row in it
        items = [name for row in items or [] for name in (row if isinstance(row, list) else [row])]
    for item in items if isinstance(items, list) else []:
        name = item if rule.form == "names" else read(item, rule.name_path)
        if isinstance(name, str) and name:
            yield name, item


def _chosen(items: Any, keys: list[str], value: str) -> JsonValue:
    """The element of a list that has the value under one of the keys."""
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and value in [item.get(key) for key in keys]:
            return item
    return None
