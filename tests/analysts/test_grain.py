"""What a record of the target is made of, in people's words: a line of a list, or several rows."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.apply import replay
from pipeline.plan.check import check
from pipeline.plan.model import Plan, Workflow
from pipeline.ports import Draft, Request

CATALOGUE = Catalogue.load()
ANALYST = OfflineAnalyst(CATALOGUE)


def planned(text: str) -> Plan:
    return ANALYST.research(Request(text=text, today="2026-11-22"), lambda _: None)


def flow(text: str) -> Workflow:
    return planned(text).workflows[0]


LINES = "When a Shopify order is paid, {0} to a Google Sheet (order name, sku, quantity)"


@pytest.mark.parametrize(
    "text",
    [
        LINES.format("add one row per line item"),
        LINES.format("append a row for each line"),
        LINES.format("add each line item as its own row"),
        LINES.format("add one row for every product in it"),
        "Append every item of a new Shopify order to a Google Sheet in a separate row with the "
        "columns order name, sku, quantity",
        "When a new Shopify order comes in, split its line items into rows of a Google Sheet with "
        "the columns order name, sku, quantity",
    ],
)
def test_each_line_becomes_a_record(text: str) -> None:
    made = flow(text)
    assert made.each == "line_items[]"
    sources = {one.target: one.source for one in made.mappings}
    assert sources["sku"] == "line_items[].sku"
    assert sources["quantity"] == "line_items[].quantity"
    assert sources["order_name"] == "name"
    assert planned(text).summary.startswith("For each of the line items of a Shopify order (")


@pytest.mark.parametrize(
    "text",
    [
        "Sync new Shopify orders to QuickBooks as invoices, with a line for each line item",
        "Add one row per order to a Google Sheet when a Shopify order is paid (name, total)",
        "every night copy stripe charges into a google sheet, one row per charge (amount, email)",
    ],
)
def test_lines_of_a_document_and_records_themselves_are_no_records_of_their_own(text: str) -> None:
    assert (flow(text).each, flow(text).group_by) == (None, None)


def test_without_columns_a_row_of_a_line_says_to_which_record_it_belongs() -> None:
    made = flow("Append each line item of new WooCommerce orders as its own row in Postgres")
    sources = {one.target: one.source for one in made.mappings}
    assert (sources["sku"], sources["order_id"]) == ("line_items[].sku", "id")


SHEET = "Every hour read a Google Sheet with the columns Order Number, SKU, Quantity and Price and "


@pytest.mark.parametrize(
    "text",
    [
        f"{SHEET}create QuickBooks invoices, one invoice per order number",
        f"{SHEET}create one QuickBooks invoice for each order",
        f"{SHEET}create QuickBooks invoices. Group the rows by Order Number",
        f"{SHEET}create QuickBooks invoices: rows with the same order number become one invoice",
        f"{SHEET}combine all rows sharing an order number into one QuickBooks invoice with lines",
    ],
)
def test_rows_of_one_order_become_one_record(text: str) -> None:
    made = flow(text)
    assert made.group_by == "Order Number"
    sources = {one.target: one.source for one in made.mappings}
    assert sources["DocNumber"] == "Order Number"
    assert sources["Line[].SalesItemLineDetail.Qty"] == "rows[].Quantity"
    plan = planned(text)
    assert [one.message for one in check(plan, CATALOGUE)] == []
    assert plan.summary.startswith("For all Google Sheets rows with the same Order Number (")


def test_what_is_said_of_a_field_of_a_line_is_read_of_each_row() -> None:
    made = flow(
        "Every night read the order_lines table in Postgres and create a Xero invoice for each "
        "order_no: map order_no to InvoiceNumber, sku to ItemCode, qty to Quantity"
    )
    assert made.group_by == "order_no"
    found = {one.target: (one.source, one.each) for one in made.mappings}
    assert found["LineItems[].ItemCode"] == ("rows[].sku", "rows[]")
    assert found["LineItems[].Quantity"][0] in ("rows[].qty", "rows[].quantity")
    assert found["InvoiceNumber"] == ("order_no", None)
    assert len(found) == len(made.mappings)


def test_the_thread_can_ask_for_it_too() -> None:
    plan = planned("Every hour read the Postgres table order_lines and create QuickBooks invoices")
    request = Request(text="", today="2026-11-22")
    for message in ("group the rows by order_no", "one invoice per order_no please"):
        (edit,) = ANALYST.interpret(message, Draft(plan=plan, request=request)).edits
        assert (edit.op, getattr(edit, "field", None)) == ("group-rows", "order_no")
    plan = replay(plan, [edit], CATALOGUE)
    (edit,) = ANALYST.interpret("don't group the rows", Draft(plan=plan, request=request)).edits
    assert (edit.op, getattr(edit, "field", "")) == ("group-rows", None)
