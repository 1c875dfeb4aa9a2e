"""A thread from the request to a live integration: by clicks, by typing, and with a change."""

from typing import Any

import pytest

from pipeline.errors import PlatformError
from pipeline.gates import GateKind
from pipeline.plan.edits import MapField
from pipeline.plan.model import Plan, Question, Scope
from pipeline.ports import Interpretation
from tests.scenarios.conftest import SECRET, Scene


def _credentials(scene: Scene) -> None:
    """Fill in whatever the form on top asks for."""
    inputs = [block for block in scene.maya.modal()["blocks"] if block["type"] == "input"]
    scene.maya.submit({block["block_id"]: {"value": SECRET} for block in inputs})
    scene.settle()


def test_by_clicks(scene: Scene) -> None:
    scene.ask()
    scene.click("Approve plan")
    scene.click("Approve set-up")
    for label in ("Approve and add credentials", "Approve and connect"):
        scene.click(label)
        _credentials(scene)
    scene.click("Approve code")
    scene.click("development")
    assert list(scene.integration.live) == ["development"]
    assert "is live on development" in scene.texts()


def test_by_typing_only(scene: Scene) -> None:
    scene.ask()
    for words in ("approve plan", "approve set-up", "use mocks", "approve code"):
        scene.reply(words)
    scene.reply("deploy to development")
    assert list(scene.integration.live) == ["development"]


def test_the_outcome_stands_where_the_buttons_were(scene: Scene) -> None:
    scene.ask()
    scene.click("Approve plan")
    plan = next(message for message in scene.from_weft() if "Plan:" in message["text"])
    assert "actions" not in [block["type"] for block in plan["blocks"]]
    assert "*Approved* by <@U0OPS00001>" in str(plan["blocks"][-1])


def test_a_step_is_one_line_of_one_message(scene: Scene) -> None:
    scene.to_live()
    progress = [
        message
        for message in scene.from_weft()
        if any(block["type"] == "plan" for block in message.get("blocks", []))
    ]
    assert len(progress) == 1
    (block,) = progress[0]["blocks"]
    assert {task["status"] for task in block["tasks"]} == {"complete"}


def test_every_message_stands_in_the_thread(scene: Scene) -> None:
    thread = scene.ask()
    scene.click("Approve plan")
    assert {message["thread_ts"] for message in scene.from_weft()} == {thread}


def test_production_asks_for_a_confirmation(scene: Scene) -> None:
    scene.to_code()
    scene.click("Approve code")
    scene.reply("deploy to production")
    assert scene.integration.live == {}
    assert "click" in scene.whispers()[-1]
    elements = [
        element
        for message in scene.from_weft()
        for block in message.get("blocks", [])
        if block["type"] == "actions"
        for element in block["elements"]
        if element["text"]["text"] == "production"
    ]
    assert ["confirm" in element for element in elements] == [True]
    scene.click("production")
    assert list(scene.integration.live) == ["production"]


def test_a_change_after_code_review_asks_again_and_shows_what_differs(scene: Scene) -> None:
    edit = MapField(target="PrivateNote", constant="made by Weft")
    scene.pipeline.analyst.messages["note it"] = Interpretation(edits=[edit])
    scene.to_code()
    scene.click("Approve code")
    scene.reply("note it")
    scene.click("Approve plan")
    scene.click("Approve code")
    diffs = [
        file
        for message in scene.from_weft()
        for file in message.get("files", [])
        if file["name"] == "version-2.diff"
    ]
    assert len(diffs) == 1
    content = scene.playground.slack.workspace.files[diffs[0]["id"]].content.decode()
    assert "made by Weft" in content
    whole = sum(file.content.count("\n") for file in scene.pipeline.verifier.seen[-1])
    assert content.count("\n") < whole / 4
    scene.click("development")
    assert list(scene.integration.live) == ["development"]


def test_a_change_during_code_review_shows_what_differs_from_what_was_seen(scene: Scene) -> None:
    edit = MapField(target="PrivateNote", constant="made by Weft")
    scene.pipeline.analyst.messages["note it"] = Interpretation(edits=[edit])
    scene.to_code()
    scene.reply("note it")
    scene.click("Approve plan")
    files = [file for message in scene.from_weft() for file in message.get("files", [])]
    since, whole = (
        scene.playground.slack.workspace.files[file["id"]].content.decode()
        for file in files
        if file["name"] in ("since-version-1.diff", "version-2.diff")
    )
    assert "made by Weft" in since
    assert since.count("\n") < whole.count("\n") / 4
    assert "since version 1, in since-version-1.diff" in scene.texts()


