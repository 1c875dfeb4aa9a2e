"""Plans of the patterns that people run, each for two pairs of systems."""

from typing import Any

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import (
    Cursor,
    Endpoint,
    Filter,
    KeyPair,
    Lookup,
    Mapping,
    Pagination,
    Plan,
    Scope,
    System,
    Transform,
    Trigger,
    Workflow,
    Write,
)

WAREHOUSE = """
openapi: 3.0.3
info: {title: Warehouse, version: "1"}
servers: [{url: "https://warehouse.example.com/api"}]
paths:
  /shipments:
    get:
      operationId: listShipments
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        "200":
          description: A page.
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: {$ref: "#/components/schemas/Shipment"}}
                  next_cursor: {type: string, nullable: true}
components:
  schemas:
    Shipment:
      type: object
      required: [id, order_number]
      properties:
        id: {type: string}
        order_number: {type: string}
        carrier: {type: string}
        tracking_number: {type: string}
        shipped_at: {type: string, format: date-time}
"""


def catalogue() -> Catalogue:
    """What ships, a person's own API, and a GitHub that names the next page in a header."""
    shipped = Catalogue.load()
    linked = Pagination(style="link", parameter="page", size_parameter="per_page", page_size=2)
    github = shipped.system("github")
    operations = [
        one.model_copy(update={"pagination": linked}) if one.id == "list-issues" else one
        for one in github.operations
    ]
    added = (github.model_copy(update={"operations": operations}),)
    return Catalogue(added=added).with_spec("warehouse.yaml", WAREHOUSE)


def plan(known: Catalogue, *workflows: Workflow, **more: Any) -> Plan:
    """A plan with these workflows and the systems that they name."""
    names = dict.fromkeys(
        name
        for one in workflows
        for name in (
            one.source.system,
            *(lookup.system for lookup in one.lookups),
            one.target.system,
            *(write.system for write in one.writes),
        )
    )
    systems = []
    for name in names:
        entry = known.system(name)
        systems.append(
            System(
                name=name, display_name=entry.display_name, role="both", base_url=entry.base_url,
                auth=entry.auth[0], config=entry.config,
            )
        )  # fmt: skip
    scope = Scope(in_scope=True, reason="It moves records.")
    return Plan(
        scope=scope, title=workflows[0].name, systems=systems, workflows=list(workflows), **more
    )


def flow(name: str, source: str, target: str, fields: dict[str, Any], **more: Any) -> Workflow:
    """A workflow from `system.entity` to `system.entity`; `fields` is target -> source."""
    from_system, from_entity = source.split(".")
    to_system, to_entity = target.split(".")
    return Workflow(
        name=name,
        source=Endpoint(system=from_system, entity=from_entity),
        target=Endpoint(system=to_system, entity=to_entity),
        mappings=mappings(fields),
        **more,
    )


def mappings(fields: dict[str, Any]) -> list[Mapping]:
    """Of target -> source; a tuple adds a transform, a list of one value is a constant."""
    return [_mapping(target, source) for target, source in fields.items()]


def _mapping(target: str, source: Any) -> Mapping:
    if isinstance(source, list):
        return Mapping(target=target, constant=source[0])
    if isinstance(source, tuple):
        path, name, *arguments = source
        transform = Transform(name=name, args=arguments[0] if arguments else {})
        return Mapping(target=target, source=path, transform=transform)
    return Mapping(target=target, source=source)


def on(event: str) -> Trigger:
    return Trigger(kind="webhook", event=event)


OFTEN = Trigger(kind="schedule", cron="*/15 * * * *")


def key(target: str, source: str) -> list[KeyPair]:
    return [KeyPair(target=target, source=source)]


def plans(known: Catalogue) -> dict[str, Plan]:
    """All of them, by the name of their project."""
    return {name: plan(known, *made) for name, made in _workflows().items()}


