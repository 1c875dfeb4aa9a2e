"""What people and networks do to a bot: each time a sentence, no lost state, one effect."""

from typing import Any

import pytest

from bot.listeners.submissions import SubmissionListener
from tests.playground.person import GENERAL, INTEGRATIONS, Refused
from tests.scenarios.conftest import REQUEST, Scene


def _open_kinds(scene: Scene) -> list[str]:
    return [gate.kind for gate in scene.integration.open_gates()]


def _plan_button(scene: Scene, label: str = "Approve plan") -> tuple[dict[str, Any], ...]:
    for message in scene.from_weft():
        for block in message.get("blocks", []):
            for element in block.get("elements", []) if block["type"] == "actions" else []:
                if element["text"]["text"] == label:
                    return message, block, element
    raise AssertionError(label)


# ---- People ------------------------------------------------------------------------------------


def test_chatter_of_others_changes_nothing(scene: Scene) -> None:
    scene.ask()
    before = scene.integration
    for text in ("approve", "stop", "looks odd to me", "use hourly instead"):
        scene.reply(text, scene.priya)
    assert scene.integration == before
    assert scene.whispers(scene.priya) == []


def test_words_to_somebody_else_are_not_for_weft(scene: Scene) -> None:
    scene.ask()
    scene.reply("@jonas what do you think?")
    assert scene.integration.messages == []


def test_a_stranger_clicks(scene: Scene) -> None:
    scene.ask()
    scene.click("Approve plan", scene.priya)
    assert _open_kinds(scene) == ["plan"]
    assert scene.whispers(scene.priya) == ["Only <@U0OPS00001> may answer this."]
    scene.click("Stop", scene.priya)
    assert scene.integration.status == "active"


def test_strangers_get_no_form_for_credentials(scene: Scene) -> None:
    scene.to_connections()
    scene.click("Approve and add credentials", scene.priya)
    assert scene.priya.views() == []
    assert "may answer" in scene.whispers(scene.priya)[-1]


# ---- Buttons -----------------------------------------------------------------------------------


def test_a_double_click_counts_once(scene: Scene) -> None:
    scene.ask()
    message, block, element = _plan_button(scene)
    place = {"channel": INTEGRATIONS, "message_ts": message["ts"]}
    scene.maya.use(block, element, **place)
    scene.maya.use(block, element, **place)
    scene.settle()
    assert _open_kinds(scene) == ["set-up"]
    assert scene.pipeline.analyst.calls.count("research") == 1
    assert scene.whispers() == ["<@U0OPS00001> approved this already."]


def test_a_stale_button_changes_nothing(scene: Scene) -> None:
    scene.ask()
    message, block, element = _plan_button(scene)
    scene.maya.do("messages/edit", channel=INTEGRATIONS, ts=scene.integration.thread,
                  text="@weft sync orders hourly")  # fmt: skip
    scene.pipeline.analyst.plan = scene.pipeline.analyst.plan.model_copy(update={"title": "Other"})
    scene.settle()
    scene.maya.use(block, element, channel=INTEGRATIONS, message_ts=message["ts"])
    scene.settle()
    assert "earlier version" in scene.whispers()[-1]
    assert _open_kinds(scene) == ["plan"]


@pytest.mark.parametrize("value", ["", "int_forged|gate_forged", "|||", "x" * 1900])
def test_a_forged_value(scene: Scene, value: str) -> None:
    scene.ask()
    message, block, element = _plan_button(scene)
    stored = scene.playground.slack.workspace.message(INTEGRATIONS, message["ts"])
    for shown in stored.blocks:
        for item in shown.get("elements", []):
            if item.get("action_id") == element["action_id"]:
                item["value"] = value
    scene.maya.use(block, element, channel=INTEGRATIONS, message_ts=message["ts"])
    scene.settle()
    assert _open_kinds(scene) == ["plan"]
    assert len(scene.whispers()) == 1


def test_a_connection_is_not_approved_without_credentials(scene: Scene) -> None:
    scene.to_connections()
    gate = scene.integration.open_gates()[0]
    message, block, element = _plan_button(scene, "Use the mock")
    stored = scene.playground.slack.workspace.message(INTEGRATIONS, message["ts"])
    for shown in stored.blocks:
        for item in shown.get("elements", []):
            if item.get("action_id") == element["action_id"]:
                item["action_id"] = "gate-approve"
    forged = {**element, "action_id": "gate-approve"}
    scene.maya.use(block, forged, channel=INTEGRATIONS, message_ts=message["ts"])
    scene.settle()
    found = scene.integration.gate(gate.id)
    assert found is not None
    assert found.state == "open"


