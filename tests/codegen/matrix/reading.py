"""Rows that are read by a schedule or by hand: cursors, first loads, durable batches, backfills."""

from pipeline.plan.model import Cursor, Filter, Trigger
from tests.codegen.matrix.building import BY_HAND, OFTEN, equals, flow, key
from tests.codegen.matrix.patterns import Pattern
from tests.codegen.matrix.row import Record, Row, proving


def time_of(number: int) -> str:
    """A time in March 2026, a minute later for each number."""
    return f"2026-03-01T{number // 60:02}:{number % 60:02}:00Z"


def sheet_row(order: int, item: str) -> Record:
    return {"Order No": order, "Customer": "1", "Item": item, "Amount": 5, "Status": "open"}


def table_row(order: int, item: str) -> Record:
    return {"id": f"{order}-{item}", "order_no": str(order), "email": f"a{order}@x.com",
            "item": item, "quantity": 1, "updated_at": time_of(order)}  # fmt: skip


NIGHTLY = Trigger(kind="schedule", cron="0 2 * * *")

ROWS = (
    Row("rows",
        proving(Pattern.SCHEDULE, Pattern.APPEND, Pattern.SPREADSHEET, Pattern.BACKFILL),
        (flow("charges-to-rows", "stripe.charge", "google-sheets.row", {
            "date": ("created", "from_unix_time"), "amount": ("amount", "minor_to_major"),
            "currency": "currency", "email": "billing_details.email", "url": "receipt_url",
        }, trigger=NIGHTLY, write_mode="append",
           cursor=Cursor(field="created", overlap_seconds=300)),),
        make=lambda n: {"id": f"ch_{n}", "created": 1772422200 + 1000 * n, "amount": 1999,
                        "currency": "usd"},
        ambiguous=True),
    Row("rows-of-contacts", proving(Pattern.SCHEDULE, Pattern.APPEND, Pattern.SPREADSHEET),
        (flow("contacts-to-rows", "hubspot.contact", "google-sheets.row", {
            "id": "hs_object_id", "email": "email", "name": "lastname",
        }, trigger=OFTEN, write_mode="append",
           cursor=Cursor(field="lastmodifieddate", overlap_seconds=60)),),
        make=lambda n: {"hs_object_id": str(n), "email": f"a{n}@example.com", "lastname": "Lee"},
        ambiguous=True),
    Row("graphql-source", proving(Pattern.SCHEDULE, Pattern.APPEND, Pattern.GRAPHQL),
        (flow("orders-to-rows", "shopify.order", "google-sheets.row", {
            "order": "name", "total": "total_price",
        }, trigger=OFTEN, write_mode="append",
           cursor=Cursor(field="updated_at", overlap_seconds=60)),),
        make=lambda n: {"id": n, "name": f"#{n}", "total_price": "5.00"},
        ambiguous=True),
    Row("upsert-statement", proving(Pattern.UPSERT_STATEMENT, Pattern.SQL, Pattern.FILTER),
        (flow("paid-invoices", "xero.invoice", "postgres.row", {
            "invoice_id": "InvoiceID", "number": "InvoiceNumber", "total": "Total",
        }, trigger=OFTEN, write_mode="upsert", match_on=key("invoice_id", "InvoiceID"),
           filters=[equals("Status", "PAID")],
           cursor=Cursor(field="UpdatedDateUTC", overlap_seconds=300)),),
        make=lambda n: {"InvoiceID": f"i{n}", "InvoiceNumber": f"INV-{n}", "Total": 5,
                        "Status": "PAID", "UpdatedDateUTC": f"2026-03-0{n}T00:00:00"},
        left_out={"InvoiceID": "draft", "InvoiceNumber": "INV-D", "Status": "DRAFT",
                  "UpdatedDateUTC": "2026-03-01T00:00:00"}),
    Row("sheet-source", proving(Pattern.SPREADSHEET, Pattern.UPSERT_FOUND),
        (flow("sheet-contacts", "google-sheets.row", "hubspot.contact", {
            "email": "Email", "lastname": "Name",
        }, trigger=OFTEN, write_mode="upsert", match_on=key("email", "Email")),),
        make=lambda n: {"Email": f"a{n}@x.com", "Name": f"Lee {n}"}),
    Row("table-source",
        proving(Pattern.SQL, Pattern.UPSERT_UNDER_KEY, Pattern.FIRST_LOAD,
                Pattern.DURABLE_BY_SCHEDULE),
        (flow("table-members", "postgres.row", "mailchimp.member", {
            "email_address": "email", "merge_fields.FNAME": "name",
        }, trigger=OFTEN, write_mode="upsert", match_on=key("email_address", "email"),
           cursor=Cursor(field="updated_at", overlap_seconds=60)),),
        make=lambda n: {"id": str(n), "email": f"a{n}@x.com", "name": "Ann",
                        "updated_at": time_of(n)}),
    Row("linked-pages",
        proving(Pattern.SCHEDULE, Pattern.FIRST_LOAD, Pattern.DURABLE_BY_SCHEDULE,
                Pattern.UPSERT_STATEMENT),
        (flow("issues-to-rows", "github.issue", "postgres.row", {
            "number": "number", "title": "title",
        }, trigger=OFTEN, write_mode="upsert", match_on=key("number", "number"),
           cursor=Cursor(field="updated_at", overlap_seconds=60)),),
        make=lambda n: {"id": n, "number": n, "title": f"Broken {n}", "user": {"login": "ann"},
                        "updated_at": time_of(n)}),
    Row("backfill",
        proving(Pattern.MANUAL, Pattern.BACKFILL, Pattern.DURABLE_BY_HAND, Pattern.SQL),
        (flow("all-members", "postgres.row", "mailchimp.member", {
            "email_address": "email", "merge_fields.FNAME": "name",
        }, trigger=BY_HAND, write_mode="upsert", match_on=key("email_address", "email"),
           cursor=Cursor(field="updated_at")),),
        make=lambda n: {"id": str(n), "email": f"a{n}@x.com", "name": "Ann",
                        "updated_at": time_of(n)}),
    Row("all-orders",
        proving(Pattern.MANUAL, Pattern.BACKFILL, Pattern.DURABLE_BY_HAND, Pattern.GRAPHQL),
        (flow("all-orders", "shopify.order", "mysql.row", {
            "order_no": "name", "total": "total_price",
        }, trigger=BY_HAND, write_mode="upsert", match_on=key("order_no", "name"),
           cursor=Cursor(field="updated_at")),),
        make=lambda n: {"id": n, "name": f"#{n}", "total_price": "5.00",
                        "updated_at": time_of(n)}),
    Row("sheet-invoices", proving(Pattern.ROWS_TO_LIST, Pattern.SPREADSHEET, Pattern.FILTER),
        (flow("sheet-invoices", "google-sheets.row", "quickbooks.invoice", {
            "DocNumber": "Order No", "CustomerRef.value": "Customer",
            "Line[].Amount": ("rows[].Amount", "to_number"),
            "Line[].DetailType": {"constant": "SalesItemLineDetail", "each": "rows[]"},
            "Line[].SalesItemLineDetail.ItemRef.value": {"constant": "9", "each": "rows[]"},
            "Line[].Description": "rows[].Item",
        }, trigger=OFTEN, group_by="Order No", write_mode="upsert",
           match_on=key("DocNumber", "Order No"),
           filters=[Filter(field="Status", op="ne", value="draft")]),),
        make=lambda n: sheet_row(n, "mug"),
        there={"google-sheets.row": lambda n: sheet_row(n, "cup"),
               "quickbooks.customer": lambda n: {"Id": str(n), "DisplayName": f"Ann {n}"},
               "quickbooks.item": lambda n: {"Id": str(n + 8), "Name": f"Goods {n}"}},
        left_out={**sheet_row(77, "ink"), "Status": "draft"}),
    Row("table-orders", proving(Pattern.ROWS_TO_LIST, Pattern.SQL),
        (flow("table-orders", "postgres.row", "woocommerce.order", {
            "billing.email": "email", "line_items[].name": "rows[].item",
            "line_items[].quantity": "rows[].quantity",
        }, trigger=OFTEN, group_by="order_no",
           cursor=Cursor(field="updated_at", overlap_seconds=60)),),
        make=lambda n: table_row(n, "mug"),
        there={"postgres.row": lambda n: table_row(n, "cup")}, ambiguous=True),
)  # fmt: skip
