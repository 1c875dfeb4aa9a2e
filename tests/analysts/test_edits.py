"""Changes asked for in the thread, for many kinds of plans: the edits, or an honest answer."""

from functools import cache
from typing import Any

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.apply import replay
from pipeline.plan.model import Plan
from pipeline.ports import Draft, Interpretation, Request

CATALOGUE = Catalogue.load()
ANALYST = OfflineAnalyst(CATALOGUE)
REQUESTS = {
    "receipts": "Build an integration that syncs new Shopify orders to QuickBooks Online as sales "
    "receipts. Run on webhook.",
    "leads": "When a HubSpot contact is created, create a Salesforce lead",
    "rows": "Pull all paid invoices from Xero every hour and upsert them into the Postgres table "
    "finance.invoices keyed on invoice id",
    "message": "Slack message in #deals whenever a HubSpot deal moves to closed won, include deal "
    "name, amount and owner",
    "sheet": "every night at 2am copy yesterday's stripe charges into a google sheet, one row per "
    "charge (date, amount in dollars, currency, customer email, receipt url)",
    "issues": "Raise a Jira issue in project OPS for every high priority Zendesk ticket",
    "members": "Add our new Stripe customers to a Mailchimp audience",
}


def request(kind: str) -> Request:
    return Request(text=REQUESTS[kind], today="2026-11-22")


@cache
def plan(kind: str) -> Plan:
    return ANALYST.research(request(kind), lambda _: None)


def said(kind: str, message: str) -> Interpretation:
    return ANALYST.interpret(message, Draft(plan=plan(kind), request=request(kind)))


