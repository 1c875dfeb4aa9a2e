"""Systems in which something of each record is only looked up on its way."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.check import check
from pipeline.plan.model import Plan
from pipeline.ports import Request

CATALOGUE = Catalogue.load()


def plan(text: str) -> Plan:
    request = Request(text=text, today="2026-11-22")
    return OfflineAnalyst(CATALOGUE).research(request, lambda line: None)


@pytest.mark.parametrize(
    "text",
    [
        "post new Stripe charges in Slack #money, with the contact from HubSpot looked up by email",
        "When a Stripe charge is made, look the contact up in HubSpot by email and tell #money "
        "on Slack",
        "For each new Stripe charge find the contact in HubSpot by email, tell #money on Slack",
    ],
)
def test_a_third_system_is_looked_up_and_shown(text: str) -> None:
    made = plan(text)
    [flow] = made.workflows
    [lookup] = flow.lookups
    assert (lookup.system, lookup.entity, lookup.by[0].target) == ("hubspot", "contact", "email")
    assert {one.name: one.role for one in made.systems}["hubspot"] == "source"
    shown = next(one for one in flow.mappings if one.target == "text").transform
    assert shown is not None
    assert "{$lookup.contact." in str(shown.args["text"])
    assert flow.match_on == []
    assert check(made, CATALOGUE) == []


def test_what_says_nothing_of_the_record_is_no_key_for_it() -> None:
    made = plan("For each new Zendesk ticket, look the company up in HubSpot by name and post it "
                "to Slack #support")  # fmt: skip
    assert made.workflows[0].lookups == []
    asked = {one.id: one.importance for one in made.questions}
    assert asked["lookup-hubspot-company"] == "high"
