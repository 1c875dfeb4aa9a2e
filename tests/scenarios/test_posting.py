"""The way out: each reply stands in the thread once, whatever fails on the way."""

import json
import threading
import time
from typing import Any

import pytest

from bot.posting import post_pending
from bot.thread_poster import Pace, Poster, SlackAnnouncer, Uploads
from bot.thread_poster.announcer import UNDELIVERED
from bot.views import File
from pipeline.conversation import Thread
from pipeline.errors import ServiceError
from pipeline.progress import progress
from pipeline.replies import Restated, Said
from store.outbox import OFFER
from tests.playground.person import INTEGRATIONS
from tests.scenarios.conftest import Scene


def _say(scene: Scene, *replies: Any) -> None:
    with scene.pipeline.services.store.change(scene.integration.id) as integration:
        for reply in replies:
            integration.say(reply)


def _started(scene: Scene) -> None:
    """An integration with nothing waiting to be posted."""
    scene.ask()


def _posts(scene: Scene, text: str) -> int:
    return sum(text in message["text"] for message in scene.from_weft())


def _post(scene: Scene) -> None:
    post_pending(scene.pipeline.services.store, scene.announcer)


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "lost_reply"},
        {"fault": "rate_limited", "times": 2},
    ],
)
def test_a_reply_is_posted_once_though_slack_fails(scene: Scene, fault: dict[str, Any]) -> None:
    _started(scene)
    scene.maya.set_faults(calls=[{"method": "chat.postMessage", **fault}])
    _say(scene, Said(key="a", text="only once"))
    _post(scene)
    assert _posts(scene, "only once") == 1


def test_what_slack_does_not_take_waits_and_is_posted_later(scene: Scene) -> None:
    _started(scene)
    scene.maya.set_faults(calls=[{"method": "chat.postMessage", "fault": "server_error"}])
    _say(scene, Said(key="a", text="later"))
    with pytest.raises(ServiceError):
        _post(scene)
    assert _posts(scene, "later") == 0
    _wait_for_the_offer_to_end(scene)
    _post(scene)
    assert _posts(scene, "later") == 1


def test_a_poster_that_dies_after_posting_leaves_no_double(scene: Scene) -> None:
    _started(scene)
    store = scene.pipeline.services.store
    _say(scene, Said(key="a", text="posted, not marked"))
    (posting,) = store.unposted()
    scene.announcer.post(store.get(posting.integration_id), posting.reply, None, again=False)
    _wait_for_the_offer_to_end(scene)
    _post(scene)
    assert _posts(scene, "posted, not marked") == 1
    assert store.unposted() == []


def _wait_for_the_offer_to_end(scene: Scene) -> None:
    clock = scene.pipeline.services.clock
    for _ in range(int(OFFER.total_seconds()) + 1):
        clock.now()  # every look is a second


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_a_file_is_shown_once_though_an_answer_is_lost(scene: Scene, method: str) -> None:
    _started(scene)
    scene.maya.set_faults(calls=[{"method": method, "fault": "lost_reply"}])
    diff = "".join(f"+line {number}\n" for number in range(30))
    _say(scene, Said(key="a", text="with a diff", diff=diff))
    for _ in range(3):
        try:
            _post(scene)
        except ServiceError:
            _wait_for_the_offer_to_end(scene)
    files = [
        file["name"]
        for message in scene.from_weft()
        for file in message.get("files", [])
        if file["name"] == "plan.diff"
    ]
    assert files == ["plan.diff"]
    assert _posts(scene, "with a diff") == 1


def test_an_empty_file_is_not_uploaded(scene: Scene) -> None:
    _started(scene)
    before = len(scene.calls("files.getUploadURLExternal"))
    thread = Thread.of(scene.integration)
    uploads = Uploads(scene.gateway, scene.pipeline.services.store)
    uploads.share(scene.integration.id, thread, "k", [File("empty.diff", "\n", "diff")])
    assert len(scene.calls("files.getUploadURLExternal")) == before


