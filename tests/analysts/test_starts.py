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
