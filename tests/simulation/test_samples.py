"""Samples: realistic, deterministic, whole, and right in their sums."""

import json
from typing import Any

import pytest

from pipeline.simulation.samples import sample
from pipeline.simulation.totals import with_totals

_MONEY = {"type": "string"}
_ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["name", "line_items"],
    "properties": {
        "id": {"type": "integer", "x-weft-key": "id"},
        "name": {
            "type": "string",
            "x-weft-key": "natural",
            "x-weft-synonyms": ["order number"],
        },
        "email": {"type": "string", "format": "email"},
        "created_at": {"type": "string", "format": "date-time"},
        "cancelled_at": {"type": ["string", "null"], "format": "date-time"},
        "total_price": _MONEY,
        "subtotal_price": _MONEY,
        "total_tax": _MONEY,
        "total_weight": {"type": "integer"},
        "currency": {"type": "string", "maxLength": 3},
        "test": {"type": "boolean"},
        "status": {"type": "string", "enum": ["paid", "pending"]},
        "address": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "country_code": {"type": "string"},
                "zip": {"type": "string"},
            },
        },
        "line_items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["sku"],
                "properties": {
                    "sku": {"type": "string"},
                    "quantity": {"type": "integer"},
                    "price": _MONEY,
                },
            },
        },
        "shipping_lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"price": _MONEY}},
        },
        "parent": {"$ref": "#"},
    },
}


def test_every_field_is_there_and_plausible() -> None:
    order = sample(_ORDER)
    assert set(order) == set(_ORDER["properties"])
    assert "parent" not in order["parent"]
    assert order["name"].startswith("#")
    assert order["email"].endswith("@example.com")
    assert order["created_at"].endswith("Z")
    assert (order["cancelled_at"], order["test"], order["status"]) == (None, False, "paid")
    assert (order["currency"], order["address"]["country_code"]) == ("USD", "US")
    assert len(order["line_items"]) > 1
    assert len({line["sku"] for line in order["line_items"]}) == len(order["line_items"])


@pytest.mark.parametrize("seed", range(5))
def test_sums_are_right(seed: int) -> None:
    order = sample(_ORDER, seed=seed)
    goods = sum(float(line["price"]) * line["quantity"] for line in order["line_items"])
    shipping = sum(float(line["price"]) for line in order["shipping_lines"])
    assert float(order["subtotal_price"]) == pytest.approx(goods)
    assert float(order["total_price"]) == pytest.approx(goods + shipping)
    assert (order["total_tax"], shipping > 0) == ("0.00", True)


def test_the_same_seed_gives_the_same_record_and_another_another() -> None:
    assert sample(_ORDER, seed=3) == sample(_ORDER, seed=3)
    assert sample(_ORDER, seed=3)["email"] != sample(_ORDER, seed=4)["email"]


def test_only_what_is_required() -> None:
    order = sample(_ORDER, required_only=True)
    assert set(order) == {"name", "line_items"}
    assert set(order["line_items"][0]) == {"sku"}


def test_overrides_by_path() -> None:
    overrides = {
        "email": None,
        "line_items[].sku": "X",
        "address": {"city": "Oslo"},
        "extra.deep": 1,
        "missing[].x": 1,
    }
    order = sample(_ORDER, overrides)
    assert order["email"] is None
    assert {line["sku"] for line in order["line_items"]} == {"X"}
    assert (order["address"]["city"], order["address"]["country_code"]) == ("Oslo", "US")
    assert (order["extra"], "missing" in order) == ({"deep": 1}, False)


def test_of_several_kinds_of_element_the_default_is_shown() -> None:
    variants = {"Note": {"object": "note"}, "Sale": {"object": "sale", "default": True}}
    items = {
        "type": "object",
        "x-weft-variant": {"discriminator": "kind", "variants": variants},
        "properties": {
            "kind": {"type": "string"},
            "note": {"type": "object", "properties": {"text": {"type": "string"}}},
            "sale": {"type": "object", "properties": {"qty": {"type": "integer"}}},
        },
    }
    [line, *_] = sample({"type": "array", "items": items})
    assert line == {"kind": "Sale", "sale": {"qty": 1}}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 5000}, 5000),
        ({"type": "number", "maximum": 0.5}, 0.5),
        ({"const": "x"}, "x"),
        ({"type": "string", "pattern": "^[0-9]{3}$", "examples": ["abc", "123"]}, "123"),
        ({"type": "string", "minLength": 8, "maxLength": 8}, "samplexx"),
        ({"type": "array", "minItems": 10**12, "items": {"type": "null"}}, [None]),
        ({"anyOf": [{"type": "null"}, {"type": "boolean"}]}, False),
    ],
)
def test_limits_are_kept(schema: dict[str, Any], expected: Any) -> None:
    assert sample(schema) == expected


def test_a_type_that_contains_itself_ends() -> None:
    node: dict[str, Any] = {
        "$ref": "#/$defs/Node",
        "$defs": {
            "Node": {
                "type": "object",
                "required": ["next"],
                "properties": {"next": {"$ref": "#/$defs/Node"}, "name": {"type": "string"}},
            }
        },
    }
    assert len(json.dumps(sample(node))) < 10_000


def test_computed_totals_count_discounts_and_pass_over_subtotals() -> None:
    schema = {
        "properties": {
            "TotalAmt": {"type": "number", "readOnly": True},
            "TotalPaid": {"type": "number"},
        }
    }
    lines = [
        {"Amount": 10, "DetailType": "SalesItemLineDetail"},
        {"Amount": 4, "DetailType": "DiscountLineDetail"},
        {"Amount": 6, "DetailType": "SubTotalLineDetail"},
        {"Amount": "no number", "DetailType": "SalesItemLineDetail"},
    ]
    record = {"Line": lines}
    assert with_totals(schema, record, computed_only=True) == {**record, "TotalAmt": 6.0}
