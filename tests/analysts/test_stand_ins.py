"""Systems that are meant and not named."""

import pytest

from pipeline.analysts.offline.systems import find_mentions
from pipeline.catalogue.catalogue import Catalogue

CATALOGUE = Catalogue.load()


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("new HubSpot deals into a sheet", {"hubspot", "google-sheets"}),
        ("new HubSpot deals into a sheet of our Excel file", {"hubspot", "excel"}),
        ("Our ERP posts JSON to a webhook; create a HubSpot deal", {"inbound-webhook", "hubspot"}),
        ("Shopify posts to a webhook; create a HubSpot deal", {"shopify", "hubspot"}),
        ("leads by webhook from our landing page to HubSpot", {"inbound-webhook", "hubspot"}),
        ("poll https://api.example.com/v2/leads into HubSpot", {"rest-endpoint", "hubspot"}),
        ("HubSpot is documented at https://developers.example.com", {"hubspot"}),
        ("tell Slack when a pull request is merged in acme/web",
         {"slack", "github"}),
        ("open a Jira issue in OPS for each HubSpot deal in Germany", {"jira", "hubspot"}),
    ],
)  # fmt: skip
def test_what_is_meant(text: str, systems: set[str]) -> None:
    assert {one.system for one in find_mentions(text, CATALOGUE)} == systems