def test_help_is_for_the_one_who_asks(scene: Scene) -> None:
    scene.ask("@weft help")
    assert "sync new Shopify orders" in scene.whispers()[-1]
    assert scene.integrations == []
    scene.ask()
    scene.reply("what can I say?")
    assert "approve plan" in scene.whispers()[-1]


def test_a_button_that_was_left_over_says_that_all_is_stopped(scene: Scene) -> None:
    scene.ask()
    scene.reply("stop")
    scene.click("Approve plan")
    assert "Say “resume” first" in scene.whispers()[-1]
    scene.reply("resume")
    scene.click("Approve plan")
    assert _open(scene, "set-up")


def test_a_pasted_address_gives_the_part_that_is_asked_for(scene: Scene) -> None:
    scene.to_connections()
    scene.click("Approve and add credentials")
    blocks = [one["block_id"] for one in scene.maya.modal()["blocks"] if one["type"] == "input"]
    typed = {block: {"value": "typed"} for block in blocks}
    wrong = {**typed, "config:shop": {"value": "https://acme.example.com/"}}
    scene.maya.submit(wrong)
    scene.settle()
    assert "shopify" not in scene.integration.credentials
    scene.maya.submit({**typed, "config:shop": {"value": "https://acme.myshopify.com/admin"}})
    scene.settle()
    assert scene.integration.config["shopify.shop"] == "acme"
    assert "Not tried yet" in scene.texts()


def test_not_yet_answers_every_environment(scene: Scene) -> None:
    scene.to_code()
    scene.click("Approve code")
    scene.click("Not yet")
    assert scene.integration.open_gates() == []
    scene.reply("ask again")
    assert len(_open(scene, "deploy")) == 2


def _open(scene: Scene, kind: GateKind) -> list[str]:
    return [gate.subject for gate in scene.integration.open_gates() if gate.kind == kind]


def test_questions_by_button_and_by_form(scene: Scene) -> None:
    plan = scene.pipeline.analyst.plan
    questions = [
        Question(
            id="currency",
            text="Orders in other currencies?",
            importance="high",
            options=["convert", "skip", "fail"],
            assumption="fail",
        ),
        Question(id="memo", text="What stands in the memo?", assumption="nothing"),
    ]
    scene.pipeline.analyst.plan = plan.model_copy(update={"questions": questions})
    scene.ask()
    scene.click("skip")
    assert [edit.model_dump()["answer"] for edit in scene.integration.edits] == ["skip"]
    scene.click("Answer questions")
    scene.maya.submit({"memo": {"value": "the order's name"}})
    scene.settle()
    assert [edit.model_dump()["question"] for edit in scene.integration.edits] == [
        "currency",
        "memo",
    ]
    assert "Replaced by a newer question" in scene.texts()
    assert _open(scene, "plan") == [""]


def test_a_test_case_by_form(scene: Scene) -> None:
    scene.to_code()
    scene.click("Add a test case")
    refused = scene.maya.submit(
        {
            "name": {"value": "no lines"},
            "input": {"value": "{nonsense"},
            "expected": {"value": '{"DocNumber": "#1"}'},
        }
    )
    assert list(refused["errors"]) == ["input"]
    scene.maya.submit(
        {
            "name": {"value": "no lines"},
            "input": {"value": '{"name": "#1"}'},
            "expected": {"value": '{"DocNumber": "#1"}'},
        }
    )
    scene.settle()
    assert [case.name for case in scene.integration.test_cases] == ["no lines"]


def test_a_change_by_form_and_the_whole_mapping(scene: Scene) -> None:
    scene.ask()
    scene.click("Request changes")
    scene.maya.submit({"change": {"value": "hourly instead"}})
    scene.settle()
    assert [message.text for message in scene.integration.messages] == ["hourly instead"]
    scene.click("Review mapping")
    mapping = str(scene.maya.modal()["blocks"])
    assert all(
        item.target in mapping
        for workflow in scene.pipeline.analyst.plan.workflows
        for item in workflow.mappings
    )


