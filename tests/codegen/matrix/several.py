"""Rows that touch more than two systems or records: lookups, several writes, enrichment."""

from pipeline.plan.model import Cursor, Filter, Lookup, Write
from tests.codegen.matrix.building import OFTEN, equals, flow, key, mappings, on
from tests.codegen.matrix.patterns import Pattern
from tests.codegen.matrix.row import Row, proving

ROWS = (
    Row("several-writes",
        proving(Pattern.WEBHOOK, Pattern.WRITES_IN_ORDER, Pattern.FILTER, Pattern.FAN_OUT),
        (flow("bugs", "zendesk.ticket", "github.issue", {
            "title": "subject", "body": "description",
        }, trigger=on("ticket.created"),
           filters=[Filter(field="tags", op="contains", value="bug")],
           writes=[Write(id="note", system="zendesk", entity="internal-note",
               mappings=mappings({
                   "ticket_id": "id",
                   "body": ("$write.target.number", "template", {"text": "Filed as #{value}"}),
               }))]),),
        make=lambda n: {"id": n, "subject": f"Broken {n}", "description": "It is",
                        "tags": ["bug"]},
        left_out={"id": 77, "subject": "A question", "description": "How?", "tags": ["question"]},
        ambiguous=True),
    Row("fan-out", proving(Pattern.FAN_OUT, Pattern.WRITES_IN_ORDER),
        (flow("new-customers", "stripe.customer", "hubspot.contact", {
            "email": "email", "lastname": "name",
        }, trigger=on("customer.created"), match_on=key("email", "email"),
           writes=[Write(id="hello", system="slack", entity="message",
               when=Filter(field="email", op="exists"),
               mappings=mappings({
                   "channel": ["#sales"],
                   "text": ("$write.target.hs_object_id", "template",
                            {"text": "New contact {value}: {email}"}),
               }))]),),
        make=lambda n: {"id": f"cus_{n}", "email": f"a{n}@example.com", "name": "Ann Lee"},
        ambiguous=True),
    Row("line-upserts", proving(Pattern.LIST_TO_ROWS, Pattern.FAN_OUT, Pattern.UPSERT_STATEMENT),
        (flow("order-lines", "woocommerce.order", "postgres.row", {
            "line_id": "line_items[].id", "order_no": "number", "name": "line_items[].name",
        }, trigger=OFTEN, write_mode="upsert", each="line_items[]",
           match_on=key("line_id", "line_items[].id"),
           writes=[Write(id="note", system="slack", entity="message",
               mappings=mappings({"channel": ["#orders"], "text": "number"}))]),),
        make=lambda n: {"id": n, "number": str(n), "line_items": [
            {"id": n * 10 + line, "name": "Mug", "quantity": 1} for line in (1, 2)]},
        arrive={"postgres.row": 2, "slack.message": 1}, ambiguous=True),
    Row("graphql-create",
        proving(Pattern.LOOKUP, Pattern.GRAPHQL, Pattern.DEAD_LETTER, Pattern.SCHEDULE),
        (flow("shipments", "warehouse.shipment", "shopify.fulfillment", {
            "fulfillment_order_id": "$lookup.fulfillment_order.id",
            "tracking_number": "tracking_number", "tracking_company": "carrier",
        }, trigger=OFTEN, cursor=Cursor(field="shipped_at", overlap_seconds=300),
           lookups=[Lookup(name="fulfillment_order", system="shopify",
               entity="fulfillment-order", by=key("order_name", "order_number"))]),),
        make=lambda n: {"id": f"s{n}", "order_number": f"#{n}", "tracking_number": f"1Z{n}",
                        "shipped_at": f"2026-03-0{n}T00:00:00Z"},
        there={"shopify.fulfillment-order": lambda n: {
            "id": f"gid://shopify/FulfillmentOrder/{n}", "order_name": f"#{n}"}},
        ambiguous=True),
    Row("enrichment", proving(Pattern.ENRICHMENT, Pattern.LOOKUP, Pattern.MESSAGE),
        (flow("charge-messages", "stripe.charge", "slack.message", {
            "channel": ["#money"],
            "text": ("$lookup.contact.lastname", "template", {"text": "{value} paid {amount}"}),
        }, trigger=on("charge.succeeded"),
           lookups=[Lookup(name="contact", system="hubspot", entity="contact",
               by=key("email", "billing_details.email"), on_missing="skip")]),),
        make=lambda n: {"id": f"ch_{n}", "amount": 5,
                        "billing_details": {"email": f"a{n}@x.com"}},
        there={"hubspot.contact": lambda n: {"lastname": "Lee", "email": f"a{n}@x.com"}},
        left_out={"id": "ch_77", "amount": 5, "billing_details": {"email": "nobody@x.com"}},
        ambiguous=True),
    Row("two-keys", proving(Pattern.ENRICHMENT, Pattern.LOOKUP),
        (flow("known-buyers", "woocommerce.order", "slack.message", {
            "channel": ["#sales"], "text": "$lookup.buyer.Title",
        }, trigger=on("order.created"),
           lookups=[Lookup(name="buyer", system="salesforce", entity="contact",
               by=[*key("LastName", "billing.last_name"), *key("Email", "billing.email")],
               on_missing="skip")]),),
        make=lambda n: {"id": n, "billing": {"email": f"a{n}@x.com", "last_name": "Lee"}},
        there={"salesforce.contact": lambda n: {
            "Email": f"a{n}@x.com", "LastName": "Lee", "Title": f"Boss {n}"}},
        ambiguous=True),
    Row("invoiced-orders", proving(Pattern.LOOKUP_OR_CREATE, Pattern.FILTER),
        (flow("invoiced-orders", "woocommerce.order", "xero.invoice", {
            "Type": ["ACCREC"], "InvoiceNumber": "number",
            "Contact.ContactID": "$lookup.contact.ContactID",
            "LineItems[].Description": "line_items[].name",
            "LineItems[].Quantity": "line_items[].quantity",
        }, trigger=OFTEN, cursor=Cursor(field="date_modified_gmt", overlap_seconds=60),
           filters=[equals("status", "completed")],
           lookups=[Lookup(name="contact", system="xero", entity="contact",
               by=key("EmailAddress", "billing.email"), on_missing="create",
               mappings=mappings({"EmailAddress": "billing.email",
                                  "Name": "billing.email"}))]),),
        make=lambda n: {"id": n, "number": str(n), "status": "completed",
                        "date_modified_gmt": f"2026-03-0{n}T00:00:00",
                        "billing": {"email": f"a{n}@x.com", "last_name": "Lee"},
                        "line_items": [{"id": n, "name": "Mug", "quantity": 1}]},
        left_out={"id": 77, "number": "77", "status": "pending", "billing": {"email": "b@x.com"},
                  "date_modified_gmt": "2026-03-01T00:00:00"},
        arrive={"xero.invoice": 1, "xero.contact": 1}),
)  # fmt: skip
