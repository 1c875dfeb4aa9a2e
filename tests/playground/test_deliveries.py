"""How the bot is told: signed, within three seconds, again when it didn't take it, in any order."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.playground.app_configuration import AppConfiguration
from bot.playground.people import APP_ID, BOT_USER, TEAM_ID
from bot.playground.server import Playground
from tests.playground.person import GENERAL, INTEGRATIONS, JONAS, MAYA, Person, Refused
from tests.playground.receiver import Received, Receiver, free_port


def test_a_mention_arrives_twice_signed_and_in_slacks_shape(
    playground: Playground, receiver: Receiver, maya: Person
) -> None:
    said = maya.say("@weft build <this> & that, see https://x.io/a?b=1.")
    playground.settle()
    text = f"<@{BOT_USER}> build &lt;this&gt; &amp; that, see <https://x.io/a?b=1>."
    assert said["text"] == text
    verifier = SignatureVerifier(playground.app.signing_secret)
    for one in receiver.received:
        assert verifier.is_valid_request(one.body, one.headers)
        assert "x-slack-retry-num" not in one.headers
        payload = one.payload
        assert payload["type"] == "event_callback"
        assert (payload["team_id"], payload["api_app_id"]) == (TEAM_ID, APP_ID)
        assert payload["authorizations"][0]["user_id"] == BOT_USER
        assert {"token", "event_id", "event_time", "event_context"} <= payload.keys()
        assert payload["is_ext_shared_channel"] is False
    assert len({one.payload["event_id"] for one in receiver.received}) == 2
    (message,), (mention,) = receiver.events("message"), receiver.events("app_mention")
    assert message["channel_type"] == "channel" and "channel_type" not in mention
    shared = ("user", "text", "ts", "channel", "client_msg_id", "team", "blocks", "event_ts")
    assert all(message[name] == mention[name] for name in shared)


@pytest.mark.parametrize("mention_first", [False, True])
def test_the_order_of_the_two_can_be_chosen(
    playground: Playground, receiver: Receiver, maya: Person, mention_first: bool
) -> None:
    maya.set_faults(delivery={"mention_first": mention_first})
    maya.say("@weft hello")
    playground.settle()
    order = [event["type"] for event in receiver.events()]
    expected = ["message", "app_mention"]
    assert order == (expected[::-1] if mention_first else expected)


def test_copies_and_shuffling_on_request(
    playground: Playground, receiver: Receiver, maya: Person
) -> None:
    maya.set_faults(delivery={"copies": 3, "shuffle_seconds": 0.1})
    for number in range(4):
        maya.say(str(number))
    playground.settle()
    texts = [event["text"] for event in receiver.events("message")]
    assert sorted(texts) == sorted(["0", "1", "2", "3"] * 3)
    assert texts != sorted(texts)
    assert len({one.payload["event_id"] for one in receiver.received}) == 4


def retries(receiver: Receiver) -> list[tuple[str | None, str | None]]:
    headers = [one.headers for one in receiver.received]
    return [(one.get("x-slack-retry-num"), one.get("x-slack-retry-reason")) for one in headers]


def test_an_event_that_fails_comes_three_times_more(
    playground: Playground, receiver: Receiver, maya: Person
) -> None:
    receiver.answer = lambda _: (500, "")
    maya.say("hello")
    playground.settle()
    again = [(str(number), "http_error") for number in (1, 2, 3)]
    assert retries(receiver) == [(None, None), *again]
    assert len({one.payload["event_id"] for one in receiver.received}) == 1


def test_an_event_taken_at_the_second_try_comes_no_more(
    playground: Playground, receiver: Receiver, maya: Person
) -> None:
    maya.set_faults(delivery={"lost_acknowledgements": 1})
    maya.say("hello")
    playground.settle()
    assert retries(receiver) == [(None, None), ("1", "http_timeout")]


def test_a_bot_that_is_away_is_tried_again(playground: Playground, maya: Person) -> None:
    playground.deliver_to(f"http://127.0.0.1:{free_port()}/")
    maya.say("hello")
    playground.settle()
    outcomes = [attempt.outcome for attempt in playground.slack.courier.attempts]
    assert outcomes == ["connection_failed"] * 4


def slowly(_: Received) -> tuple[int, Any]:
    time.sleep(0.5)
    return 200, ""


def test_what_is_acknowledged_too_late_counts_as_not_taken(
    playground: Playground, receiver: Receiver, maya: Person
) -> None:
    receiver.answer = slowly
    maya.say("hello")
    playground.settle()
    assert retries(receiver)[1] == ("1", "http_timeout")
    with pytest.raises(Refused, match="operation_timeout"):
        maya.command("/integrate")
    assert maya.messages()[-1]["text"] == "/integrate failed with the error “operation_timeout”"


def test_edits_deletions_files_and_reactions_are_told(
    playground: Playground, receiver: Receiver, maya: Person
) -> None:
    ts = maya.say("hello", files=[{"name": "spec.yaml", "content": "openapi: 3.1.0"}])["ts"]
    maya.do("messages/edit", channel=INTEGRATIONS, ts=ts, text="hello there")
    maya.do("reactions", channel=INTEGRATIONS, ts=ts, name="x")
    maya.do("messages/delete", channel=INTEGRATIONS, ts=ts)
    playground.settle()
    (shared,) = receiver.events("message.file_share")
    assert shared["files"][0]["name"] == "spec.yaml"
    assert receiver.events("file_shared")[0]["file_id"] == shared["files"][0]["id"]
    (changed,) = receiver.events("message.message_changed")
    assert changed["message"]["text"] == "hello there"
    assert changed["previous_message"]["text"] == "hello"
    assert changed["message"]["edited"]["user"] == MAYA
    (reaction,) = receiver.events("reaction_added")
    assert reaction["item"] == {"type": "message", "channel": INTEGRATIONS, "ts": ts}
    (deleted,) = receiver.events("message.message_deleted")
    assert deleted["deleted_ts"] == ts and deleted["ts"] != ts


def test_a_deleted_root_with_replies_leaves_a_tombstone(
    playground: Playground, receiver: Receiver, client: WebClient, maya: Person
) -> None:
    ts = maya.say("build it")["ts"]
    client.chat_postMessage(channel=INTEGRATIONS, thread_ts=ts, text="plan")
    maya.do("messages/delete", channel=INTEGRATIONS, ts=ts)
    playground.settle()
    (changed,) = receiver.events("message.message_changed")
    assert changed["message"]["subtype"] == "tombstone"
    assert [message["text"] for message in maya.messages()] == [
        "This message was deleted.",
        "plan",
    ]


def test_a_reply_names_its_thread_and_the_bot_hears_its_own_messages(
    playground: Playground, receiver: Receiver, client: WebClient, maya: Person
) -> None:
    root = client.chat_postMessage(channel=INTEGRATIONS, text="plan")["ts"]
    maya.say("approve", thread_ts=root)
    playground.settle()
    own, reply = sorted(receiver.events("message"), key=lambda event: str(event["ts"]))
    assert own["bot_id"] and own["user"] == BOT_USER
    assert (reply["thread_ts"], reply["parent_user_id"]) == (root, BOT_USER)


def test_the_bot_hears_nothing_of_channels_it_is_not_in(
    playground: Playground, receiver: Receiver, client: WebClient, maya: Person
) -> None:
    maya.say("@weft are you here?", GENERAL)
    assert "Invite it" in maya.messages(GENERAL)[-1]["text"]
    maya.command("/invite", "@weft", GENERAL)
    maya.say("@weft and now?", GENERAL)
    playground.settle()
    (joined,) = receiver.events("member_joined_channel")
    assert (joined["user"], joined["inviter"]) == (BOT_USER, MAYA)
    assert len(receiver.events("app_mention")) == 1
    maya.command("/remove", "@weft", GENERAL)
    maya.say("@weft gone?", GENERAL)
    playground.settle()
    assert receiver.events("channel_left")[0]["channel"] == GENERAL
    assert len(receiver.events("app_mention")) == 1


def test_a_direct_message_has_its_own_channel_type_and_no_mention(
    playground: Playground, receiver: Receiver, maya: Person
) -> None:
    maya.say("@weft hello", f"D{MAYA[1:]}")
    playground.settle()
    (event,) = receiver.events()
    assert (event["type"], event["channel_type"]) == ("message", "im")


def test_only_subscribed_events_and_commands_of_the_manifest_reach_the_bot(
    tmp_path: Path,
) -> None:
    app = AppConfiguration.of_manifest(manifest(tmp_path))
    receiver = Receiver()
    with Playground(app) as playground:
        playground.deliver_to(receiver.url)
        maya = Person(playground)
        maya.say("@weft hello")
        maya.command("/integrate", "with @jonas & #general")
        with pytest.raises(Refused, match="/deploy is not a valid command"):
            maya.command("/deploy")
        playground.settle()
        maya.close()
    receiver.close()
    assert [event["type"] for event in receiver.events()] == ["app_mention"]
    (text,) = [one.payload["text"] for one in receiver.received if "command" in one.payload]
    assert text == f"with <@{JONAS}|jonas> &amp; <#{GENERAL}|general>"
    assert playground.app.scopes == {"chat:write"}


def manifest(directory: Path) -> Path:
    command = {"command": "/integrate", "description": "Build", "should_escape": True}
    path = directory / "manifest.json"
    content = {
        "features": {"slash_commands": [command]},
        "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
    }
    path.write_text(json.dumps(content))
    return path


def test_app_home_opened_is_told(playground: Playground, receiver: Receiver, maya: Person) -> None:
    maya.do("home")
    playground.settle()
    (event,) = receiver.events("app_home_opened")
    assert (event["user"], event["tab"]) == (MAYA, "home")
