"""Form bodies: written and read back alike, and refused where they are none."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.simulation.forms import read_form, write_form
from pipeline.simulation.refusals import Refusal

_SCHEMA = {
    "properties": {
        "amount": {"type": "integer"},
        "paid": {"type": "boolean"},
        "rate": {"type": "number"},
        "address": {"properties": {"city": {"type": "string"}}},
        "items": {"type": "array", "items": {"properties": {"price": {"type": "integer"}}}},
        "tags": {"type": "array", "items": {"type": "string"}},
    }
}


def test_a_record_is_read_back_as_it_was_written() -> None:
    record: dict[str, Any] = {
        "amount": 5,
        "paid": True,
        "rate": 0.5,
        "address": {"city": "Köln & Bonn"},
        "items": [{"price": 1}, {"price": 2}],
        "tags": ["a", "b"],
    }
    assert read_form(urlencode(write_form(record)).encode(), _SCHEMA) == record


def test_empty_brackets_count_up_and_a_wrong_type_stays_text() -> None:
    assert read_form(b"tags[]=a&tags[]=b&amount=5.00", _SCHEMA) == {
        "tags": ["a", "b"],
        "amount": "5.00",
    }


@pytest.mark.parametrize("body", [b"a[=1", b"[]=1", b"a.b=1", b"a[9999999999]=1", b"\xff=1"])
def test_what_is_no_such_form_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal):
        read_form(body, _SCHEMA)


@given(st.binary() | st.lists(st.sampled_from(["a", "[", "]", "0", "=", "&", "%"])).map(
    lambda parts: "".join(parts).encode()
))  # fmt: skip
def test_any_bytes_give_a_record_or_a_refusal(body: bytes) -> None:
    try:
        assert isinstance(read_form(body, _SCHEMA), dict)
    except Refusal as refusal:
        assert refusal.kind == "invalid"
