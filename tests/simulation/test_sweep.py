"""Requests of the sweep over all pairs of systems, through the dry run."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.cancellation import Cancellation
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.ports import Request
from pipeline.simulation.dry_run import dry_run
from tests.simulation.dry_runs import DENO

ASKED = {
    "a setting that fills a number":
        "When a comment is created in GitHub, create a comment in Zendesk",
    "scopes beyond the usual ones":
        "When a checkout is created in Shopify, create a company in HubSpot",
    "a list without pages, by statement":
        "Every hour, copy new columns from PostgreSQL to Google Sheets as rows",
    "pages as long as what one run takes":
        "Every hour, copy new rows from MySQL to Airtable as records",
    "pages named by a path, with times as in email":
        "Every hour, copy new messages from Twilio to REST endpoint as records",
    "a delivery that is repeated under its id":
        "When a message is created in Twilio, create a category in WooCommerce",
    "a sender of which nothing is known":
        "When a payload is created in Inbound webhook, create a record in Airtable",
    "records in the place that a connection names":
        "Every hour, copy new responses from Typeform to Google Sheets as rows",
    "names taken out of long texts":
        "Every hour, copy new events from Google Calendar to NetSuite as customers",
    "numbers that are told as text":
        "Every night, sync companies from HubSpot to Salesforce accounts, updating what is there",
    "times in fields of no known kind":
        "Every hour, copy new records from REST endpoint to Google Calendar as events",
    "an upsert by a field that its path names":
        "Every night, sync collections from Shopify to NetSuite customers, updating what is there",
    "a whole record that is quoted as it was read":
        "Every night, sync channels from Slack to QuickBooks accounts, updating what is there",
    "types called as a service's":
        "Every hour, copy new groups from Zendesk to Airtable as records",
}  # fmt: skip


@pytest.mark.parametrize("text", ASKED.values(), ids=ASKED)
def test_a_request_of_the_sweep_runs_without_a_finding(text: str) -> None:
    known = Catalogue.load()
    plan = OfflineAnalyst(known).research(Request(text=text, today="2026-03-01"), lambda _: None)
    run = dry_run(plan, known, generate(plan, known), [], Cancellation(), deno=DENO)
    assert [one.message for one in run.findings] == []
    assert run.validated > 0
