"""Signed HTTP and Socket Mode, and what comes in that is neither."""

import hmac
import time
from hashlib import sha256

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.server import create_server
from bot.settings import Settings
from bot.slack_app import create_app
from bot.slack_checks import slack_checks
from bot.socket_mode import socket_mode
from pipeline.errors import UsageError
from tests.scenarios.conftest import REQUEST, Scene, served


@pytest.fixture
def address(scene: Scene) -> str:
    transport = scene.playground.slack._http
    assert transport is not None
    return transport._request_url


def _signed(scene: Scene, body: bytes, at: str | None = None) -> dict[str, str]:
    at = at or str(int(time.time()))
    secret = scene.playground.app.signing_secret.encode()
    signature = hmac.new(secret, f"v0:{at}:".encode() + body, sha256).hexdigest()
    return {
        "content-type": "application/json",
        "x-slack-request-timestamp": at,
        "x-slack-signature": f"v0={signature}",
    }


BODY = b'{"type": "event_callback", "event": {"type": "message"}}'


def test_slacks_question_for_the_address_is_answered(scene: Scene, address: str) -> None:
    body = b'{"type": "url_verification", "challenge": "abc", "token": "t"}'
    answer = httpx.post(address, content=body, headers=_signed(scene, body))
    assert (answer.status_code, answer.text) == (200, '{"challenge": "abc"}')


@pytest.mark.parametrize("at", ["", "now", "-1", "1.5", "1", "99999999999"])
def test_a_time_that_is_none_or_long_ago_is_not_signed(scene: Scene, address: str, at: str) -> None:
    headers = {**_signed(scene, BODY), "x-slack-request-timestamp": at}
    assert httpx.post(address, content=BODY, headers=headers).status_code == 401


def test_a_signature_of_another_secret(scene: Scene, address: str) -> None:
    headers = {**_signed(scene, BODY), "x-slack-signature": f"v0={'0' * 64}"}
    assert httpx.post(address, content=BODY, headers=headers).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"payload=", b"\0"])
def test_bodies_that_are_nothing(scene: Scene, address: str, body: bytes) -> None:
    answer = httpx.post(address, content=body, headers=_signed(scene, body))
    assert answer.status_code in (400, 404)


def test_a_body_that_is_too_large(scene: Scene, address: str) -> None:
    body = b"x" * 1_100_000
    assert httpx.post(address, content=body, headers=_signed(scene, body)).status_code == 413


def test_health_and_a_callback_without_a_platform(address: str) -> None:
    base = address.removesuffix("/slack/events")
    assert httpx.get(f"{base}/health").json() == {"ok": True}
    assert httpx.get(f"{base}/oauth/callback?code=x").status_code == 503
    assert httpx.get(f"{base}/slack/install").status_code == 404


def test_a_callback_is_passed_on_with_its_page(scene: Scene) -> None:
    async def page(request: Request) -> HTMLResponse:
        query = request.url.query
        return HTMLResponse(f"got {query}", headers={"Content-Security-Policy": "default-src 'x'"})

    platform = Starlette(routes=[Route("/oauth/callback", page)])
    with served(platform) as runner, served(create_server(scene.app, lambda: runner)) as url:
        answer = httpx.get(f"{url}/oauth/callback?code=a&state=b")
    assert answer.text == "got code=a&state=b"
    assert answer.headers["content-security-policy"] == "default-src 'x'"


def test_installing_begins_at_slack(scene: Scene) -> None:
    settings = Settings(
        slack_signing_secret="s",
        slack_client_id="123.456",
        slack_client_secret="cs",
        slack_api_url=scene.playground.api_url,
        weft_public_url="https://weft.example.com",
    )
    app = create_app(settings, scene.surface, scene.workspaces, scene.installations)
    with served(create_server(app, lambda: None)) as url:
        page = httpx.get(f"{url}/slack/install")
        back = httpx.get(f"{url}/slack/oauth_redirect?code=x&state=forged")
    assert page.status_code == 200
    assert "client_id=123.456" in page.text
    assert "reactions:read" in page.text
    assert back.status_code == 400


def test_a_way_in_must_be_set(scene: Scene) -> None:
    with pytest.raises(UsageError, match="SLACK_SIGNING_SECRET"):
        create_app(Settings(), scene.surface, scene.workspaces, scene.installations)


def test_socket_mode(scene: Scene) -> None:
    """Its first delivery carries a retry number of 0, which is no retry."""
    with socket_mode(scene.app, scene.playground.app.app_token):
        scene.wait_for_sockets()
        scene.ask(REQUEST)
        scene.click("Approve plan")
    assert [gate.kind for gate in scene.integration.open_gates()] == ["set-up"]


def test_the_doctor_finds_slack_well(scene: Scene) -> None:
    settings = scene.settings.model_copy(
        update={
            "slack_app_token": Settings(
                slack_app_token=scene.playground.app.app_token
            ).slack_app_token
        }
    )
    checks = {check.name: check for check in slack_checks(settings)}
    assert [check.state for check in checks.values()] == ["ok"] * len(checks)
    assert set(checks) == {"Slack's answer", "Slack scopes", "clock", "Socket Mode"}


def test_the_doctor_names_what_is_wrong(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack_checks.bot_scopes", lambda: ["chat:write", "users:read"])
    monkeypatch.setattr("bot.slack_checks.time.time", lambda: time.monotonic())
    found = {check.name: check for check in slack_checks(scene.settings)}
    assert "users:read" in found["Slack scopes"].detail
    assert found["clock"].state == "broken"
    wrong = Settings(slack_bot_token="xoxb-wrong", slack_api_url=scene.settings.slack_api_url)
    (answer,) = slack_checks(wrong)
    assert answer.state == "broken"
