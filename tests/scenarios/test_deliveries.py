"""What Slack delivers twice, late, in another order or over another socket: one effect each."""

from collections import Counter

import pytest

from bot.socket_mode import socket_mode
from tests.scenarios.conftest import REQUEST, Scene


@pytest.mark.parametrize("mention_first", [False, True])
@pytest.mark.parametrize("copies", [1, 3])
def test_a_mention_starts_one_integration(scene: Scene, mention_first: bool, copies: int) -> None:
    scene.maya.set_faults(
        delivery={"mention_first": mention_first, "copies": copies, "shuffle_seconds": 0.05}
    )
    scene.ask()
    assert len(scene.integrations) == 1
    assert scene.integration.messages == []
    assert scene.pipeline.analyst.calls == ["scope", "research"]
    assert len([m for m in scene.from_weft() if "Plan:" in m["text"]]) == 1


def test_a_mention_in_the_thread_is_said_once(scene: Scene) -> None:
    scene.ask()
    scene.maya.set_faults(delivery={"copies": 2, "shuffle_seconds": 0.05})
    scene.reply("@weft why CustomerRef?")
    assert [message.text for message in scene.integration.messages] == ["why CustomerRef?"]


def test_events_whose_acknowledgement_was_lost_come_again_to_no_effect(scene: Scene) -> None:
    scene.maya.set_faults(delivery={"lost_acknowledgements": 4})
    scene.ask()
    scene.maya.set_faults(delivery={"lost_acknowledgements": 2})
    scene.reply("approve plan")
    assert len(scene.integrations) == 1
    assert [gate.kind for gate in scene.integration.open_gates()] == ["set-up"]
    deliveries = scene.maya.get("deliveries")["deliveries"]
    assert any(attempt["retry_number"] for attempt in deliveries)


def test_a_refusal_is_said_once_though_it_is_delivered_twice(scene: Scene) -> None:
    scene.ask()
    scene.reply("@weft approve plan", scene.priya)
    assert len(scene.whispers(scene.priya)) == 1
    assert [gate.kind for gate in scene.integration.open_gates()] == ["plan"]


def test_from_request_to_live_under_all_of_that_has_each_effect_once(scene: Scene) -> None:
    scene.maya.set_faults(
        delivery={
            "copies": 3,
            "mention_first": True,
            "shuffle_seconds": 0.02,
            "lost_acknowledgements": 12,
        }
    )
    scene.ask()
    for words in ("@weft approve plan", "approve set-up", "use mocks", "approve code"):
        scene.reply(words)
    scene.reply("deploy to development")
    assert list(scene.integration.live) == ["development"]
    attempts = scene.maya.get("deliveries")["deliveries"]
    assert len(attempts) > 3 * 6  # each message at least three times
    assert sum(attempt["retry_number"] > 0 for attempt in attempts) >= 12
    assert scene.pipeline.analyst.calls == ["scope", "research"]
    assert _more_than_once(scene.pipeline.platform.created) == []
    assert [gate.state for gate in scene.integration.gates].count("answered") == 6
    assert _more_than_once(_shown(scene)) == []
    assert scene.whispers() == []


def _shown(scene: Scene) -> list[str]:
    """Which reply each of Weft's messages shows, by the mark that finds it again."""
    marks = [message.get("metadata", {}).get("event_payload") for message in scene.from_weft()]
    return [mark["reply"] for mark in marks if mark]


def _more_than_once(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def test_messages_while_sockets_come_and_go_are_taken_once(scene: Scene) -> None:
    sockets = scene.playground.slack.socket_mode
    with socket_mode(scene.app, scene.playground.app.app_token):
        scene.maya.set_faults(delivery={"copies": 2, "lost_acknowledgements": 4})
        scene.wait_for_sockets()
        scene.ask(REQUEST)
        scene.playground.within(sockets.close)  # as Slack refreshes them
        scene.wait_for_sockets()
        scene.reply("why CustomerRef?")
        scene.playground.within(sockets._connections[0].close)  # without a word
        scene.reply("and why DocNumber?")
    said = [message.text for message in scene.integration.messages]
    assert said == ["why CustomerRef?", "and why DocNumber?"]
    assert len(scene.integrations) == 1
    assert _more_than_once(_shown(scene)) == []
