"""A state before a thing that is named together with its system."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.ports import Request

KNOWN = Catalogue.load()

SAID = {
    "Archive closed GitHub issues into S3 every Sunday": ("state", "closed"),
    "Copy open Zendesk tickets to Airtable nightly": ("status", "open"),
    "Every hour send paid Xero invoices to Google Sheets": ("Status", "PAID"),
}


@pytest.mark.parametrize("text", SAID)
def test_it_is_a_filter(text: str) -> None:
    request = Request(text=text, today="2026-03-01")
    (workflow, *_) = OfflineAnalyst(KNOWN).research(request, lambda _: None).workflows
    assert [(one.field, one.value) for one in workflow.filters] == [SAID[text]]