def test_a_file_that_stands_in_the_thread_is_not_shown_again(scene: Scene) -> None:
    _started(scene)
    thread = Thread.of(scene.integration)
    uploads = Uploads(scene.gateway, scene.pipeline.services.store)
    same, first, second = (
        File(name, content) for name, content in (("a", "1"), ("b", "22"), ("b", "333"))
    )
    uploads.share(scene.integration.id, thread, "k", [same, first])
    uploads.share(scene.integration.id, thread, "l", [same, second])
    shown = [
        [(file["name"], file["size"]) for file in message["files"]]
        for message in scene.from_weft()
        if message.get("files")
    ]
    assert shown[-2:] == [[("a", 1), ("b", 2)], [("b", 3)]]


@pytest.mark.parametrize(
    "error", ["is_archived", "not_in_channel", "token_revoked", "an_error_of_tomorrow"]
)
def test_a_place_without_a_way_in_is_recorded_and_not_tried_for_ever(
    scene: Scene, error: str
) -> None:
    _started(scene)
    store = scene.pipeline.services.store
    scene.maya.set_faults(calls=[{"method": "chat.postMessage", "fault": "error", "error": error}])
    _say(scene, Said(key="a", text="unheard"))
    _post(scene)
    assert store.message_ref(scene.integration.id, "a") == UNDELIVERED
    assert store.unposted() == []
    _say(scene, Said(key="a", text="heard"))
    _post(scene)
    assert _posts(scene, "heard") == 1


def test_blocks_that_slack_refuses_are_sent_as_words(scene: Scene) -> None:
    _started(scene)
    fault = {"method": "chat.postMessage", "fault": "error", "error": "invalid_blocks"}
    scene.maya.set_faults(calls=[fault])
    _say(scene, Restated(key="a", title="The words", summary="alone"))
    _post(scene)
    assert _posts(scene, "The words. alone") == 1


def test_a_reply_that_can_not_be_drawn_holds_up_no_other(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    _started(scene)

    def broken(reply: Any, integration: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.thread_poster.announcer.draw", broken)
    _say(scene, Said(key="a", text="never drawn"))
    _post(scene)
    assert _posts(scene, "went wrong inside Weft") == 1


def test_progress_is_edited_seldom_and_ends_up_to_date(scene: Scene) -> None:
    _started(scene)
    seconds = [0.0]
    pace = Pace(0.0, 0.3, lambda: seconds[0])
    store = scene.pipeline.services.store
    uploads = Uploads(scene.gateway, store)
    announcer = SlackAnnouncer(scene.gateway, uploads, pace, store.last_reply)
    before = len(scene.calls("chat.update"))
    for number in range(6):
        with store.change(scene.integration.id) as integration:
            integration.set_step("scope", fact=f"fact {number}")
            integration.say(progress(integration))
        post_pending(store, announcer)
    assert len(scene.calls("chat.update")) == before + 1
    seconds[0] += 0.3
    announcer.flush()
    assert len(scene.calls("chat.update")) == before + 2
    assert _posts(scene, "fact 5") == 1


def test_the_poster_posts_in_order_until_it_is_closed(scene: Scene) -> None:
    _started(scene)
    poster = Poster(scene.pipeline.services.store, scene.announcer)
    poster.start()
    _say(scene, *(Said(key=str(number), text=f"number {number}.") for number in range(12)))
    _eventually(lambda: _posts(scene, "number 11.") == 1)
    poster.close()
    said = [m["text"] for m in scene.from_weft() if m["text"].startswith("number")]
    assert said == [f"number {number}." for number in range(12)]


def test_posts_of_a_channel_keep_a_second_apart() -> None:
    pace = Pace(0.05)
    started = time.monotonic()
    threads = [threading.Thread(target=pace.wait_to_post, args=("C1",)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started >= 0.2
    pace.wait_to_post("C2")


def _eventually(is_so: Any) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_thread_is_the_requests_even_for_files(scene: Scene) -> None:
    thread = scene.ask()
    calls = scene.calls("files.completeUploadExternal")
    titles = [file["title"] for call in calls for file in json.loads(call["arguments"]["files"])]
    assert titles == ["flow.png", "research.md"]
    assert len(calls) == 1  # one message for both
    assert {call["arguments"]["thread_ts"] for call in calls} == {thread}
    assert {call["arguments"]["channel_id"] for call in calls} == {INTEGRATIONS}