def _workflows() -> dict[str, list[Workflow]]:
    return {
        "rows": [
            flow("charges-to-rows", "stripe.charge", "google-sheets.row", {
                "date": ("created", "from_unix_time"), "amount": ("amount", "minor_to_major"),
                "currency": "currency", "email": "billing_details.email", "url": "receipt_url",
            }, trigger=Trigger(kind="schedule", cron="0 2 * * *"), write_mode="append",
               cursor=Cursor(field="created", overlap_seconds=300)),
        ],
        "rows-of-contacts": [
            flow("contacts-to-rows", "hubspot.contact", "google-sheets.row", {
                "id": "hs_object_id", "email": "email", "name": "lastname",
            }, trigger=OFTEN, write_mode="append",
               cursor=Cursor(field="lastmodifieddate", overlap_seconds=60)),
        ],
        "message": [
            flow("won-deals", "hubspot.deal", "slack.message", {
                "text": ("dealname", "template", {"text": "{dealname} won: {amount}"}),
                "channel": ["#deals"],
            }, trigger=on("deal.propertyChange"),
               filters=[Filter(field="dealstage", op="eq", value="closedwon")]),
        ],
        "text-message": [
            flow("order-texts", "shopify.order", "twilio.message", {
                "To": "phone", "From": ["+15550100"],
                "Body": ("name", "template", {"text": "Thank you for {name}"}),
            }, trigger=on("orders/create")),
        ],
        "several-writes": [
            flow("bugs", "zendesk.ticket", "github.issue", {
                "title": "subject", "body": "description",
            }, trigger=on("ticket.created"),
               filters=[Filter(field="tags", op="contains", value="bug")],
               writes=[Write(id="note", system="zendesk", entity="internal-note",
                   mappings=mappings({
                       "ticket_id": "id",
                       "body": ("$write.target.number", "template",
                                {"text": "Filed as #{value}"}),
                   }))]),
        ],
        "fan-out": [
            flow("new-customers", "stripe.customer", "hubspot.contact", {
                "email": "email", "lastname": "name",
            }, trigger=on("customer.created"), match_on=key("email", "email"),
               writes=[Write(id="hello", system="slack", entity="message",
                   when=Filter(field="email", op="exists"),
                   mappings=mappings({
                       "channel": ["#sales"],
                       "text": ("$write.target.hs_object_id", "template",
                                {"text": "New contact {value}: {email}"}),
                   }))]),
        ],
        "upsert-found": [
            flow("leads", "hubspot.contact", "salesforce.lead", {
                "FirstName": "firstname", "LastName": "lastname", "Email": "email",
                "Company": "company",
            }, trigger=on("contact.creation"), write_mode="upsert",
               match_on=key("Email", "email")),
        ],
        "upsert-put": [
            flow("members", "stripe.customer", "mailchimp.member", {
                "email_address": "email", "merge_fields.FNAME": ("name", "first_name"),
            }, trigger=on("customer.created"), write_mode="upsert",
               match_on=key("email_address", "email")),
        ],
        "upsert-statement": [
            flow("paid-invoices", "xero.invoice", "postgres.row", {
                "invoice_id": "InvoiceID", "number": "InvoiceNumber", "total": "Total",
            }, trigger=OFTEN, write_mode="upsert", match_on=key("invoice_id", "InvoiceID"),
               filters=[Filter(field="Status", op="eq", value="PAID")],
               cursor=Cursor(field="UpdatedDateUTC", overlap_seconds=300)),
        ],
        "upsert-named": [
            flow("form-records", "typeform.response", "airtable.record", {
                "fields.Email": "hidden.email", "fields.Submitted": "submitted_at",
            }, trigger=on("form_response"), write_mode="upsert",
               match_on=key("fields.Email", "hidden.email")),
        ],
        "graphql-create": [
            flow("shipments", "warehouse.shipment", "shopify.fulfillment", {
                "fulfillment_order_id": "$lookup.fulfillment_order.id",
                "tracking_number": "tracking_number", "tracking_company": "carrier",
            }, trigger=OFTEN, cursor=Cursor(field="shipped_at", overlap_seconds=300),
               lookups=[Lookup(name="fulfillment_order", system="shopify",
                   entity="fulfillment-order", by=key("order_name", "order_number"))]),
        ],
        "graphql-source": [
            flow("orders-to-rows", "shopify.order", "google-sheets.row", {
                "order": "name", "total": "total_price",
            }, trigger=OFTEN, write_mode="append",
               cursor=Cursor(field="updated_at", overlap_seconds=60)),
        ],
        "enrichment": [
            flow("charge-messages", "stripe.charge", "slack.message", {
                "channel": ["#money"],
                "text": ("$lookup.contact.lastname", "template",
                         {"text": "{value} paid {amount}"}),
            }, trigger=on("charge.succeeded"),
               lookups=[Lookup(name="contact", system="hubspot", entity="contact",
                   by=key("email", "billing_details.email"), on_missing="skip")]),
        ],
        "per-customer": [
            flow("orders-per-customer", "shopify.order", "netsuite.sales-order", {
                "externalId": ("id", "to_string"), "otherRefNum": "name",
                "entity.id": "$lookup.customer.id",
                "item.items[].item.id": "line_items[].sku",
                "item.items[].quantity": "line_items[].quantity",
            }, lookups=[Lookup(name="customer", system="netsuite", entity="customer",
                   by=key("email", "email"), on_missing="create",
                   mappings=mappings({"email": "email", "lastName": "customer.last_name"}))],
               trigger=on("orders/create"), write_mode="upsert",
               match_on=key("externalId", "id")),
        ],
        "both-ways": [
            flow("there", "hubspot.contact", "salesforce.contact", {
                "Email": "email", "LastName": "lastname", "Title": "jobtitle",
            }, trigger=OFTEN, write_mode="upsert", match_on=key("Email", "email"),
               sync_group="contacts", conflict="latest-wins"),
            flow("back", "salesforce.contact", "hubspot.contact", {
                "email": "Email", "lastname": "LastName", "jobtitle": "Title",
            }, trigger=OFTEN, write_mode="upsert", match_on=key("email", "Email"),
               sync_group="contacts", conflict="latest-wins"),
        ],
        "form-encoded": [
            flow("customers-to-stripe", "woocommerce.customer", "stripe.customer", {
                "email": "email", "name": ("first_name", "join", {"with": ["last_name"]}),
                "address.city": "billing.city",
            }, trigger=on("customer.created")),
        ],
        "object-storage": [
            flow("archive", "shopify.order", "s3.object", {
                "Key": ("name", "template", {"text": "orders/{id}.json"}), "name": "name",
                "email": "email",
            }, trigger=on("orders/create")),
        ],
        "line-rows": [
            flow("sold-lines", "shopify.order", "google-sheets.row", {
                "order": "name", "sku": "line_items[].sku", "quantity": "line_items[].quantity",
            }, trigger=on("orders/create"), write_mode="append", each="line_items[]"),
        ],
        "line-upserts": [
            flow("order-lines", "woocommerce.order", "postgres.row", {
                "line_id": "line_items[].id", "order_no": "number", "name": "line_items[].name",
            }, trigger=OFTEN, write_mode="upsert", each="line_items[]",
               match_on=key("line_id", "line_items[].id"),
               writes=[Write(id="note", system="slack", entity="message",
                   mappings=mappings({"channel": ["#orders"], "text": "number"}))]),
        ],
        "sheet-source": [
            flow("sheet-contacts", "google-sheets.row", "hubspot.contact", {
                "email": "Email", "lastname": "Name",
            }, trigger=OFTEN, write_mode="upsert", match_on=key("email", "Email")),
        ],
        "table-source": [
            flow("table-members", "postgres.row", "mailchimp.member", {
                "email_address": "email", "merge_fields.FNAME": "name",
            }, trigger=OFTEN, write_mode="upsert", match_on=key("email_address", "email"),
               cursor=Cursor(field="updated_at", overlap_seconds=60)),
        ],
        "backfill": [
            flow("all-members", "postgres.row", "mailchimp.member", {
                "email_address": "email", "merge_fields.FNAME": "name",
            }, trigger=Trigger(kind="manual"), write_mode="upsert",
               match_on=key("email_address", "email"), cursor=Cursor(field="updated_at")),
        ],
        "table-update": [
            flow("paid-orders", "shopify.order", "postgres.row", {
                "status": "financial_status", "total": "total_price",
            }, trigger=on("orders/updated"), write_mode="update",
               match_on=key("order_no", "name")),
        ],
        "email": [
            flow("receipts", "woocommerce.order", "gmail.message", {
                "to": "billing.email", "subject": ("number", "template", {"text": "Ördér {value}"}),
                "text": ("billing.first_name", "template", {"text": "Thank you, {value} 🧵"}),
            }, trigger=on("order.created")),
        ],
        "linked-pages": [
            flow("issues-to-rows", "github.issue", "postgres.row", {
                "number": "number", "title": "title",
            }, trigger=OFTEN, write_mode="upsert", match_on=key("number", "number"),
               cursor=Cursor(field="updated_at", overlap_seconds=60)),
        ],
        "two-keys": [
            flow("known-buyers", "woocommerce.order", "slack.message", {
                "channel": ["#sales"], "text": "$lookup.buyer.Title",
            }, trigger=on("order.created"),
               lookups=[Lookup(name="buyer", system="salesforce", entity="contact",
                   by=[*key("LastName", "billing.last_name"), *key("Email", "billing.email")],
                   on_missing="skip")]),
        ],
        "update-only": [
            flow("order-notes", "woocommerce.order", "shopify.order", {
                "note": "customer_note",
            }, trigger=on("order.updated"), write_mode="update",
               match_on=key("name", "number")),
        ],
    }  # fmt: skip