EDITS: list[tuple[str, str, dict[str, Any]]] = [
    # one field, event, value or constant for another
    ("receipts", "use SKU instead of the product name",
     {"op": "map", "target": "Line[].Description", "source": "line_items[].sku"}),
    ("receipts", "use the order name for the doc number, not the order number",
     {"op": "map", "target": "DocNumber", "source": "name"}),
    ("receipts", "use orders/paid instead of orders/create",
     {"op": "set-trigger", "event": "orders/paid"}),
    ("sheet", "use amount_captured instead of amount",
     {"op": "map", "target": "amount", "source": "amount_captured"}),
    ("message", "closed lost instead of closed won",
     {"op": "filter", "field": "dealstage", "value": "closedlost"}),
    ("issues", "project SUP instead of OPS",
     {"op": "map", "target": "fields.project.key", "constant": "SUP"}),
    # when
    ("receipts", "run every 10 minutes", {"op": "set-trigger", "cron": "*/10 * * * *"}),
    ("receipts", "trigger when the order is paid", {"op": "set-trigger", "event": "orders/paid"}),
    ("leads", "do it every weekday at 8 Berlin time",
     {"op": "set-trigger", "cron": "0 8 * * 1-5", "timezone": "Europe/Berlin"}),
    ("sheet", "at 4:30 UTC", {"op": "set-trigger", "cron": "30 4 * * *", "timezone": "UTC"}),
    ("leads", "make it run manually", {"op": "set-trigger", "kind": "manual"}),
    # which records
    ("receipts", "only paid orders",
     {"op": "filter", "field": "financial_status", "operator": "eq", "value": "paid"}),
    ("receipts", "skip orders under 20 euros",
     {"op": "filter", "field": "total_price", "operator": "gte", "value": 20}),
    ("receipts", "only orders from Germany",
     {"op": "filter", "field": "billing_address.country", "value": "Germany"}),
    ("receipts", "ignore test orders and cancelled ones",
     {"op": "filter", "field": "cancelled_at", "operator": "missing"}),
    ("rows", "only invoices over 1000",
     {"op": "filter", "field": "Total", "operator": "gt", "value": 1000}),
    ("rows", "all invoices, not just paid ones", {"op": "unfilter", "field": "Status"}),
    ("issues", "urgent too",
     {"op": "filter", "field": "priority", "operator": "in", "value": ["high", "urgent"]}),
    ("sheet", "only successful charges",
     {"op": "filter", "field": "status", "value": "succeeded"}),
    ("members", "skip customers without an email",
     {"op": "filter", "field": "email", "operator": "exists"}),
    ("leads", "only contacts with lifecycle stage customer",
     {"op": "filter", "field": "lifecyclestage", "value": "customer"}),
    # what is written
    ("leads", "set LeadSource to \"HubSpot\"",
     {"op": "map", "target": "LeadSource", "constant": "HubSpot"}),
    ("leads", "company should go to Company",
     {"op": "map", "target": "Company", "source": "company"}),
    ("members", "status should be pending",
     {"op": "map", "target": "status", "constant": "pending"}),
    ("issues", "issue type should be Bug",
     {"op": "map", "target": "fields.issuetype.name", "constant": "Bug"}),
    ("issues", "put the ticket id in the summary",
     {"op": "map", "target": "fields.summary", "source": "id"}),
    ("issues", "also copy the tags to labels",
     {"op": "map", "target": "fields.labels[]", "source": "tags[]"}),
    ("receipts", "add the PO number to the private note",
     {"op": "map", "target": "PrivateNote", "source": "po_number"}),
    ("rows", "add a column due_on with the due date",
     {"op": "map", "target": "due_on", "source": "DueDate"}),
    ("sheet", "add the charge id as first column",
     {"op": "map", "target": "charge_id", "source": "id"}),
    # what is written no more
    ("receipts", "don't send the email", {"op": "unmap", "target": "BillEmail.Address"}),
    ("receipts", "leave out the shipping address", {"op": "unmap", "target": "ShipAddr.City"}),
    ("rows", "without the currency column", {"op": "unmap", "target": "currency_code"}),
    ("leads", "drop the phone", {"op": "unmap", "target": "Phone"}),
    # messages and places
    ("message", "post to #sales instead", {"op": "map", "target": "channel", "constant": "#sales"}),
    ("message", 'the message should say "Deal {deal name} won"',
     {"op": "map", "target": "text", "transform_args": {"text": "Deal {dealname} won"}}),
    # how
    ("leads", "update existing leads instead of creating duplicates, match on email",
     {"op": "write-mode", "write_mode": "update", "match_target": "Email"}),
    ("rows", "key on invoice number instead",
     {"op": "write-mode", "match_target": "invoice_number", "match_source": "InvoiceNumber"}),
    ("receipts", "if the customer doesn't exist, fail",
     {"op": "on-missing", "lookup": "customer", "on_missing": "fail"}),
    ("receipts", "call it Shopify receipts", {"op": "rename", "name": "Shopify receipts"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "message", "wanted"), EDITS)
def test_changes_in_words(kind: str, message: str, wanted: dict[str, Any]) -> None:
    edits = said(kind, message).edits
    found = [edit.model_dump() for edit in edits]
    assert any(wanted.items() <= one.items() for one in found), found
    replay(plan(kind), edits, CATALOGUE)


def test_a_message_shows_one_field_more_and_one_less() -> None:
    [more] = said("message", "also include the close date").edits
    [less] = said("message", "remove the owner").edits
    texts = [str(one.model_dump()["transform_args"]["text"]) for one in (more, less)]
    assert "{closedate}" in texts[0]
    assert "{hubspot_owner_id}" in texts[0]
    assert "{hubspot_owner_id}" not in texts[1]


@pytest.mark.parametrize(
    ("kind", "message", "answer"),
    [
        ("receipts", "make them invoices instead of sales receipts", "ask in a new thread"),
        ("receipts", "match customers by email", "found by PrimaryEmailAddr.Address"),
        ("receipts", "drop the colour column", "Nothing is mapped to or from"),
        ("message", "also include the shoe size", "has no field like “the shoe size”"),
        ("message", "remove the deal name, amount and owner", "can't place"),
        ("leads", "remove the filter", "has no filter"),
        ("leads", "swap phone and mobile", "can't place"),
        ("rows", "rename the column total to amount", "can't place"),
        ("members", 'tag them as "customer"', "can't place"),
        ("members", "remove the email address field", "is required"),
    ],
)
def test_what_cannot_be_done_is_said(kind: str, message: str, answer: str) -> None:
    meant = said(kind, message)
    assert meant.edits == []
    assert answer in meant.answer


@pytest.mark.parametrize("message", ["thanks!", "looks good to me", "ok 👍"])
def test_talk_changes_nothing(message: str) -> None:
    assert said("receipts", message) == Interpretation()
