import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mapping.match import candidates
from pipeline.mapping.vocabulary import vocabulary
from tests.bench.fit_matching import Labels, calibration, labelled, ranking, stored_weights


def record(*names: str, **typed: Any) -> dict[str, Any]:
    properties = {name: {"type": "string"} for name in names}
    return {"type": "object", "properties": {**properties, **typed}}


def best(source: dict[str, Any], target: dict[str, Any]) -> dict[str, str | None]:
    found = candidates(source, target)
    return {path: listed[0].source if listed else None for path, listed in found.items()}


def test_names_are_matched_however_they_are_written() -> None:
    source = record("firstname", "last_name", "emailAddress", "zipCode", "qty", "numberofemployees")
    target = record("GivenName", "surname", "mail", "postal_code", "Quantity", "EmployeeCount")
    assert best(source, target) == {
        "GivenName": "firstname",
        "surname": "last_name",
        "mail": "emailAddress",
        "postal_code": "zipCode",
        "Quantity": "qty",
        "EmployeeCount": "numberofemployees",
    }


def test_what_is_only_sent_is_never_a_source() -> None:
    source = record("login", password={"type": "string", "writeOnly": True})
    assert best(source, record("Password")) == {"Password": None}


def test_what_contains_a_field_tells_it_from_its_namesake() -> None:
    source = record(billing_address=record("city"), shipping_address=record("city"))
    target = record(ShipAddr=record("City"), BillAddr=record("City"))
    assert best(source, target) == {
        "ShipAddr.City": "shipping_address.city",
        "BillAddr.City": "billing_address.city",
    }


def test_arrays_are_matched_with_arrays() -> None:
    source = record("price", lines={"type": "array", "items": record("price", "sku", "quantity")})
    target = record("total", items={"type": "array", "items": record("price", "sku", "qty")})
    found = best(source, target)
    assert found["items[].price"] == "lines[].price"
    assert found["total"] == "price"


def test_what_a_field_is_also_known_as_counts() -> None:
    target = record(DocNumber={"type": "string", "x-weft-synonyms": ["order name"]})
    assert best(record("name", "order_name"), target) == {"DocNumber": "order_name"}


def test_read_only_targets_are_not_filled() -> None:
    target = record("name", id={"type": "string", "readOnly": True})
    assert candidates(record("id", "name"), target).keys() == {"name"}


def test_an_equal_meaning_goes_to_the_nearer_spelling() -> None:
    assert best(record("division", "department"), record("department")) == {
        "department": "department"
    }


def test_nothing_alike_gives_no_candidate() -> None:
    assert candidates(record("colour"), record("latitude")) == {"latitude": []}
    assert candidates({}, {}) == {}
    assert candidates({}, record("a")) == {"a": []}


def test_at_most_k_come_back_best_first() -> None:
    source = record("email", "work_email", "home_email", "other_email", "email_status")
    listed = candidates(source, record("email"), k=2)["email"]
    assert [each.source for each in listed][0] == "email"
    assert len(listed) == 2
    assert listed[0].score >= listed[1].score
    assert candidates(source, record("email"), k=0) == {"email": []}


@pytest.fixture(scope="module")
def data() -> dict[str, tuple[list[Any], Labels]]:
    return labelled()


def test_nine_in_ten_labelled_fields_are_matched(
    data: dict[str, tuple[list[Any], Labels]],
) -> None:
    counted = [
        (*ranking(compared, right, stored_weights()), len(right))
        for compared, right in data.values()
    ]
    first, third, all_of_them = (sum(column) for column in zip(*counted, strict=True))
    assert first / all_of_them >= 0.9
    assert third / all_of_them >= 0.95


def test_a_score_is_a_probability(data: dict[str, tuple[list[Any], Labels]]) -> None:
    bands = calibration(list(data.values()), stored_weights())
    shares = [share for _, share, _ in bands]
    assert shares == sorted(shares)
    assert bands[-1][1] >= 0.95
    assert bands[0][1] <= 0.2


def test_two_hundred_by_two_hundred_fields_take_well_under_a_second() -> None:
    words = ["order", "customer", "billing", "address", "total", "price", "date", "email", "line"]
    names = [f"{a}_{b}_{c}" for a in words for b in words for c in ("id", "name", "at")][:200]
    source, target = record(*names), record(*(name.title() for name in reversed(names)))
    vocabulary()
    started = time.process_time()
    found = candidates(source, target)
    assert time.process_time() - started < 2.5
    assert len(found) == 200


@given(st.lists(st.text(max_size=12), max_size=6), st.lists(st.text(max_size=12), max_size=6))
def test_any_names_can_be_compared(first: list[str], second: list[str]) -> None:
    for listed in candidates(record(*first), record(*second)).values():
        assert all(0 <= each.score <= 1 for each in listed)
        assert len({each.source for each in listed}) == len(listed) <= 3
