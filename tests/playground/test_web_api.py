"""The Web API as slack_sdk calls it: what is done, and each refusal in Slack's code."""

import urllib.request
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.app_configuration import AppConfiguration
from bot.playground.people import BOT_USER
from bot.playground.server import Playground
from tests.playground.person import GENERAL, INTEGRATIONS, JONAS, MAYA, Person

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "plan"}}


def refusal(client: WebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        client.api_call(method, json=arguments)
    return str(refused.value.response["error"])


def test_posts_changes_and_deletes_a_message(client: WebClient, maya: Person) -> None:
    posted = client.chat_postMessage(channel=INTEGRATIONS, text="one", blocks=[SECTION])
    ts = posted["ts"]
    assert posted["message"]["blocks"][0]["block_id"]
    client.chat_update(channel=INTEGRATIONS, ts=ts, text="two")
    (shown,) = maya.messages()
    assert shown["text"] == "two" and "blocks" not in shown and shown["edited"]["user"] == BOT_USER
    client.chat_delete(channel=INTEGRATIONS, ts=ts)
    assert maya.messages() == []


def test_blocks_arrive_in_a_form_as_well_as_in_json(playground: Playground) -> None:
    answer = httpx.post(
        f"{playground.api_url}chat.postMessage",
        data={
            "token": playground.app.bot_token,
            "channel": "#integrations",
            "blocks": '[{"type": "divider"}]',
            "unfurl_links": "false",
        },
    ).json()
    assert answer["ok"] and answer["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postNote", {}, "unknown_method"),
        ("chat.postMessage", {"channel": INTEGRATIONS, "colour": "red"}, "invalid_arguments"),
        ("chat.postMessage", {"text": "a"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": INTEGRATIONS}, "no_text"),
        ("chat.postMessage", {"channel": INTEGRATIONS, "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C0NOWHERE1", "text": "a"}, "channel_not_found"),
        ("chat.postMessage", {"channel": GENERAL, "text": "a"}, "not_in_channel"),
        (
            "chat.postMessage",
            {"channel": INTEGRATIONS, "text": "a", "thread_ts": "1.000001"},
            "cannot_reply_to_message",
        ),
        (
            "chat.postMessage",
            {"channel": INTEGRATIONS, "blocks": [{"type": "blink"}]},
            "invalid_blocks",
        ),
        ("chat.postMessage", {"channel": INTEGRATIONS, "blocks": "[{]"}, "invalid_blocks_format"),
        (
            "chat.postMessage",
            {"channel": INTEGRATIONS, "text": "a", "markdown_text": "b"},
            "markdown_text_conflict",
        ),
        (
            "chat.postMessage",
            {"channel": INTEGRATIONS, "text": "a", "metadata": {"event_type": "reply"}},
            "invalid_metadata_format",
        ),
        (
            "chat.postMessage",
            {
                "channel": INTEGRATIONS,
                "text": "a",
                "metadata": {"event_type": "reply", "event_payload": {"id": "x" * 17_000}},
            },
            "metadata_too_large",
        ),
        (
            "chat.postMessage",
            {
                "channel": INTEGRATIONS,
                "blocks": [{"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}}],
            },
            "invalid_blocks",
        ),
        ("chat.update", {"channel": INTEGRATIONS, "ts": "1.1", "text": "a"}, "message_not_found"),
        (
            "chat.postEphemeral",
            {"channel": INTEGRATIONS, "user": "U0NOBODY01", "text": "a"},
            "user_not_in_channel",
        ),
        ("conversations.replies", {"channel": INTEGRATIONS, "ts": "1.1"}, "thread_not_found"),
        ("conversations.history", {"channel": INTEGRATIONS, "cursor": "x"}, "invalid_cursor"),
        ("conversations.list", {"types": "secret"}, "invalid_types"),
        ("users.info", {"user": "U0NOBODY01"}, "user_not_found"),
        ("files.info", {"file": "F0NOTHING1"}, "file_not_found"),
        ("files.getUploadURLExternal", {"filename": "a", "length": 0}, "missing_argument"),
        (
            "files.getUploadURLExternal",
            {"filename": "a", "length": 1024 * 1024 + 1, "snippet_type": "diff"},
            "snippet_too_large",
        ),
        (
            "files.getUploadURLExternal",
            {"filename": "a", "length": 1, "snippet_type": "klingon"},
            "unknown_snippet_type",
        ),
        ("files.completeUploadExternal", {"files": [{"id": "F1"}]}, "file_not_found"),
        (
            "reactions.add",
            {"channel": INTEGRATIONS, "timestamp": "1.1", "name": "x"},
            "message_not_found",
        ),
        ("views.open", {"trigger_id": "1.2.3", "view": {"type": "modal"}}, "invalid_arguments"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
        (
            "assistant.threads.setStatus",
            {"channel_id": INTEGRATIONS, "thread_ts": "1.1", "status": "reads"},
            "invalid_thread_ts",
        ),
    ],
)
def test_refuses_in_slacks_words(
    client: WebClient, method: str, arguments: dict[str, Any], error: str
) -> None:
    assert refusal(client, method, **arguments) == error


def test_an_invalid_block_is_pointed_at(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=INTEGRATIONS, text="a", blocks=[{"type": "blink"}])
    message = "[ERROR] unsupported type: blink [json-pointer:/blocks/0]"
    assert refused.value.response["response_metadata"]["messages"] == [message]


def test_tokens_and_scopes_are_checked(playground: Playground) -> None:
    def error(token: str) -> str:
        return refusal(WebClient(token, base_url=playground.api_url), "auth.test")

    assert error("") == "not_authed"
    assert error("xoxb-forged") == "invalid_auth"
    assert error(playground.app.app_token) == "not_allowed_token_type"
    with Playground(AppConfiguration(scopes=frozenset({"chat:write"}))) as narrow:
        client = WebClient(narrow.app.bot_token, base_url=narrow.api_url)
        assert client.chat_postMessage(channel=INTEGRATIONS, text="a")["ok"]
        assert refusal(client, "users.info", user=MAYA) == "missing_scope"
        assert client.auth_test().headers["x-oauth-scopes"] == "chat:write"


def test_an_update_is_shorter_than_a_post_and_only_of_own_messages(
    client: WebClient, maya: Person
) -> None:
    long = "x" * 4001
    own = client.chat_postMessage(channel=INTEGRATIONS, text=long)["ts"]
    assert refusal(client, "chat.update", channel=INTEGRATIONS, ts=own, text=long) == "msg_too_long"
    foreign = maya.say("hello")["ts"]
    place = {"channel": INTEGRATIONS, "ts": foreign}
    assert refusal(client, "chat.update", **place, text="a") == "cant_update_message"
    assert refusal(client, "chat.delete", **place) == "cant_delete_message"


def test_a_thread_is_read_in_pages_with_its_metadata(client: WebClient, maya: Person) -> None:
    root = maya.say("build it")["ts"]
    for number in range(5):
        client.chat_postMessage(
            channel=INTEGRATIONS,
            thread_ts=root,
            text=str(number),
            metadata={"event_type": "reply", "event_payload": {"id": number}},
        )
    pages = client.conversations_replies(
        channel=INTEGRATIONS, ts=root, limit=4, include_all_metadata=True
    )
    messages = [message for page in pages for message in page["messages"]]
    assert [message["text"] for message in messages] == ["build it", "0", "1", "2", "3", "4"]
    assert messages[0]["reply_count"] == 5 and "reply_count" not in messages[1]
    assert [one["metadata"]["event_payload"]["id"] for one in messages[1:]] == [0, 1, 2, 3, 4]
    bare = client.conversations_replies(channel=INTEGRATIONS, ts=root)["messages"]
    assert all("metadata" not in message for message in bare)
    history = client.conversations_history(channel=INTEGRATIONS)["messages"]
    assert [message["ts"] for message in history] == [root]


def test_metadata_stays_through_an_update_that_does_not_name_it(client: WebClient) -> None:
    metadata = {"event_type": "reply", "event_payload": {"id": "a"}}
    posted = client.chat_postMessage(channel=INTEGRATIONS, text="a", metadata=metadata)
    place = {"channel": INTEGRATIONS, "ts": posted["ts"]}
    assert client.chat_update(**place, text="b")["message"]["metadata"] == metadata
    assert "metadata" not in client.chat_update(**place, text="c", metadata={})["message"]


def test_an_ephemeral_message_is_seen_by_one_person_and_by_no_history(
    playground: Playground, client: WebClient, maya: Person
) -> None:
    client.chat_postEphemeral(channel=INTEGRATIONS, user=MAYA, text="only you")
    jonas = Person(playground, JONAS)
    assert [message["text"] for message in maya.messages()] == ["only you"]
    assert jonas.messages() == []
    assert client.conversations_history(channel=INTEGRATIONS)["messages"] == []
    jonas.close()


def test_a_file_goes_up_in_three_calls_and_comes_down_with_the_token(
    playground: Playground, client: WebClient, maya: Person
) -> None:
    root = maya.say("build it")["ts"]
    upload = {"filename": "version-1.diff", "content": "+a\n-b", "snippet_type": "diff"}
    answer = client.files_upload_v2(channel=INTEGRATIONS, thread_ts=root, file_uploads=[upload])
    playground.settle()
    file_id = answer["files"][0]["id"]
    file = client.files_info(file=file_id)["file"]
    assert (file["filetype"], file["mode"], file["size"]) == ("diff", "snippet", 5)
    assert file["shares"]["public"][INTEGRATIONS][0]["thread_ts"] == root
    assert maya.messages()[1]["files"][0]["id"] == file_id
    asked = urllib.request.Request(
        file["url_private"], headers={"Authorization": f"Bearer {playground.app.bot_token}"}
    )
    with urllib.request.urlopen(asked) as response:
        assert response.read() == b"+a\n-b"
    assert httpx.get(file["url_private"]).status_code == 403


def test_an_upload_needs_the_announced_length_and_completes_once(client: WebClient) -> None:
    ticket = client.files_getUploadURLExternal(filename="a.md", length=3)
    assert httpx.post(ticket["upload_url"], content=b"four").status_code == 400
    files = [{"id": ticket["file_id"]}]
    assert refusal(client, "files.completeUploadExternal", files=files) == "file_not_found"
    assert httpx.post(ticket["upload_url"], content=b"abc").text == "OK - 3"
    assert client.files_completeUploadExternal(files=files)["ok"]
    assert refusal(client, "files.completeUploadExternal", files=files) == "file_not_found"


def test_a_late_share_leaves_the_file_without_shares_for_a_while(
    playground: Playground, client: WebClient, maya: Person
) -> None:
    maya.set_faults(delivery={"share_seconds": 0.2})
    answer = client.files_upload_v2(channel=INTEGRATIONS, filename="a.md", content="plan")
    file_id = answer["files"][0]["id"]
    assert client.files_info(file=file_id)["file"]["shares"] == {}
    playground.settle()
    assert INTEGRATIONS in client.files_info(file=file_id)["file"]["shares"]["public"]


def test_reactions_are_added_once_and_removed_once(client: WebClient, maya: Person) -> None:
    place = {"channel": INTEGRATIONS, "timestamp": maya.say("hello")["ts"], "name": "eyes"}
    client.reactions_add(**place)
    assert refusal(client, "reactions.add", **place) == "already_reacted"
    assert maya.messages()[0]["reactions"] == [{"name": "eyes", "users": [BOT_USER], "count": 1}]
    client.reactions_remove(**place)
    assert refusal(client, "reactions.remove", **place) == "no_reaction"


def test_people_and_channels_can_be_looked_up(client: WebClient) -> None:
    assert client.users_info(user=MAYA)["user"]["name"] == "maya"
    assert len(client.users_list()["members"]) == 4
    assert client.conversations_info(channel=GENERAL)["channel"]["is_member"] is False
    assert BOT_USER in client.conversations_members(channel=INTEGRATIONS)["members"]
    names = [one["name"] for one in client.conversations_list()["channels"]]
    assert names == ["integrations", "general"]
    direct = client.conversations_open(users=MAYA)["channel"]["id"]
    assert client.chat_postMessage(channel=MAYA, text="hello")["channel"] == direct
    assert client.team_info()["team"]["name"] == "Weft playground"
    assert client.bots_info()["bot"]["user_id"] == BOT_USER


def test_every_call_is_recorded_without_its_token(client: WebClient, maya: Person) -> None:
    client.chat_postMessage(channel=INTEGRATIONS, text="a")
    refusal(client, "chat.postMessage", channel=GENERAL, text="b")
    first, second = maya.get("calls")["calls"]
    assert first["method"] == "chat.postMessage" and first["error"] is None
    assert first["arguments"]["text"] == "a" and "token" not in first["arguments"]
    assert second["error"] == "not_in_channel"
