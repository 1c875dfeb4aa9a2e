"""What a message says of a record where the request does not say what."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.analysts.offline.telling import telling
from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import Event, SystemEntry
from pipeline.mapping.placeholders import placeholders
from pipeline.plan.model import Plan
from pipeline.plan.schemas import find_field
from pipeline.ports import Request

KNOWN = Catalogue.load()


def planned(text: str) -> Plan:
    request = Request(text=text, today="2026-03-01")
    return OfflineAnalyst(KNOWN).research(request, lambda _: None)


def said(plan: Plan) -> list[str]:
    """The lines of the message."""
    (mapping,) = [one for one in plan.workflows[0].mappings if one.target == "text"]
    assert mapping.transform is not None
    return str(mapping.transform.args["text"]).split("\n")


def test_it_says_what_happened_and_to_which_record() -> None:
    lines = said(planned("Stripe disputes to Slack #risk immediately"))
    assert lines == ["New dispute", "Amount: {amount|minor_to_major} {currency}",
                     "Reason: {reason}", "Status: {status}"]  # fmt: skip
    assert said(planned("Post paid Shopify orders into Slack #orders"))[0] == "Order paid"


def test_people_are_called_by_both_names() -> None:
    lines = said(planned("When a contact is created in HubSpot, post to Slack #sales"))
    assert lines[:2] == ["New contact", "Name: {firstname} {lastname}"]


TOLD = [
    (entry, event)
    for entry in KNOWN.systems()
    for event in entry.events
    if event.action == "created" and entry.name != "slack"
]


@pytest.mark.parametrize(("entry", "event"), TOLD, ids=lambda one: one.name)
def test_every_new_record_can_be_told(entry: SystemEntry, event: Event) -> None:
    (schema,) = [one.record_schema for one in entry.entities if one.name == event.entity]
    lines = telling(schema)
    shown = [one for line in lines for one in placeholders(line)]
    assert shown and len(lines) <= 6
    assert all(find_field(schema, one.path) for one in shown)
