"""What a record becomes where a system is named without a thing of its own."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.ports import Request

KNOWN = Catalogue.load()

USUAL = {
    "Sync new Shopify orders to QuickBooks": ("order", "sales-receipt"),
    "Send Shopify orders into Xero": ("order", "invoice"),
    "Sync paid Stripe invoices to QuickBooks": ("invoice", "invoice"),
    "Push won HubSpot deals to NetSuite": ("deal", "sales-order"),
    "Copy Salesforce accounts to HubSpot": ("account", "company"),
    "Copy Salesforce accounts to Xero": ("account", "contact"),
    "Send new Typeform responses to HubSpot": ("response", "contact"),
    "Sync Shopify customers to Zendesk": ("customer", "user"),
    "When a dispute is created in Stripe, tell Jira": ("dispute", "issue"),
    "Every night, sync HubSpot to QuickBooks invoices": ("deal", "invoice"),
    "Sync Shopify to Xero credit notes": ("refund", "credit-note"),
    "Copy our Airtable product table to Shopify products": ("record", "product"),
    "Answers of 6 or lower to our Typeform survey become Jira issues": ("response", "issue"),
    "Copy my Mailchimp list to HubSpot contacts nightly": ("member", "contact"),
}


@pytest.mark.parametrize("text", USUAL)
def test_a_record_becomes_what_it_usually_does(text: str) -> None:
    request = Request(text=text, today="2026-03-01")
    (workflow, *_) = OfflineAnalyst(KNOWN).research(request, lambda _: None).workflows
    assert (workflow.source.entity, workflow.target.entity) == USUAL[text]
