"""What a GraphQL call asks for is all that a plan may read."""

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.schema import field_at
from pipeline.catalogue.selection import selected
from pipeline.plan.model import Endpoint, Trigger, Workflow
from pipeline.plan.schemas import source_schema


def test_what_a_list_does_not_ask_for_is_not_there() -> None:
    shopify = Catalogue.load().system("shopify")
    checkout = shopify.entity("checkout").record_schema
    listed = shopify.operation("checkout", "list")
    assert listed is not None
    asked = selected(checkout, listed)
    assert field_at(checkout, "email") is not None and field_at(asked, "email") is None
    assert field_at(asked, "customer.email") is not None
    assert field_at(asked, "line_items[].sku") is not None


def test_an_event_brings_what_a_list_does_not_ask_for() -> None:
    known = Catalogue.load()
    order = Endpoint(system="shopify", entity="order")
    ledger = Endpoint(system="postgres", entity="row")

    def has(trigger: Trigger) -> bool:
        workflow = Workflow(name="copy", trigger=trigger, source=order, target=ledger)
        schema = source_schema(known, workflow)
        return field_at(schema or {}, "discount_codes[].code") is not None

    assert has(Trigger(kind="webhook", event="orders/create"))
    assert not has(Trigger(kind="schedule", cron="0 2 * * *"))