# ---- Forms -------------------------------------------------------------------------------------


def _fill(scene: Scene, view: dict[str, Any], text: str) -> dict[str, Any]:
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return scene.maya.submit({block: {"value": text} for block in inputs}, view["id"])


def test_a_form_submitted_late_says_so(scene: Scene) -> None:
    scene.to_connections()
    scene.click("Approve and add credentials")
    scene.reply("use mocks")
    view = scene.maya.modal()
    _fill(scene, view, "late")
    assert "approved this already" in str(scene.maya.modal()["blocks"])
    assert scene.integration.credentials["shopify"].mock


def test_a_form_submitted_twice_counts_once(scene: Scene) -> None:
    scene.to_connections()
    scene.click("Approve and add credentials")
    view = scene.maya.modal()
    values = {
        block["block_id"]: {"value": {"type": "plain_text_input", "value": "twice"}}
        for block in view["blocks"]
        if block["type"] == "input"
    }
    body = {
        "user": {"id": scene.maya.user},
        "view": {**view, "state": {"values": values}},
    }
    acknowledged: list[dict[str, Any]] = []

    class Context:
        team_id = scene.integration.team

    for _ in range(2):
        SubmissionListener(scene.surface).credentials(
            lambda **given: acknowledged.append(given),  # type: ignore[arg-type]
            body,
            Context(),  # type: ignore[arg-type]
        )
    assert acknowledged == [{}, {}]
    gates = [gate for gate in scene.integration.gates if gate.kind == "connection"]
    assert [gate.state for gate in gates].count("answered") == 1


# ---- Messages ----------------------------------------------------------------------------------


def test_an_empty_request(scene: Scene) -> None:
    scene.ask("@weft")
    assert scene.integrations == []
    assert "nothing to build from" in scene.whispers()[0]
    assert len(scene.whispers()) == 1


def test_a_long_request_is_taken_whole(scene: Scene) -> None:
    scene.ask("@weft sync orders " + "x & < > " * 1_400)
    assert _open_kinds(scene) == ["plan"]
    assert scene.integration.request.text.endswith("x & < >")


def test_two_requests_in_one_thread(scene: Scene) -> None:
    scene.ask()
    scene.reply("@weft now build a sync from HubSpot to Slack")
    assert len(scene.integrations) == 1
    assert len(scene.integration.messages) == 1


def test_two_integrations_in_a_channel_keep_to_their_threads(scene: Scene) -> None:
    first = scene.ask()
    second = scene.ask("@weft Build another sync of orders", scene.jonas)
    scene.reply("approve plan", scene.jonas, thread_ts=second)
    by_thread = {item.thread: item for item in scene.integrations}
    assert [gate.kind for gate in by_thread[first].open_gates()] == ["plan"]
    assert [gate.kind for gate in by_thread[second].open_gates()] == ["set-up"]


def test_a_direct_message_needs_neither_mention_nor_thread(scene: Scene) -> None:
    direct = f"D{scene.maya.user[1:]}"
    scene.maya.say("sync new Shopify orders to QuickBooks", direct)
    scene.settle()
    assert _open_kinds(scene) == ["plan"]
    scene.maya.say("approve plan", direct)
    scene.settle()
    assert _open_kinds(scene) == ["set-up"]


def test_an_edited_request_is_read_anew(scene: Scene) -> None:
    thread = scene.ask()
    scene.maya.do("messages/edit", channel=INTEGRATIONS, ts=thread, text="@weft sync orders hourly")
    scene.settle()
    assert scene.integration.request.text == "sync orders hourly"
    assert scene.pipeline.analyst.calls.count("research") == 2


def test_an_edit_to_approve_approves_nothing(scene: Scene) -> None:
    scene.ask()
    ts = scene.reply("hm")
    scene.maya.do("messages/edit", channel=INTEGRATIONS, ts=ts, text="approve plan")
    scene.settle()
    assert _open_kinds(scene) == ["plan"]


def test_a_deleted_request_stops_the_work(scene: Scene) -> None:
    thread = scene.ask()
    scene.maya.do("messages/delete", channel=INTEGRATIONS, ts=thread)
    scene.settle()
    assert scene.integration.status == "stopped"


