"""The systems that Weft only knows of: found by their names, never by ordinary words."""

import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.files import names_of, read_third_tier, system_folders
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.recognise import Recogniser
from pipeline.catalogue.validate import shared_names


def found(text: str) -> list[str]:
    return [match.system for match in Catalogue.load().recognise(text)]


def test_each_has_a_way_to_sign_in_and_a_name_of_its_own() -> None:
    entries = read_third_tier()
    assert len(entries) >= 120
    assert [entry.name for entry in entries if not entry.auth] == []
    assert shared_names() == []
    assert not {entry.name for entry in entries} & set(system_folders())


@pytest.mark.parametrize("entry", read_third_tier(), ids=lambda entry: entry.name)
def test_each_is_found_by_each_of_its_names(entry: SystemEntry) -> None:
    recogniser = Recogniser([names_of(entry)])
    for name in (entry.display_name, *entry.aliases, *entry.ambiguous_aliases):
        assert {match.system for match in recogniser.find(f"copy it to {name}.")} == {entry.name}


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("SAP to Snowflake", ["sap-s4hana", "snowflake"]),
        ("post it in a Teams channel", ["microsoft-teams"]),
        ("hired candidates from greenhouse to bamboo hr", ["greenhouse", "bamboohr"]),
        ("new Lever candidates into workday", ["lever", "workday"]),
        ("when a google form is submitted, add it to our monday board", ["google-forms", "monday"]),
        ("GA4 to big query", ["google-analytics", "bigquery"]),
        ("Amazon orders to ShipStation", ["amazon-seller", "shipstation"]),
        ("service now incidents to pager duty", ["servicenow", "pagerduty"]),
        ("meta lead ads -> ActiveCampaign", ["meta-ads", "activecampaign"]),
    ],
)
def test_people_name_them_in_their_own_way(text: str, systems: list[str]) -> None:
    assert found(text) == systems


@pytest.mark.parametrize(
    "text",
    [
        "write the market dates and an extra entry into the calendar",
        "every monday for the sales team, then post to our team",
        "sales for each day, if new, looked up by video",
        "set up orders, follow up messages, look up customers",
        "dynamic fields of all active campaigns, and going insights",
        "the remote team records its personal expenses on the next workday",
        "bill for the squared box that closed, close to Friday",
    ],
)
def test_ordinary_words_are_no_systems(text: str) -> None:
    assert found(text) == []
