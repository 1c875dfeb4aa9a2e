"""The listeners on payloads of the published shapes: each is acknowledged, and has its effect."""

import json
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from slack_sdk.oauth.installation_store import Bot

from bot.posting import post_pending
from bot.settings import Settings
from bot.thread_poster import Gateway, Pace, SlackAnnouncer, Uploads
from bot.thread_poster.announcer import UNDELIVERED
from bot.workspaces import Workspaces
from pipeline.conversation import Thread
from pipeline.replies import Said
from tests.scenarios.conftest import Scene
from tests.scenarios.samples import (
    BEGINS,
    CHANGES_NOTHING,
    CHANNEL,
    COMMAND,
    TEAM,
    TS,
    USER,
    WEFT,
    block_actions,
    event,
    view_submission,
)

WORKSPACE = Bot(team_id=TEAM, bot_token="xoxb-1", bot_id="B1", bot_user_id=WEFT, installed_at=0.0)


def _send(scene: Scene, payload: dict[str, Any]) -> BoltResponse:
    """As Socket Mode hands it over: whoever may connect is trusted, so nothing is signed."""
    answer = scene.app.dispatch(BoltRequest(mode="socket_mode", body=payload))
    scene.here.settle()
    return answer


@pytest.mark.parametrize("name", BEGINS)
def test_what_begins_an_integration(scene: Scene, name: str) -> None:
    assert _send(scene, BEGINS[name]).status == 200
    assert scene.integration.request.text == "sync orders"
    assert scene.integration.requester == USER


@pytest.mark.parametrize("name", CHANGES_NOTHING)
def test_what_changes_nothing(scene: Scene, name: str) -> None:
    assert _send(scene, CHANGES_NOTHING[name]).status == 200
    assert scene.integrations == []
    assert scene.jobs.asked == []


def test_a_command(scene: Scene) -> None:
    request = BoltRequest(mode="socket_mode", body=dict(COMMAND))
    assert scene.app.dispatch(request).status == 200
    scene.here.settle()
    assert scene.integration.requester == USER


def test_a_button(scene: Scene) -> None:
    _send(scene, BEGINS["message"])
    scene.pipeline.id = scene.integration.id
    scene.pipeline.advance()
    (gate,) = scene.integration.open_gates()
    value = f"{scene.integration.id}|{gate.id}"
    assert _send(scene, block_actions("gate-approve", value)).status == 200
    found = scene.integration.gate(gate.id)
    assert found is not None
    assert found.approved


def test_a_form(scene: Scene) -> None:
    place = Thread(team=TEAM, channel=CHANNEL, thread=TS)
    integration = scene.pipeline.conversation.start(place, USER, "sync orders")
    values = {"change": {"value": {"type": "plain_text_input", "value": "hourly"}}}
    answer = _send(scene, view_submission("change", integration.id, values))
    assert answer.status == 200
    assert [message.text for message in scene.integration.messages] == ["hourly"]


def test_a_form_of_another_workspace_changes_nothing(scene: Scene) -> None:
    place = Thread(team="T2", channel=CHANNEL, thread=TS)
    integration = scene.pipeline.conversation.start(place, USER, "sync orders")
    values = {"change": {"value": {"type": "plain_text_input", "value": "hourly"}}}
    answer = _send(scene, view_submission("change", integration.id, values))
    assert json.loads(answer.body)["response_action"] == "update"
    assert scene.integration.messages == []


@pytest.mark.parametrize("name", ["app_uninstalled", "tokens_revoked"])
def test_a_workspace_that_removed_weft_is_forgotten(scene: Scene, name: str) -> None:
    scene.installations.save_bot(WORKSPACE)
    _send(scene, CHANGES_NOTHING[name])
    assert scene.installations.find(TEAM) is None


def test_tokens_of_people_are_not_wefts(scene: Scene) -> None:
    scene.installations.save_bot(WORKSPACE)
    _send(scene, event({"type": "tokens_revoked", "tokens": {"oauth": [USER]}, "event_ts": TS}))
    assert scene.installations.find(TEAM) is not None


def test_a_workspace_without_weft_holds_up_no_other(scene: Scene) -> None:
    scene.ask()
    place = Thread(team=TEAM, channel=CHANNEL, thread=TS)
    gone = scene.pipeline.conversation.start(place, USER, "sync orders")
    others = Workspaces(Settings(slack_client_id="c"), scene.installations.find)
    store, pace = scene.pipeline.services.store, Pace(0.0, 0.0)
    gateway = Gateway(others, pace)
    announcer = SlackAnnouncer(gateway, Uploads(gateway, store), pace, store.last_reply)
    with store.change(gone.id) as integration:
        integration.say(Said(key="a", text="unheard"))
    post_pending(store, announcer)
    assert store.message_ref(gone.id, "a") == UNDELIVERED
