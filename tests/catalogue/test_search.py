import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.model import Event, SystemEntry
from pipeline.catalogue.operation import Action, Operation
from pipeline.catalogue.search import Search

SHOP: list[tuple[Action, str, str, str, str]] = [
    ("list", "GET", "/orders", "order", ""),
    ("create", "POST", "/orders", "order", ""),
    ("read", "GET", "/orders/{id}", "order", ""),
    ("update", "PATCH", "/orders/{id}", "order", ""),
    ("delete", "DELETE", "/orders/{id}", "order", ""),
    ("action", "POST", "/orders/{id}/cancel", "order", ""),
    ("list", "GET", "/orders/{id}/refunds", "refund", ""),
    ("create", "POST", "/orders/{id}/refunds", "refund", ""),
    ("list", "GET", "/customers/{id}/orders", "order", ""),
    ("find", "GET", "/customers/search", "customer", "Search customers by email"),
    ("create", "POST", "/customers", "customer", ""),
    ("list", "GET", "/orgs/{org}/repos", "repo", "List repositories"),
]


def system(name: str) -> SystemEntry:
    return SystemEntry(
        name=name,
        display_name=name.capitalize(),
        tier="user",
        operations=[
            Operation(
                id=f"{action}-{number}",
                entity=entity,
                action=action,
                method=method,
                path=path,
                summary=summary,
            )
            for number, (action, method, path, entity, summary) in enumerate(SHOP)
        ],
        events=[Event(name="orders/create", entity="order", action="created")],
    )


SEARCH = Search([system("shop")])


@pytest.mark.parametrize(
    ("text", "method", "path"),
    [
        ("create an order", "POST", "/orders"),
        ("list all orders", "GET", "/orders"),
        ("get orders", "GET", "/orders"),
        ("get one order", "GET", "/orders/{id}"),
        ("fetch an order", "GET", "/orders/{id}"),
        ("change the order", "PATCH", "/orders/{id}"),
        ("remove order", "DELETE", "/orders/{id}"),
        ("cancel an order", "POST", "/orders/{id}/cancel"),
        ("add a refund to an order", "POST", "/orders/{id}/refunds"),
        ("list refunds", "GET", "/orders/{id}/refunds"),
        ("orders of a customer", "GET", "/customers/{id}/orders"),
        ("find customer by email", "GET", "/customers/search"),
        ("new customer", "POST", "/customers"),
        ("repositories of an organisation", "GET", "/orgs/{org}/repos"),
        ("whenever an order is created", "EVENT", "orders/create"),
    ],
)
def test_the_call_that_is_meant_comes_first(text: str, method: str, path: str) -> None:
    hit = SEARCH.find(text)[0]
    assert (hit.method, hit.path) == (method, path)


@pytest.mark.parametrize("text", ["", "   ", "🙂", "the of a", "zebra", '") OR x --', "* NEAR"])
def test_words_that_say_nothing_find_nothing(text: str) -> None:
    assert SEARCH.find(text) == []


def test_limit_and_score() -> None:
    hits = SEARCH.find("order", limit=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert SEARCH.find("order", limit=0) == []
    assert SEARCH.find("order", limit=-1) == []


@given(st.text(max_size=60))
def test_any_text_can_be_searched(text: str) -> None:
    assert all(0 < hit.score <= 1 for hit in SEARCH.find(text))


def test_thousands_of_calls_take_milliseconds() -> None:
    search = Search(system(f"shop{number}") for number in range(300))
    started = time.process_time()
    for _ in range(10):
        search.find("list the refunds of an order of this customer")
    assert (time.process_time() - started) / 10 < 0.1