def test_a_message_deleted_under_weft_is_posted_anew(scene: Scene) -> None:
    scene.ask()
    message, _, _ = _plan_button(scene)

    async def delete() -> None:
        slack = scene.playground.slack
        slack.workspace.remove(slack.workspace.message(INTEGRATIONS, message["ts"]))

    scene.playground.within(delete)
    scene.reply("approve plan")
    plans = [shown for shown in scene.from_weft() if "Plan:" in shown["text"]]
    assert len(plans) == 1
    assert plans[0]["ts"] != message["ts"]


@pytest.mark.parametrize("on_request", [True, False])
def test_the_x_reaction_stops(scene: Scene, on_request: bool) -> None:
    thread = scene.ask()
    ts = thread if on_request else scene.from_weft()[-1]["ts"]
    scene.priya.do("reactions", channel=INTEGRATIONS, ts=ts, name="x")
    scene.settle()
    assert scene.integration.status == "active"
    scene.maya.do("reactions", channel=INTEGRATIONS, ts=ts, name="x")
    scene.settle()
    assert scene.integration.status == "stopped"
    assert scene.texts().count("Everything is kept") >= 1


def test_a_tick_is_no_approval(scene: Scene) -> None:
    thread = scene.ask()
    scene.maya.do("reactions", channel=INTEGRATIONS, ts=thread, name="white_check_mark")
    scene.settle()
    assert _open_kinds(scene) == ["plan"]


# ---- Files -------------------------------------------------------------------------------------


def _file(name: str, content: str) -> dict[str, str]:
    return {"name": name, "content": content}


def test_a_test_case_as_a_file(scene: Scene) -> None:
    scene.ask()
    case = '{"name": "one", "input": {"name": "#1"}, "expected": {"DocNumber": "#1"}}'
    scene.reply("use this", files=[_file("case.json", case)])
    assert [item.name for item in scene.integration.test_cases] == ["one"]


def test_a_file_of_the_wrong_kind_gets_a_sentence(scene: Scene) -> None:
    scene.ask()
    scene.reply("and this", files=[_file("notes.txt", "buy milk")])
    assert "notes.txt" in scene.texts()


# ---- Places ------------------------------------------------------------------------------------


def test_integrate_begins_a_thread(scene: Scene) -> None:
    scene.maya.command("/integrate", "sync new Shopify orders to QuickBooks")
    scene.settle()
    assert _open_kinds(scene) == ["plan"]
    root = next(m for m in scene.from_weft() if m["ts"] == scene.integration.thread)
    assert root["text"].startswith("<@U0OPS00001> asks: sync new")


def test_integrate_where_weft_is_no_member(scene: Scene) -> None:
    scene.maya.command("/integrate", "sync new Shopify orders to QuickBooks", GENERAL)
    scene.settle()
    assert scene.integrations == []
    assert "/invite" in scene.whispers(channel=GENERAL)[-1]


def test_integrate_without_a_request(scene: Scene) -> None:
    scene.maya.command("/integrate", "  ")
    scene.settle()
    assert scene.integrations == []
    assert "nothing to build from" in scene.whispers()[-1]


def test_weft_removed_from_the_channel_and_back(scene: Scene) -> None:
    scene.maya.say(REQUEST)
    scene.playground.settle()
    scene.here.settle()

    async def leave() -> None:
        scene.playground.slack.workspace.channels[INTEGRATIONS].members.remove("U0WEFTBOT1")

    async def come_back() -> None:
        slack = scene.playground.slack
        slack.workspace.channels[INTEGRATIONS].members.append("U0WEFTBOT1")

    scene.playground.within(leave)
    scene.settle()
    assert scene.from_weft() == []
    tried = len(scene.calls("chat.postMessage"))
    scene.settle()
    assert len(scene.calls("chat.postMessage")) == tried  # it does not loop
    assert _open_kinds(scene) == ["plan"]
    scene.playground.within(come_back)
    scene.pipeline.conversation.show_again(scene.integration.id)
    scene.settle()
    scene.click("Approve plan")
    assert _open_kinds(scene) == ["set-up"]


def test_a_window_that_slack_does_not_know(scene: Scene) -> None:
    scene.ask()
    with pytest.raises(Refused):
        scene.maya.submit({}, "V_forged")
