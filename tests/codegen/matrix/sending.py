"""Rows that an event starts, and that write one record each."""

from tests.codegen.matrix.building import equals, flow, key, on
from tests.codegen.matrix.patterns import Pattern
from tests.codegen.matrix.row import Row, proving

DEAL = {"dealname": "Big", "amount": "100"}
CONTACT = {"firstname": "Ann", "lastname": "Lee", "company": "Acme", "jobtitle": "Boss"}

ROWS = (
    Row("message", proving(Pattern.WEBHOOK, Pattern.MESSAGE, Pattern.FILTER),
        (flow("won-deals", "hubspot.deal", "slack.message", {
            "text": ("dealname", "template", {"text": "{dealname} won: {amount}"}),
            "channel": ["#deals"],
        }, trigger=on("deal.propertyChange"), filters=[equals("dealstage", "closedwon")]),),
        make=lambda n: {**DEAL, "hs_object_id": str(n), "dealstage": "closedwon"},
        left_out={**DEAL, "hs_object_id": "77", "dealstage": "closedlost"},
        ambiguous=True),
    Row("text-message", proving(Pattern.WEBHOOK, Pattern.MESSAGE),
        (flow("order-texts", "shopify.order", "twilio.message", {
            "To": "phone", "From": ["+15550100"],
            "Body": ("name", "template", {"text": "Thank you for {name}"}),
        }, trigger=on("orders/create")),),
        make=lambda n: {"id": n, "name": f"#{n}", "phone": f"+1555{n}"},
        ambiguous=True),
    Row("email", proving(Pattern.WEBHOOK, Pattern.MESSAGE),
        (flow("receipts", "woocommerce.order", "gmail.message", {
            "to": "billing.email", "subject": ("number", "template", {"text": "Ördér {value}"}),
            "text": ("billing.first_name", "template", {"text": "Thank you, {value} 🧵"}),
        }, trigger=on("order.created")),),
        make=lambda n: {"id": n, "number": str(n),
                        "billing": {"email": "a@x.com", "first_name": "Zoë"}},
        ambiguous=True),
    Row("upsert-found", proving(Pattern.WEBHOOK, Pattern.REST, Pattern.UPSERT_FOUND),
        (flow("leads", "hubspot.contact", "salesforce.lead", {
            "FirstName": "firstname", "LastName": "lastname", "Email": "email",
            "Company": "company",
        }, trigger=on("contact.creation"), write_mode="upsert", match_on=key("Email", "email")),),
        make=lambda n: {**CONTACT, "hs_object_id": str(n), "email": f"a{n}@example.com"}),
    Row("upsert-put", proving(Pattern.WEBHOOK, Pattern.UPSERT_UNDER_KEY),
        (flow("members", "stripe.customer", "mailchimp.member", {
            "email_address": "email", "merge_fields.FNAME": ("name", "first_name"),
        }, trigger=on("customer.created"), write_mode="upsert",
           match_on=key("email_address", "email")),),
        make=lambda n: {"id": f"cus_{n}", "email": f"a{n}@example.com", "name": "Ann Lee"}),
    Row("upsert-named", proving(Pattern.WEBHOOK, Pattern.UPSERT_UNDER_KEY),
        (flow("form-records", "typeform.response", "airtable.record", {
            "fields.Email": "hidden.email", "fields.Submitted": "submitted_at",
        }, trigger=on("form_response"), write_mode="upsert",
           match_on=key("fields.Email", "hidden.email")),),
        make=lambda n: {"token": f"t{n}", "submitted_at": f"2026-03-0{n}T00:00:00Z",
                        "hidden": {"email": f"a{n}@x.com"}}),
    Row("graphql-upsert", proving(Pattern.WEBHOOK, Pattern.GRAPHQL, Pattern.UPSERT_UNDER_KEY),
        (flow("customers-to-shop", "stripe.customer", "shopify.customer", {
            "email": "email", "first_name": ("name", "first_name"),
        }, trigger=on("customer.created"), write_mode="upsert", match_on=key("email", "email")),),
        make=lambda n: {"id": f"cus_{n}", "email": f"a{n}@example.com", "name": "Ann Lee"}),
    Row("form-encoded", proving(Pattern.WEBHOOK, Pattern.REST),
        (flow("customers-to-stripe", "woocommerce.customer", "stripe.customer", {
            "email": "email", "name": ("first_name", "join", {"with": ["last_name"]}),
            "address.city": "billing.city",
        }, trigger=on("customer.created")),),
        make=lambda n: {"id": n, "email": f"a{n}@x.com", "first_name": "A", "last_name": "B"}),
    Row("object-storage", proving(Pattern.WEBHOOK, Pattern.OBJECT_STORAGE),
        (flow("archive", "shopify.order", "s3.object", {
            "Key": ("name", "template", {"text": "orders/{id}.json"}), "name": "name",
            "email": "email",
        }, trigger=on("orders/create")),),
        make=lambda n: {"id": n, "name": f"#{n}", "email": f"a{n}@x.com"}),
    Row("stored-answers", proving(Pattern.WEBHOOK, Pattern.OBJECT_STORAGE),
        (flow("stored-answers", "typeform.response", "s3.object", {
            "Key": ("token", "template", {"text": "answers/{value}.json"}),
            "submitted": "submitted_at", "email": "hidden.email",
        }, trigger=on("form_response")),),
        make=lambda n: {"token": f"t{n}", "submitted_at": f"2026-03-0{n}T00:00:00Z",
                        "hidden": {"email": f"a{n}@x.com"}}),
    Row("update-only", proving(Pattern.UPDATE),
        (flow("order-notes", "woocommerce.order", "shopify.order", {"note": "customer_note"},
              trigger=on("order.updated"), write_mode="update",
              match_on=key("name", "number")),),
        make=lambda n: {"id": n, "number": str(n), "customer_note": f"note {n}",
                        "date_modified_gmt": f"2026-03-0{n}T00:00:00"},
        there={"shopify.order": lambda n: {"id": n, "name": str(n), "note": "old"}}),
    Row("table-update", proving(Pattern.UPDATE, Pattern.SQL),
        (flow("paid-orders", "shopify.order", "postgres.row", {
            "status": "financial_status", "total": "total_price",
        }, trigger=on("orders/updated"), write_mode="update", match_on=key("order_no", "name")),),
        make=lambda n: {"id": n, "name": f"#{n}", "financial_status": "paid",
                        "total_price": "5.00"},
        there={"postgres.row": lambda n: {"id": str(n), "order_no": f"#{n}", "status": "open"}}),
    Row("line-rows", proving(Pattern.LIST_TO_ROWS, Pattern.SPREADSHEET),
        (flow("sold-lines", "shopify.order", "google-sheets.row", {
            "order": "name", "sku": "line_items[].sku", "quantity": "line_items[].quantity",
        }, trigger=on("orders/create"), write_mode="append", each="line_items[]"),),
        make=lambda n: {"id": n, "name": f"#{n}", "line_items": [
            {"id": n * 10 + line, "sku": "MUG", "quantity": line} for line in (1, 2)]},
        arrive={"google-sheets.row": 2}, ambiguous=True),
)  # fmt: skip
