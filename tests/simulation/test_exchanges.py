"""What a mock did, in the words of the thread's tables."""

from typing import Any

import pytest

from pipeline.simulation.exchanges import what_it_did


@pytest.mark.parametrize(
    ("exchange", "words"),
    [
        ({"effect": "created", "entity": "sales-receipt", "record_id": "1"},
         "created sales receipt 1"),
        ({"effect": "found", "entity": "item", "record_id": None}, "found item"),
        ({"effect": "nothing", "entity": "customer"}, "no customer"),
        ({"effect": "nothing"}, "no record"),
        ({"effect": "nothing", "entity": "item", "detail": "Same key."}, "nothing new"),
        ({}, ""),
    ],
)  # fmt: skip
def test_exchanges_are_said_in_words(exchange: dict[str, Any], words: str) -> None:
    assert what_it_did(exchange) == words
