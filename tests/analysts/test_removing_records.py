"""“Remove them from …” deletes in the target; “when one is deleted, …” only says when."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.design import not_generated
from pipeline.plan.check import check
from pipeline.plan.model import Plan
from pipeline.ports import Request

KNOWN = Catalogue.load()


def planned(text: str) -> Plan:
    request = Request(text=text, today="2026-03-01")
    return OfflineAnalyst(KNOWN).research(request, lambda _: None)


REMOVED = {
    "When a customer is deleted in Stripe remove them from Mailchimp": ("stripe", "mailchimp"),
    "When an order is deleted in WooCommerce, delete it in Airtable too": (
        "woocommerce", "airtable"),
    "Delete the row in our Postgres table contacts if a HubSpot contact gets deleted": (
        "hubspot", "postgres"),
}  # fmt: skip


@pytest.mark.parametrize("text", REMOVED)
def test_what_is_removed_is_found_and_deleted(text: str) -> None:
    plan = planned(text)
    (workflow,) = plan.workflows
    assert (workflow.source.system, workflow.target.system) == REMOVED[text]
    assert (workflow.write_mode, workflow.mappings) == ("delete", [])
    assert workflow.match_on
    assert [one.message for one in check(plan, KNOWN)] == not_generated(plan, KNOWN) == []


KEPT = [
    "When a contact is deleted in HubSpot, post to Slack #sales",
    "Copy new Stripe customers to HubSpot and remove the prefix from the name",
    "Create a Jira issue when we delete a product from Shopify",
]


@pytest.mark.parametrize("text", KEPT)
def test_nothing_else_deletes(text: str) -> None:
    assert [one.write_mode for one in planned(text).workflows] == ["create"]


def test_a_system_that_cannot_delete_says_so_before_the_plan_is_approved() -> None:
    plan = planned("When someone unsubscribes in Mailchimp, delete the contact in HubSpot")
    (finding,) = check(plan, KNOWN)
    assert finding.message.endswith("Weft knows no way to delete the contact records of HubSpot.")


def test_what_a_system_only_changes_is_changed_and_never_created() -> None:
    plan = planned(
        "Shipment notices come as webhooks from our 3PL. Update the order in Shopify with tracking."
    )
    (workflow,) = plan.workflows
    assert (workflow.write_mode, workflow.match_on) == ("update", [])
    (question,) = [one for one in plan.questions if one.id.startswith("key-")]
    assert question.assumption is None, "nothing can be taken for granted"
    assert any("no field says which" in one.message for one in check(plan, KNOWN))
