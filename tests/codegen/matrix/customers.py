"""Rows for many customers, and those that keep two systems the same."""

from pipeline.plan.model import Cursor, Lookup, Variable
from tests.codegen.matrix.building import OFTEN, flow, key, mappings, on
from tests.codegen.matrix.patterns import Pattern
from tests.codegen.matrix.row import Row, proving

MARK = Variable(name="mark", default="nobody's", description="Stands in each record.")

ROWS = (
    Row("per-customer", proving(Pattern.PER_CUSTOMER, Pattern.LOOKUP_OR_CREATE, Pattern.WEBHOOK),
        (flow("orders-per-customer", "shopify.order", "netsuite.sales-order", {
            "externalId": ("id", "to_string"), "otherRefNum": "name",
            "memo": "$variable.mark",
            "entity.id": "$lookup.customer.id",
            "item.items[].item.id": "line_items[].sku",
            "item.items[].quantity": "line_items[].quantity",
        }, lookups=[Lookup(name="customer", system="netsuite", entity="customer",
               by=key("email", "email"), on_missing="create",
               mappings=mappings({"email": "email", "lastName": "customer.last_name"}))],
           trigger=on("orders/create"), write_mode="upsert",
           match_on=key("externalId", "id")),),
        make=lambda n: {"id": n, "name": f"#{n}", "email": f"a{n}@x.com",
                        "customer": {"last_name": "Lee"},
                        "line_items": [{"sku": f"MUG{n}", "quantity": 2}]},
        there={"netsuite.item": lambda n: {"id": f"MUG{n}"}},
        arrive={"netsuite.sales-order": 1, "netsuite.customer": 1},
        multi_tenant=True, variables=(MARK,)),
    Row("members-per-customer", proving(Pattern.PER_CUSTOMER, Pattern.SCHEDULE),
        (flow("members-per-customer", "hubspot.contact", "mailchimp.member", {
            "email_address": "email", "merge_fields.LNAME": "lastname",
            "merge_fields.COMPANY": "$variable.mark",
        }, trigger=OFTEN, write_mode="upsert", match_on=key("email_address", "email"),
           cursor=Cursor(field="lastmodifieddate", overlap_seconds=60)),),
        make=lambda n: {"hs_object_id": str(n), "email": f"a{n}@x.com", "lastname": "Lee"},
        multi_tenant=True, variables=(MARK,)),
    Row("both-ways", proving(Pattern.BOTH_WAYS, Pattern.UPSERT_FOUND),
        (flow("there", "hubspot.contact", "salesforce.contact", {
            "Email": "email", "LastName": "lastname", "Title": "jobtitle",
         }, trigger=OFTEN, write_mode="upsert", match_on=key("Email", "email"),
            sync_group="contacts", conflict="latest-wins"),
         flow("back", "salesforce.contact", "hubspot.contact", {
            "email": "Email", "lastname": "LastName", "jobtitle": "Title",
         }, trigger=OFTEN, write_mode="upsert", match_on=key("email", "Email"),
            sync_group="contacts", conflict="latest-wins")),
        make=lambda n: {"hs_object_id": str(n), "email": f"a{n}@example.com", "firstname": "Ann",
                        "lastname": "Lee", "jobtitle": "Boss"}),
    Row("one-side-wins", proving(Pattern.BOTH_WAYS, Pattern.UPSERT_FOUND),
        (flow("there", "hubspot.contact", "zendesk.user", {
            "email": "email", "name": "lastname", "notes": "jobtitle",
         }, trigger=OFTEN, write_mode="upsert", match_on=key("email", "email"),
            sync_group="people", conflict="zendesk-wins"),
         flow("back", "zendesk.user", "hubspot.contact", {
            "email": "email", "lastname": "name", "jobtitle": "notes",
         }, trigger=OFTEN, write_mode="upsert", match_on=key("email", "email"),
            sync_group="people", conflict="zendesk-wins")),
        make=lambda n: {"hs_object_id": str(n), "email": f"a{n}@example.com",
                        "lastname": "Lee", "jobtitle": "Boss"}),
)  # fmt: skip
