"""What the page is given: state, messages, a live stream; and who may ask for it."""

import json
import threading
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from bot.playground.composing import compose
from bot.playground.server import Playground
from tests.playground.person import INTEGRATIONS, JONAS, MAYA, Person, Refused

Json = dict[str, Any]


class Listener:
    """A page that listens as one person."""

    def __init__(self, playground: Playground, user: str) -> None:
        self._client = httpx.Client(timeout=5)
        self._address = f"{playground.page_url}stream?user={user}"
        self._open = threading.Event()
        self.events: list[Json] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        assert self._open.wait(5)

    def _read(self) -> None:
        with self._client.stream("GET", self._address) as response:
            for line in response.iter_lines():
                self._open.set()
                if line.startswith("data: "):
                    self.events.append(json.loads(line.removeprefix("data: ")))
        self._client.close()

    def ended(self) -> list[Json]:
        """All events, once the workspace has gone."""
        self._thread.join(5)
        assert not self._thread.is_alive()
        return self.events


def test_state_names_people_and_channels(maya: Person) -> None:
    state = maya.get("state")
    assert [user["name"] for user in state["users"]] == ["maya", "jonas", "priya", "weft"]
    assert state["channels"][0]["name"] == "integrations"
    assert state["me"] == MAYA


def test_the_stream_tells_everybody_what_is_said_and_one_person_what_is_private(
    playground: Playground, client: WebClient
) -> None:
    mayas, jonas = Listener(playground, MAYA), Listener(playground, JONAS)
    ts = client.chat_postMessage(channel=INTEGRATIONS, text="one")["ts"]
    client.chat_postEphemeral(channel=INTEGRATIONS, user=MAYA, text="only you")
    client.chat_update(channel=INTEGRATIONS, ts=ts, text="two")
    client.assistant_threads_setStatus(channel_id=INTEGRATIONS, thread_ts=ts, status="reads")
    client.chat_delete(channel=INTEGRATIONS, ts=ts)
    playground.renew()
    shared = ["message", "message_changed", "typing", "message_deleted"]
    assert [event["type"] for event in jonas.ended()] == shared
    assert [event["type"] for event in mayas.ended()] == [shared[0], "ephemeral", *shared[1:]]
    assert mayas.events[0]["message"]["text"] == "one"
    assert mayas.events[0]["channel"] == INTEGRATIONS


def test_files_are_shown_and_never_run(playground: Playground, maya: Person) -> None:
    page = "<script>alert(1)</script>"
    maya.say("", files=[{"name": "a\r\nX: 1.html", "content": page}])
    file = maya.messages()[0]["files"][0]
    answer = httpx.get(f"{playground.page_url}files/{file['id']}")
    assert answer.text == page and answer.headers["content-type"].startswith("text/plain")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff" and "x" not in answer.headers


def test_the_page_may_load_only_from_the_playground(playground: Playground) -> None:
    policy = httpx.get(f"{playground.page_url}state").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_pages_from_elsewhere_are_refused(playground: Playground, header: dict[str, str]) -> None:
    said = {"user": MAYA, "channel": INTEGRATIONS, "text": "hello"}
    answer = httpx.post(f"{playground.page_url}messages", json=said, headers=header)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        ("messages", {"channel": INTEGRATIONS, "text": "  "}, "empty message"),
        ("messages", {"channel": INTEGRATIONS, "text": "x" * 12_001}, "12000 characters"),
        ("messages", {"channel": "C0NOWHERE1", "text": "a"}, "no such channel"),
        ("messages", {"channel": INTEGRATIONS, "text": 1}, "text"),
        ("messages", {"channel": INTEGRATIONS, "text": "a", "colour": 1}, "colour"),
        ("messages", {"channel": INTEGRATIONS, "text": "a", "thread_ts": "1.1"}, "is gone"),
        ("messages", {"channel": INTEGRATIONS, "files": [{"name": "a"}]}, "needs a name"),
        (
            "messages",
            {"channel": INTEGRATIONS, "files": [{"name": "a", "content": ""}]},
            "hold something",
        ),
        ("messages", {"channel": INTEGRATIONS, "user": "U0NOBODY01", "text": "a"}, "no user"),
        ("messages/edit", {"channel": INTEGRATIONS, "ts": "1.1", "text": "a"}, "is gone"),
        ("commands", {"channel": INTEGRATIONS, "command": "/invite", "text": "me"}, "@weft"),
        ("commands", {"channel": INTEGRATIONS, "command": "/integrate"}, "connection_failed"),
        ("views/submit", {"view_id": "V1"}, "not open any more"),
        ("faults", {"calls": [{"fault": "meteor"}]}, "calls.0.fault"),
    ],
)
def test_a_request_that_can_not_be_done_gets_a_sentence(
    maya: Person, path: str, fields: Json, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        maya.do(path, **fields)


def test_only_the_author_changes_a_message(playground: Playground, maya: Person) -> None:
    ts = maya.say("hello")["ts"]
    jonas = Person(playground, JONAS)
    with pytest.raises(Refused, match="Only the author"):
        jonas.do("messages/edit", channel=INTEGRATIONS, ts=ts, text="a")
    jonas.close()


def test_typed_text_is_composed_as_slacks_client_does() -> None:
    users, channels = {"weft": "U1"}, {"general": "C1"}
    text, (block,) = compose("@weft see #general, me@x.io & <!channel> @nobody", users, channels)
    assert text == "<@U1> see <#C1|general>, me@x.io &amp; &lt;!channel&gt; @nobody"
    kinds = [piece["type"] for piece in block["elements"][0]["elements"]]
    assert kinds == ["user", "text", "channel", "text"]
    assert compose("", users, channels) == ("", [])
