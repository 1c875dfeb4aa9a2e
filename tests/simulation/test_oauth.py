"""The authorization server: consent, codes, tokens, rotation and RFC 6749's errors."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from pipeline.catalogue.model import SystemEntry
from pipeline.clock import SettableClock
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.oauth import OauthError

_REDIRECT = "https://weft.example.com/callback"
_ASKED = {
    "response_type": "code", "client_id": "app", "redirect_uri": _REDIRECT,
    "scope": "books", "state": "s1",
}  # fmt: skip


def basic(name: str = "app", secret: str = "app-secret") -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def ask_token(mock: MockSystem, authorization: str | None = None, **form: str) -> Any:
    headers = {
        "authorization": basic() if authorization is None else authorization,
        "content-type": "application/x-www-form-urlencoded",
    }
    return mock.oauth.answer_token_request(headers, urlencode(form).encode())


def code_of(mock: MockSystem, **changes: str) -> str:
    address = mock.oauth.approve(mock.oauth.asked({**_ASKED, **changes}))
    return parse_qs(urlsplit(address).query)["code"][0]


def redeem(mock: MockSystem, code: str, **more: str) -> Any:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": _REDIRECT}
    return ask_token(mock, **form, **more)


def bearer(mock: MockSystem, token: str) -> int:
    return mock.handle("GET", "/receipts", "", {"Authorization": f"Bearer {token}"}).status


def test_approval_leads_to_a_token_that_the_api_takes(mock: MockSystem) -> None:
    address = mock.oauth.approve(mock.oauth.asked(_ASKED))
    query = parse_qs(urlsplit(address).query)
    assert (query["state"], query["realmId"]) == (["s1"], ["mock-realm"])
    token = redeem(mock, query["code"][0]).json()
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("bearer", 3600, "books")
    assert bearer(mock, token["access_token"]) == 200
    assert bearer(mock, "invented") == 401


def test_a_code_works_once_and_only_for_ten_minutes(mock: MockSystem, clock: SettableClock) -> None:
    code = code_of(mock)
    assert redeem(mock, code).status == 200
    assert redeem(mock, code).json()["error"] == "invalid_grant"
    late = code_of(mock)
    clock.advance(601)
    assert redeem(mock, late).json()["error"] == "invalid_grant"


def test_tokens_expire_and_refresh_tokens_rotate(mock: MockSystem, clock: SettableClock) -> None:
    first = redeem(mock, code_of(mock)).json()
    clock.advance(3601)
    assert bearer(mock, first["access_token"]) == 401
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = ask_token(mock, **form).json()
    assert bearer(mock, second["access_token"]) == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert ask_token(mock, **form).json()["error"] == "invalid_grant"


def test_a_token_without_the_scope_is_forbidden(mock: MockSystem) -> None:
    token = redeem(mock, code_of(mock, scope="read")).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert mock.handle("POST", "/customer", {"v": "7"}, headers, b'{"Name": "A"}').status == 403


def test_client_credentials_give_no_refresh_token(mock: MockSystem) -> None:
    token = ask_token(mock, grant_type="client_credentials", scope="books").json()
    assert "refresh_token" not in token
    assert bearer(mock, token["access_token"]) == 200


def test_the_pkce_verifier_must_fit(mock: MockSystem) -> None:
    verifier = "v" * 43
    hashed = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    wrong = redeem(mock, code_of(mock, **asked), code_verifier="w" * 43)
    assert wrong.json()["error"] == "invalid_grant"
    assert redeem(mock, code_of(mock, **asked), code_verifier=verifier).status == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"redirect_uri": "javascript:alert(1)"}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"client_id": ""}, "unauthorized_client"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"code_challenge_method": "MD5"}, "invalid_request"),
    ],
)
def test_a_wrong_authorization_request_is_not_shown_for_consent(
    mock: MockSystem, changes: dict[str, str], error: str
) -> None:
    with pytest.raises(OauthError) as raised:
        mock.oauth.asked({**_ASKED, **changes})
    assert raised.value.code == error


@pytest.mark.parametrize(
    ("form", "authorization", "error", "status"),
    [
        ({}, None, "invalid_request", 400),
        ({"grant_type": "password"}, None, "unsupported_grant_type", 400),
        ({"grant_type": "refresh_token"}, None, "invalid_grant", 400),
        ({"grant_type": "client_credentials"}, "", "invalid_client", 401),
        ({"grant_type": "client_credentials"}, "Basic ???", "invalid_client", 401),
        ({"grant_type": "client_credentials"}, basic("app", "wrong"), "invalid_client", 401),
    ],
)
def test_token_errors(
    mock: MockSystem, form: dict[str, str], authorization: str | None, error: str, status: int
) -> None:
    mock.register_credentials({"client_id": "app", "client_secret": "app-secret"})
    answer = ask_token(mock, authorization, **form)
    assert (answer.status, answer.json()["error"]) == (status, error)


def test_a_client_that_belongs_in_the_form_must_be_there(entry: SystemEntry) -> None:
    scheme = entry.auth[1].model_copy(update={"client_auth": "post"})
    mock = MockSystem(entry.model_copy(update={"auth": [scheme]}))
    form = {"grant_type": "client_credentials"}
    assert ask_token(mock, **form).status == 401
    assert ask_token(mock, "", client_id="app", client_secret="x", **form).status == 200
