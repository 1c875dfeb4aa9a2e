"""Rows put together by a field, and taken apart again: what is read of them follows."""

from typing import Any

import pytest

from bot.views.flow import flow_words
from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import InvalidEdit
from pipeline.plan.apply import apply_edit
from pipeline.plan.check import check
from pipeline.plan.diff import plan_diff
from pipeline.plan.document import research_document
from pipeline.plan.edits import GroupRows, SetTrigger
from pipeline.plan.grouping import as_group, rows_of
from pipeline.plan.model import KeyPair, Lookup, Mapping, Plan, Transform
from tests.codegen.matrix.building import OFTEN, flow, plan

KNOWN = Catalogue.load()
LINES = [
    Mapping(target="Line[].DetailType", constant="SalesItemLineDetail"),
    Mapping(target="Line[].Amount", source="price",
            transform=Transform(name="multiply", args={"by": "quantity"})),
    Mapping(target="Line[].Description", source="item",
            transform=Transform(name="template", args={"text": "{value}, {colour}"})),
    Mapping(target="Line[].SalesItemLineDetail.ItemRef.value", source="$lookup.item.Id"),
]  # fmt: skip
ITEM = Lookup(name="item", system="quickbooks", entity="item",
              by=[KeyPair(target="Sku", source="sku")])  # fmt: skip


def orders(trigger: Any = OFTEN) -> Plan:
    """Rows of a table that are invoices, each, with one line."""
    made = flow(
        "rows", "postgres.row", "quickbooks.invoice",
        {"DocNumber": "order_no", "CustomerRef.value": "customer"}, trigger=trigger, lookups=[ITEM],
    )  # fmt: skip
    return plan(KNOWN, made.model_copy(update={"mappings": [*made.mappings, *LINES]}))


def test_lines_are_made_of_rows_and_the_head_of_the_first() -> None:
    before = orders()
    after = apply_edit(before, GroupRows(field="order_no"), KNOWN)
    made = {one.target: one for one in after.workflows[0].mappings}
    assert made["DocNumber"].source == "order_no"
    amount = made["Line[].Amount"]
    assert (amount.source, amount.each) == ("rows[].price", "rows[]")
    assert amount.transform and amount.transform.args == {"by": "rows[].quantity"}
    text = made["Line[].Description"].transform
    assert text and text.args == {"text": "{value}, {rows[].colour}"}
    assert made["Line[].DetailType"].each == "rows[]"
    assert after.workflows[0].lookups[0].by[0].source == "rows[].sku"
    assert plan_diff(before, after)[0] == "Rows: one record of all with the same order_no"
    unwritable = [
        one.message for one in check(after, KNOWN) if "no way to write" not in one.message
    ]
    assert unwritable == []
    assert apply_edit(after, GroupRows(), KNOWN) == before


def test_people_see_it_in_the_document_and_in_the_picture() -> None:
    grouped = apply_edit(orders(), GroupRows(field="order_no"), KNOWN)
    text = research_document(grouped, KNOWN)
    assert "All rows with the same `order_no` become one record" in text
    assert "a row that comes after its `order_no` was written changes nothing" in text
    assert "One of all rows with the same order no" in flow_words(grouped)


@pytest.mark.parametrize(
    ("edit", "said"),
    [(GroupRows(field="a[].b"), "has no field"), (GroupRows(field="a"), "say when first")],
)
def test_what_cannot_be_grouped_is_refused(edit: GroupRows, said: str) -> None:
    shop = flow("orders", "shopify.order", "postgres.row", {"a": "name"}, trigger=OFTEN)
    by_event = apply_edit(plan(KNOWN, shop), SetTrigger(event="orders/create"), KNOWN)
    edit = edit.model_copy(update={"field": "email"}) if edit.field == "a" else edit
    with pytest.raises(InvalidEdit, match=said):
        apply_edit(by_event, edit, KNOWN)


def test_a_group_is_its_rows() -> None:
    rows = [{"a": 1, "b": 2}, {"a": 1, "b": 3}]
    assert as_group(rows) == {"a": 1, "b": 2, "rows": rows}
    assert rows_of(as_group(rows)) == rows
    assert rows_of({"a": 1}) == [{"a": 1}]
