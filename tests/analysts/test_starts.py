"""Which event starts a workflow whose request names a state and no event."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.ports import Request

KNOWN = Catalogue.load()

STARTS = {
    "When a HubSpot deal is won, post to Slack #sales": "deal.propertyChange",
    "Won HubSpot deals to Xero": "deal.propertyChange",
    "When a Zendesk ticket gets solved, post to Slack #help": "ticket.status_changed",
    "When a ticket with priority high is created in Zendesk, post to Slack": "ticket.created",
}


@pytest.mark.parametrize("text", STARTS)
def test_a_state_is_come_into_by_a_change(text: str) -> None:
    request = Request(text=text, today="2026-03-01")
    (workflow, *_) = OfflineAnalyst(KNOWN).research(request, lambda _: None).workflows
    assert workflow.trigger.event == STARTS[text]


ONCE = [
    "Import all our Xero contacts into HubSpot once",
    "Copy Stripe customers to HubSpot, just once",
    "Move every Zendesk user to HubSpot once and for all.",
]


@pytest.mark.parametrize("text", ONCE)
def test_what_is_done_once_is_started_by_hand(text: str) -> None:
    assert started(text) == "manual"


def test_once_something_happens_is_no_once() -> None:
    assert started("Once an order is placed in Shopify, add a row to Google Sheets") == "webhook"


def started(text: str) -> str:
    (workflow, *_) = (
        OfflineAnalyst(KNOWN)
        .research(Request(text=text, today="2026-03-01"), lambda _: None)
        .workflows
    )
    return workflow.trigger.kind
