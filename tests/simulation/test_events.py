"""Events: payload, delivery id and every kind of signature."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.catalogue.model import Signature
from pipeline.simulation.events import deliver
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.signatures import signature_headers

_NOW = datetime.fromtimestamp(1700000000, UTC)


def test_an_event_carries_the_record_where_the_catalogue_says(mock: MockSystem) -> None:
    headers, body = mock.sample_event(
        "customer.created", {"Name": "Ada"}, secret="s", delivery_id="d1"
    )
    assert json.loads(body) == {"data": [{"Name": "Ada"}]}
    assert (headers["X-Delivery"], headers["X-Topic"]) == ("d1", "customer.created")
    expected = base64.b64encode(hmac.new(b"s", body, hashlib.sha256).digest()).decode()
    assert headers["X-Signature"] == expected


def test_an_event_without_a_record_is_about_a_sample(mock: MockSystem) -> None:
    _, body = mock.sample_event("customer.created")
    assert json.loads(body)["data"][0]["Name"]


def test_an_unknown_event_is_a_key_error(mock: MockSystem) -> None:
    with pytest.raises(KeyError):
        mock.sample_event("customer.vanished")


def _hmac(content: bytes, algorithm: Any = hashlib.sha256) -> bytes:
    return hmac.new(b"secret", content, algorithm).digest()


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        (Signature(header="S"), {"S": base64.b64encode(_hmac(b"{}")).decode()}),
        (
            Signature(header="S", encoding="hex", prefix="sha256="),
            {"S": "sha256=" + _hmac(b"{}").hex()},
        ),
        (
            Signature(header="S", algorithm="hmac-sha1", encoding="hex"),
            {"S": _hmac(b"{}", hashlib.sha1).hex()},
        ),
        (Signature(header="S", algorithm="token"), {"S": "secret"}),
        (
            Signature(header="S", encoding="hex", signed="{timestamp}.{body}"),
            {"S": "t=1700000000,v1=" + _hmac(b"1700000000.{}").hex()},
        ),
        (
            Signature(
                header="S", encoding="hex", prefix="v0=", signed="v0:{timestamp}:{body}",
                timestamp_header="T",
            ),
            {"T": "1700000000", "S": "v0=" + _hmac(b"v0:1700000000:{}").hex()},
        ),
    ],
)  # fmt: skip
def test_signatures(signature: Signature, expected: dict[str, str]) -> None:
    assert signature_headers(signature, "secret", b"{}", _NOW) == expected


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/hook", "not an address", "http://[::bad"])
def test_a_delivery_that_nobody_takes_is_told_not_raised(url: str) -> None:
    delivery = deliver(url, {}, b"{}")
    assert (delivery.status, "nobody answered" in delivery.detail) == (None, True)
