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
        "Every night, sync columns from PostgreSQL to Google Sheets rows, updating what is there",
    "pages as long as what one run takes":
        "Every night, sync rows from MySQL to Airtable records, updating what is there",
    "pages named by a path, with times as in email":
        "Every night, sync messages from Twilio to REST endpoint records, updating what is there",
}  # fmt: skip


@pytest.mark.parametrize("text", ASKED.values(), ids=ASKED)
def test_a_request_of_the_sweep_runs_without_a_finding(text: str) -> None:
    known = Catalogue.load()
    plan = OfflineAnalyst(known).research(Request(text=text, today="2026-03-01"), lambda _: None)
    run = dry_run(plan, known, generate(plan, known), [], Cancellation(), deno=DENO)
    assert [one.message for one in run.findings] == []
    assert run.validated > 0
