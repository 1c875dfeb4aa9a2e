"""Sign-in asks for what the plan's calls need, and no more than that."""

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.ports import Request


def test_the_scopes_of_the_written_entity_are_asked_for_and_no_others() -> None:
    text = "When a customer is created in Shopify, create a company in HubSpot"
    request = Request(text=text, today="2026-03-01")
    plan = OfflineAnalyst(Catalogue.load()).research(request, lambda _: None)
    scopes = plan.system("hubspot").auth.scopes
    assert "crm.objects.companies.write" in scopes
    assert "crm.objects.deals.write" not in scopes
    assert len(scopes) == len(set(scopes))
