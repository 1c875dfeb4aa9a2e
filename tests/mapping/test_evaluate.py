"""Mappings and filters as Python works them out."""

from typing import Any

import pytest

from pipeline.mapping.evaluate import Evaluator, Inputs, MissingValue, passes
from pipeline.mapping.fields import Fields, SchemaFields
from pipeline.mapping.reference import InvalidValue
from pipeline.plan.model import Filter, Mapping, Transform
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.systems import catalogue


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    plan, known = shopify_orders_to_quickbooks(), catalogue()
    schema = known.system("quickbooks").entity("sales-receipt").record_schema
    fields = Fields(plan, plan.workflows[0], known)
    return Evaluator(fields, SchemaFields(schema), frozenset({"CustomerRef.value"}))


def receipt(evaluator: Evaluator, record: dict[str, Any], **references: Any) -> Any:
    mappings = shopify_orders_to_quickbooks().workflows[0].mappings
    found = {"customer": {"Id": "7"}, "item": [], **references}
    return evaluator.evaluate(mappings, Inputs(record, found))


def test_groups_fill_one_array_in_order_of_appearance(evaluator: Evaluator) -> None:
    record = {
        "discount_codes": [{"code": "SPRING", "amount": "2.00"}],
        "line_items": [{"title": "Mug", "price": "0.10", "quantity": 3}],
        "shipping_lines": [{"title": "Post", "price": "5"}],
    }
    lines = receipt(evaluator, record, item=[{"Id": "9"}])["Line"]
    assert [(line["DetailType"], line["Amount"]) for line in lines] == [
        ("SalesItemLineDetail", 0.3),
        ("SalesItemLineDetail", 5),
        ("DiscountLineDetail", 2),
    ]
    assert lines[0]["SalesItemLineDetail"]["ItemRef"] == {"value": "9"}


def test_what_is_missing_is_left_out(evaluator: Evaluator) -> None:
    made = receipt(evaluator, {"email": None, "billing_address": None, "note": ""})
    assert made == {"CustomerRef": {"value": "7"}, "Line": []}


def test_a_required_field_without_a_value_is_refused(evaluator: Evaluator) -> None:
    with pytest.raises(MissingValue, match="CustomerRef"):
        receipt(evaluator, {}, customer=None)


def test_a_value_that_cannot_be_read_is_refused(evaluator: Evaluator) -> None:
    with pytest.raises(InvalidValue):
        receipt(evaluator, {"created_at": "yesterday"})


def test_nested_arrays_are_flattened_into_one(evaluator: Evaluator) -> None:
    mapping = Mapping(
        target="Line[].Description",
        source="fulfillments[].line_items[].title",
        transform=Transform(name="upper"),
    )
    record = {"fulfillments": [{"line_items": [{"title": "a"}, {"title": "b"}]}, {}, {
        "line_items": [{"title": "c"}]}]}  # fmt: skip
    made = Evaluator(evaluator.fields, evaluator.target).evaluate([mapping], Inputs(record))
    assert [line["Description"] for line in made["Line"]] == ["A", "B", "C"]


def test_lists_and_templates_read_several_fields(evaluator: Evaluator) -> None:
    bare = Evaluator(evaluator.fields, evaluator.target)
    tags = Mapping(
        target="PrivateNote",
        source="tags[]",
        transform=Transform(name="join", args={"separator": "; "}),
    )
    text = Mapping(
        target="DocNumber",
        source="name",
        transform=Transform(name="template", args={"text": "{value} of {customer.first_name}"}),
    )
    record = {"tags": ["a", None, "b"], "name": "#1", "customer": {"first_name": "Zoë"}}
    assert bare.evaluate([tags, text], Inputs(record)) == {
        "PrivateNote": "a; b",
        "DocNumber": "#1 of Zoë",
    }


def test_a_text_shows_amounts_as_people_read_them_and_no_empty_lines(evaluator: Evaluator) -> None:
    shown = "Paid\nAmount: {cents|minor_to_major} {currency}\nEmail: {email}\n {name}  x"
    text = Mapping(target="PrivateNote", source="cents",
                   transform=Transform(name="template", args={"text": shown}))  # fmt: skip
    record = {"cents": 1999, "currency": "EUR", "email": "", "name": "a\nb"}
    made = Evaluator(evaluator.fields, evaluator.target).evaluate([text], Inputs(record))
    assert made == {"PrivateNote": "Paid\nAmount: 19.99 EUR\na b x"}


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("eq", False, None, True), ("eq", False, True, False), ("eq", "paid", "paid", True),
        ("eq", "paid", None, False), ("ne", "paid", None, True), ("ne", "paid", "paid", False),
        ("in", ["a", "b"], "b", True), ("in", ["a", "b"], None, False),
        ("not-in", ["a"], "b", True), ("not-in", ["a"], "a", False),
        ("contains", "vip", "New, VIP", True), ("not-contains", "vip", "VIP", False),
        ("gt", 10, "10.5", True), ("gt", 10, 10, False), ("gte", 10, 10, True),
        ("lt", 10, None, False), ("lte", "2026-01-02", "2026-01-02", True),
        ("exists", None, "", False), ("exists", None, 0, True), ("missing", None, None, True),
        ("matches", "^#1", "#1001", True),
        ("gt", "250", "1000.00", True), ("gt", 10, "Total", False),
    ],
)  # fmt: skip
def test_filters(operator: str, wanted: Any, value: Any, expected: bool) -> None:
    condition = Filter.model_validate({"field": "field", "op": operator, "value": wanted})
    assert passes(condition, {"field": value}) is expected


def test_of_an_array_one_element_is_enough() -> None:
    condition = Filter(field="tags[]", op="eq", value="b")
    assert passes(condition, {"tags": ["a", "b"]})
    assert not passes(condition, {"tags": []})