def test_the_code_explains_itself_before_it_is_approved(scene: Scene) -> None:
    scene.to_code()
    scene.click("Explain")
    shown = str(scene.maya.modal()["blocks"])
    code = scene.pipeline.verifier.seen[-1]
    assert all(file.path in shown for file in code)
    assert _open(scene, "code") == [""]


def test_out_of_scope_then_a_better_request(scene: Scene) -> None:
    good = scene.pipeline.analyst.plan
    scene.pipeline.analyst.plan = Plan(
        scope=Scope(in_scope=False, reason="It asks for a logo.", alternatives=["Sync logos."])
    )
    scene.ask("@weft draw a logo")
    assert "Nothing was started" in scene.texts()
    scene.pipeline.analyst.plan = good
    scene.reply("then sync orders to QuickBooks")
    assert _open(scene, "plan") == [""]


@pytest.mark.parametrize("label", ["Stop"])
def test_stop_by_button_and_resume_by_word(scene: Scene, label: str) -> None:
    scene.ask()
    scene.click(label)
    assert scene.integration.status == "stopped"
    scene.reply("make it hourly")
    assert "resume" in scene.whispers()[-1]
    scene.reply("resume")
    assert scene.integration.status == "active"


def test_consent_at_a_system(scene: Scene) -> None:
    scene.pipeline.platform.consent["quickbooks"] = "https://appcenter.intuit.com/connect?state=1"
    scene.to_connections()
    scene.click("Approve and connect")
    _credentials(scene)
    scene.click("Use the mock")
    shown = scene.texts()
    assert "Sign in at QuickBooks Online" in shown
    scene.click("Sign in at QuickBooks Online")
    del scene.pipeline.platform.consent["quickbooks"]
    scene.click("I have signed in")
    assert _open(scene, "code") == [""]


def test_logs_and_what_the_platform_cannot_do(scene: Scene) -> None:
    scene.to_live()
    scene.click("Logs")
    assert "no log lines" in scene.whispers()[-1]
    scene.click("Pause")
    assert "can't pause" in scene.whispers()[-1]
    scene.click("Send a sample event")
    assert "local platform" in scene.whispers()[-1]


def test_rolling_back_points_at_the_version_before(scene: Scene) -> None:
    edit = MapField(target="PrivateNote", constant="made by Weft")
    scene.pipeline.analyst.messages["note it"] = Interpretation(edits=[edit])
    scene.to_live()
    first = scene.integration.live["development"].version
    scene.reply("note it")
    scene.click("Approve plan")
    scene.click("Approve code")
    scene.click("development")
    assert scene.integration.live["development"].version != first
    scene.click("Roll back")
    assert scene.integration.live["development"].version == first
    assert "rolled back; live on development, healthy (ran)" in scene.texts()
    assert "Version 1 is live again instead" in scene.texts()
    assert "Roll back" not in scene.texts()


def test_pause_and_resume_change_the_buttons(scene: Scene) -> None:
    changes: list[str] = []
    platform: Any = scene.pipeline.platform
    platform.pause = lambda project, environment: changes.append(f"pause {environment}")
    platform.resume = lambda project, environment: changes.append(f"resume {environment}")
    scene.to_live()
    scene.click("Pause")
    assert "is paused on development" in scene.texts()
    scene.click("Resume")
    assert changes == ["pause development", "resume development"]
    assert "is live on development" in scene.texts()


def test_a_failed_step_is_tried_again_by_button(scene: Scene) -> None:
    scene.ask()
    scene.click("Approve plan")
    scene.pipeline.platform.failures = [PlatformError("The platform is away.", retryable=False)]
    scene.click("Approve set-up")
    assert "The platform is away." in scene.texts()
    scene.click("Try again")
    assert len(_open(scene, "connection")) == 2


def test_wrong_credentials_are_asked_for_again(scene: Scene) -> None:
    scene.pipeline.platform.refuses = {"shopify"}
    scene.to_connections()
    scene.click("Approve and connect")
    _credentials(scene)
    scene.click("Approve and add credentials")
    _credentials(scene)
    assert "did not accept the connection" in scene.texts()
    assert _open(scene, "connection") == ["shopify"]
    scene.pipeline.platform.refuses = set()
    scene.click("Approve and add credentials")
    _credentials(scene)
    assert _open(scene, "code") == [""]
