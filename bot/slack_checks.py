"""`weft doctor` on Slack: tokens, scopes, this machine's clock, and the way in."""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from slack_sdk.web import SlackResponse, WebClient

from bot.checking import Check
from bot.manifest import bot_scopes
from bot.settings import Settings
from bot.thread_poster.errors import told_as_service_errors
from pipeline.errors import ServiceError

_MOST_SECONDS_OFF = 120  # Slack's signatures are good for 300
_TIMEOUT_SECONDS = 10


def slack_checks(settings: Settings) -> Iterator[Check]:
    """Nothing is asked of Slack where no token is set."""
    if settings.slack_bot_token is not None:
        yield from _bot_token(settings, settings.slack_bot_token.get_secret_value())
    if settings.slack_app_token is not None:
        yield _app_token(settings, settings.slack_app_token.get_secret_value())
    elif settings.weft_public_url is not None:
        yield _address(settings.weft_public_url)


def _bot_token(settings: Settings, token: str) -> Iterator[Check]:
    try:
        with told_as_service_errors():
            told = _client(settings, token).auth_test()
    except ServiceError as error:
        yield Check(name="Slack's answer", state="broken", detail=str(error))
        return
    yield Check(name="Slack's answer", state="ok", detail=f"{told['user']} in {told['team']}")
    yield _scopes(told)
    yield _clock(told)


def _scopes(told: SlackResponse) -> Check:
    granted = {scope.strip() for scope in _header(told, "x-oauth-scopes").split(",")}
    lacking = sorted(set(bot_scopes()) - granted)
    if lacking:
        advice = f"install the app again with manifest.json: it lacks {', '.join(lacking)}"
        return Check(name="Slack scopes", state="broken", detail=advice)
    return Check(name="Slack scopes", state="ok", detail="all of manifest.json")


def _clock(told: SlackResponse) -> Check:
    """Slack's signatures carry a time: a clock that is far off makes every request a forgery."""
    date = _header(told, "date")
    if not date:
        return Check(name="clock", state="ok", detail="Slack gave no time", needed=False)
    off = abs(time.time() - parsedate_to_datetime(date).timestamp())
    if off > _MOST_SECONDS_OFF:
        return Check(
            name="clock", state="broken", detail=f"{off:.0f} s off: set this machine's time"
        )
    return Check(name="clock", state="ok", detail=f"{off:.0f} s off Slack's")


def _app_token(settings: Settings, token: str) -> Check:
    try:
        with told_as_service_errors():
            _client(settings, token).apps_connections_open(app_token=token)
    except ServiceError as error:
        return Check(name="Socket Mode", state="broken", detail=str(error))
    return Check(name="Socket Mode", state="ok", detail="a connection can be opened")


def _address(url: str) -> Check:
    """Whether Slack would reach this Weft at its public address."""
    advice = "start “weft serve” and let the address lead to it"
    try:
        answer = httpx.get(f"{url.rstrip('/')}/health", timeout=_TIMEOUT_SECONDS)
        ok: Any = answer.json().get("ok") if answer.status_code == 200 else False
    except (httpx.HTTPError, ValueError, AttributeError):
        ok = False
    if not ok:
        return Check(name="public address answers", state="broken", detail=advice, needed=False)
    return Check(name="public address answers", state="ok", detail=url)


def _client(settings: Settings, token: str) -> WebClient:
    return WebClient(token, base_url=settings.slack_api_url, timeout=_TIMEOUT_SECONDS)


def _header(told: SlackResponse, name: str) -> str:
    values = {key.lower(): value for key, value in told.headers.items()}
    found = values.get(name, "")
    return ",".join(found) if isinstance(found, list) else str(found)
