"""Faults on request, and rate limits where they are switched on."""

import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
)

from bot.playground.server import Playground
from tests.playground.person import INTEGRATIONS, Person


def test_a_rate_limit_says_when_to_try_again(client: WebClient, maya: Person) -> None:
    maya.set_faults(calls=[{"method": "chat.postMessage", "fault": "rate_limited"}])
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=INTEGRATIONS, text="a")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    assert client.chat_postMessage(channel=INTEGRATIONS, text="a")["ok"]
    assert len(maya.messages()) == 1


def test_the_sdks_own_retry_waits_and_posts_once(client: WebClient, maya: Person) -> None:
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    maya.set_faults(calls=[{"fault": "rate_limited", "retry_after": 1}])
    started = time.monotonic()
    client.chat_postMessage(channel=INTEGRATIONS, text="a")
    assert time.monotonic() - started > 0.9
    assert len(maya.messages()) == 1


def test_a_lost_reply_has_done_its_work(client: WebClient, maya: Person) -> None:
    client.retry_handlers = []
    maya.set_faults(calls=[{"method": "chat.postMessage", "fault": "lost_reply"}])
    with pytest.raises((ConnectionError, OSError)):
        client.chat_postMessage(channel=INTEGRATIONS, text="a")
    assert len(maya.messages()) == 1


def test_a_blind_retry_of_a_lost_reply_posts_twice(client: WebClient, maya: Person) -> None:
    client.retry_handlers = [ConnectionErrorRetryHandler()]
    maya.set_faults(calls=[{"method": "chat.postMessage", "fault": "lost_reply"}])
    client.chat_postMessage(channel=INTEGRATIONS, text="a")
    assert len(maya.messages()) == 2


def test_a_server_error_and_an_error_of_choice(client: WebClient, maya: Person) -> None:
    maya.set_faults(
        calls=[
            {"method": "auth.test", "fault": "server_error"},
            {"method": "auth.test", "fault": "error", "error": "account_inactive", "times": 2},
        ]
    )
    for status, error in ((500, None), (200, "account_inactive"), (200, "account_inactive")):
        with pytest.raises(SlackApiError) as refused:
            client.auth_test()
        assert refused.value.response.status_code == status
        assert error is None or refused.value.response["error"] == error
    assert client.auth_test()["ok"]


def test_a_call_that_hangs_runs_into_the_clients_limit(
    playground: Playground, maya: Person
) -> None:
    impatient = WebClient(playground.app.bot_token, base_url=playground.api_url, timeout=1)
    impatient.retry_handlers = []
    maya.set_faults(calls=[{"method": "auth.test", "fault": "timeout", "seconds": 1.2}])
    with pytest.raises(TimeoutError):
        impatient.auth_test()


def test_cleared_faults_are_gone(client: WebClient, maya: Person) -> None:
    maya.set_faults(calls=[{"fault": "server_error", "times": 9}])
    maya.set_faults(clear=True)
    assert client.auth_test()["ok"]


def test_posts_to_one_channel_are_held_to_their_rate() -> None:
    with Playground(enforce_rates=True) as strict:
        client = WebClient(strict.app.bot_token, base_url=strict.api_url)
        for _ in range(3):
            client.chat_postMessage(channel=INTEGRATIONS, text="a")
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel=INTEGRATIONS, text="a")
        assert refused.value.response.status_code == 429
        strict.slack.clock.skip(3)
        assert client.chat_postMessage(channel=INTEGRATIONS, text="a")["ok"]
