import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.files import Names
from pipeline.catalogue.recognise import Recogniser


def names(name: str, display: str, aliases: str = "", ambiguous: str = "") -> Names:
    return Names(
        name=name,
        display_name=display,
        aliases=[each for each in aliases.split(",") if each],
        ambiguous_aliases=[each for each in ambiguous.split(",") if each],
    )


RECOGNISER = Recogniser(
    [
        names("shopify", "Shopify"),
        names("quickbooks", "QuickBooks Online", "quickbooks,qbo", ""),
        names("hubspot", "HubSpot"),
        names("stripe", "Stripe"),
        names("google-sheets", "Google Sheets", "sheets,gsheet", "sheets"),
        names("google-drive", "Google Drive", "drive", "drive"),
        names("slack", "Slack", ambiguous="slack"),
        names("notion", "Notion", ambiguous="notion"),
        names("square", "Square", ambiguous="square"),
        names("front", "Front", ambiguous="front"),
        names("close", "Close", "close crm,close.com", "close"),
        names("monday", "monday.com", "monday", "monday"),
        names("postgres", "PostgreSQL", "postgres"),
        names("xero", "Xero"),
        names("salesforce", "Salesforce", "sfdc"),
    ]
)


def found(text: str) -> list[str]:
    return [match.system for match in RECOGNISER.find(text)]


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("new Shopify orders to QuickBooks Online", ["shopify", "quickbooks"]),
        ("SHOPIFY's orders, quickbooks’ receipts", ["shopify", "quickbooks"]),
        ("shopify->qbo", ["shopify", "quickbooks"]),
        ("xerro and hubbspot", ["xero", "hubspot"]),
        ("contacts on Mondays at 6am, deals on Monday in Shopify", ["shopify"]),
        ("more sales for Shopify and google that", ["shopify"]),
        ("shopfy to quickboks and hubspt", ["shopify", "quickbooks", "hubspot"]),
        ("quick books / Hub Spot / sales force", ["quickbooks", "hubspot", "salesforce"]),
        ("into a google sheet", ["google-sheets"]),
        ("the google-sheets tab", ["google-sheets"]),
        ("Google Sheets and Google Drive", ["google-sheets", "google-drive"]),
        ("gogle sheets", ["google-sheets"]),
        ("the Postgres table, the postgresql server", ["postgres", "postgres"]),
        ("salesforec, Salesforce", ["salesforce", "salesforce"]),
        ("can we get a Slack message in #deals", ["slack"]),
        ("post a slack message", ["slack"]),
        ("send it to slack when a deal is won", ["slack"]),
        ("Slack message whenever something happens", ["slack"]),
        ("copy from notion to xero.", ["notion", "xero"]),
        ("Notion -> Slack", ["notion", "slack"]),
        ("sync monday.com with Close.com", ["monday", "close"]),
        ("new items on our Monday board", ["monday"]),
        ("leads in Close CRM", ["close"]),
    ],
)
def test_names_are_found(text: str, systems: list[str]) -> None:
    assert found(text) == systems


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂🙂",
        "drive more sales and close the deal",
        "Close every deal that is in front of us",
        "every Monday at 9, and on Monday evening",
        "I have no notion of a square root",
        "strip the shipping lines, then stop shopping",
        "ask bob@hubspot.com in #stripe, @shopify",
        "cut us some slack",
        "the national zero motion",
    ],
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert found(text) == []


def test_a_match_says_where_it_stands_and_how_sure_it_is() -> None:
    text = "From Shopify to quickboks"
    exact, mistyped = RECOGNISER.find(text)
    assert text[exact.start : exact.end] == exact.text == "Shopify"
    assert exact.score == 1
    assert text[mistyped.start : mistyped.end] == mistyped.text == "quickboks"
    assert 0.8 < mistyped.score < 1


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    started = time.process_time()
    for text in ("a" * 40_000, "Slack front qickbooks " * 2000, "a@" * 20_000):
        RECOGNISER.find(text)
    assert time.process_time() - started < 3


@given(st.text(alphabet=st.sampled_from("Shopify slack-Drive.'s@#\n🙂é"), max_size=80))
def test_matches_never_overlap(text: str) -> None:
    end = 0
    for match in RECOGNISER.find(text):
        assert match.start >= end
        assert text[match.start : match.end] == match.text
        end = match.end
