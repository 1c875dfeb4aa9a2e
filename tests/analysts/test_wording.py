"""Texts as people type them, before anything of them is understood."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.analysts.offline.asides import without_asides
from pipeline.analysts.offline.glossary import in_english
from pipeline.analysts.offline.wording import plain
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.check import check
from pipeline.ports import Request

CATALOGUE = Catalogue.load()
ANALYST = OfflineAnalyst(CATALOGUE)
PIECES = [
    "when", "every", "new", "order", "contact", "Shopify", "HubSpot", "Slack", "#sales", "→", "to",
    "in", "from", "paid", "is", "look", "up", "by", "email", "instead of", '"', "'", "?", "no,",
    "then", "...", "jeder", "neue", "Rechnung", "chaque", "facture", "=", "(", ")", ",", "\n",
    "over", "$500", "at 6am London", "both ways", "their own", "match on", "stage", "not", "only",
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sned a mesage evry tiem", "send a message every time"),
        ("plz dont creat dupes", "please don't create dupes"),
        ("call it 'Big bills' or « petits »", 'call it "Big bills" or "petits"'),
        ("Case closed? Then solve the ticket", "when Case closed, solve the ticket"),
        ("tickets? nah, deals", "deals"),
        ("acme_opp and the field `opp`", 'acme_opp and the field "opp"'),
    ],
)
def test_what_is_typed_is_read_as_it_is_meant(typed: str, meant: str) -> None:
    assert plain(typed, CATALOGUE).strip() == meant


@pytest.mark.parametrize(
    "text",
    [
        "post to Teams instead of Slack every hour",
        "like we do for Slack, post to Teams every hour",
        "Same thing as we have for Slack: post to Teams every hour",
    ],
)
def test_asides_name_nothing_that_is_wanted(text: str) -> None:
    bare = without_asides(text)
    assert len(bare) == len(text)
    assert "Slack" not in bare
    assert "post to Teams" in bare and "every hour" in bare


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Bei jeder neuen Bestellung", "for each new order"),
        ("chaque nouvelle facture payée", "every new invoice paid"),
        ("cuando se cree un pedido nuevo", "when is created a order new"),
        ("every new order in Los Angeles", "every new order in Los Angeles"),
    ],
)
def test_other_languages_are_put_into_english_word_by_word(text: str, english: str) -> None:
    assert in_english(text) == english


@settings(max_examples=40, deadline=None)
@given(any_.one_of(any_.text(max_size=300),
                   any_.lists(any_.sampled_from(PIECES), max_size=40).map(" ".join)))  # fmt: skip
def test_any_text_is_read_in_a_moment(text: str) -> None:
    started = time.process_time()
    made = ANALYST.research(Request(text=text, today="2026-11-22"), lambda line: None)
    assert time.process_time() - started < 3  # the first one reads the dictionary too
    assert isinstance(check(made, CATALOGUE), list)
