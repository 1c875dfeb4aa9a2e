"""A mock that finds again what an earlier one of the same system kept."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from pydantic import JsonValue

from pipeline.catalogue.catalogue import Catalogue
from pipeline.clock import SettableClock
from pipeline.simulation.mock import MockSystem

_FORM = {"content-type": "application/x-www-form-urlencoded"}


class Kept(dict[tuple[str, str], JsonValue]):
    """A memory that can be looked into."""

    def put(self, kind: str, key: str, content: JsonValue) -> None:
        self[kind, key] = content

    def forget(self, kind: str, key: str) -> None:
        self.pop((kind, key), None)

    def all(self, kind: str) -> dict[str, JsonValue]:
        return {key: content for (one, key), content in self.items() if one == kind}


@pytest.fixture
def memory() -> Kept:
    return Kept()


def system(name: str, memory: Kept) -> MockSystem:
    return MockSystem(Catalogue.load().system(name), SettableClock(), memory=memory)


def create(mock: MockSystem, email: str, key: str = "", secret: str = "key") -> tuple[int, Any]:
    version = {"stripe-version": "2026-10-28.endive"}
    headers = {"authorization": f"Bearer {secret}", **_FORM, **version}
    if key:
        headers["idempotency-key"] = key
    body = urlencode({"email": email}).encode()
    answer = mock.handle("POST", "/customers", "", headers, body)
    return answer.status, answer.json()


def test_records_are_found_again_and_get_no_id_twice(memory: Kept) -> None:
    before = [create(system("stripe", memory), f"{n}@example.com")[1] for n in range(3)]

    again = system("stripe", memory)

    assert again.records("customer") == before
    assert create(again, "new@example.com")[1]["id"] not in [each["id"] for each in before]


def test_the_same_idempotency_key_creates_nothing_more(memory: Kept) -> None:
    first = create(system("stripe", memory), "a@example.com", key="k")
    again = system("stripe", memory)

    assert create(again, "a@example.com", key="k") == first
    assert len(again.records("customer")) == 1
    assert create(again, "b@example.com", key="k")[0] >= 400


def test_credentials_are_known_again_and_kept_by_no_name(memory: Kept) -> None:
    system("stripe", memory).register_credentials({"secret_key": "sk_kept"})
    again = system("stripe", memory)

    assert create(again, "a@example.com", secret="sk_kept")[0] == 200
    assert create(again, "a@example.com", secret="guessed")[0] == 401
    assert "sk_kept" not in repr(memory)


def asked(mock: MockSystem, form: Mapping[str, str]) -> tuple[int, Any]:
    form = {"client_id": "weft", "client_secret": "client-kept", **form}
    headers = dict(_FORM)
    if mock.oauth.scheme.client_auth == "basic":
        headers["authorization"] = "Basic d2VmdDpjbGllbnQta2VwdA=="  # weft:client-kept
    answer = mock.oauth.answer_token_request(headers, urlencode(form).encode())
    return answer.status, answer.json()


def test_tokens_hold_and_refresh_once(memory: Kept) -> None:
    mock = system("quickbooks", memory)
    mock.register_credentials({"client_id": "weft", "client_secret": "client-kept"})
    back = "http://127.0.0.1/callback"
    query = {"response_type": "code", "client_id": "weft", "redirect_uri": back}
    address = mock.oauth.approve(mock.oauth.asked(query))
    code = dict(parse_qsl(urlsplit(address).query))["code"]
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
    _, first = asked(mock, grant)

    again = system("quickbooks", memory)

    token = again.oauth.token(first["access_token"])
    assert token is not None and not token.expired
    refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert asked(again, refresh)[0] == 200
    assert asked(again, refresh) == asked(system("quickbooks", memory), refresh)
    assert asked(again, refresh)[0] == 400
    secrets = ("client-kept", first["access_token"], first["refresh_token"])
    assert not any(secret in repr(memory) for secret in secrets)
