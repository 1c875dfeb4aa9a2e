"""Views as data: what a message says, and that text from outside stays text."""

import json
import re
from typing import Any, get_args

import pytest

from bot.playground.recording import Call
from bot.slack_limits import fit_message, fit_view, message_problems, view_problems
from bot.views import Message, draw
from bot.views.connection import credentials_form
from bot.views.explanations import explanations
from bot.views.forms import case_form, change_form, notice
from bot.views.mapping import mapping_form
from bot.views.questions import answers_form
from pipeline.artifacts import SourceFile
from pipeline.gates import Answer
from pipeline.plan.model import Mapping, Write
from pipeline.replies import CodeShown, ConnectionShown, DeployAsked, PlanShown, Reply
from tests.bot.replies import ANSWER, NOON, gate, integration, plan, replies
from tests.sent_to_slack import SENT

HOSTILE = "<!channel> <@U999> <https://evil.example|click> & ``` *bold* `x`"
EVERY_KIND = {model.model_fields["kind"].default for model in get_args(get_args(Reply)[0])}


def _mrkdwn(value: Any) -> list[str]:
    """Every text that Slack formats."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for item in value.values() for text in _mrkdwn(item)]
    return [text for item in value for text in _mrkdwn(item)] if isinstance(value, list) else []


def _labels(message: Message) -> list[str]:
    return [
        element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def _payload(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": list(message.blocks)}


def test_there_is_a_view_for_every_kind() -> None:
    assert {reply.kind for reply in replies("x")} == EVERY_KIND


@pytest.mark.parametrize("reply", replies(HOSTILE), ids=lambda reply: reply.kind)
@pytest.mark.parametrize("answer", [None, ANSWER], ids=["open", "answered"])
def test_text_from_outside_is_text(reply: Reply, answer: Answer | None) -> None:
    reply = next(item for item in replies(HOSTILE, 1, answer) if item.kind == reply.kind)
    for text in _mrkdwn(list(draw(reply, integration()).blocks)):
        tags = re.findall(r"<[^>]*>", text)
        assert all(tag == "<@U1>" or tag.startswith("<!date^") for tag in tags), text
        assert text.count("```") % 2 == 0


@pytest.mark.parametrize("text", ["", "x", HOSTILE, "long " * 900, "&" * 4000, "```\n" * 900])
@pytest.mark.parametrize("count", [0, 1, 25])
def test_every_message_keeps_to_slacks_limits(text: str, count: int) -> None:
    for answer in (None, ANSWER):
        for reply in replies(text, count, answer):
            message = fit_message(draw(reply, integration()))
            assert message_problems(message.text, list(message.blocks)) == [], reply.kind
            assert message.blocks
            SENT.add(Call(1, "chat.postMessage", {"channel": "C1", **_payload(message)}, None))


@pytest.mark.parametrize("text", ["x", "long " * 500])
def test_every_form_keeps_to_slacks_limits(text: str) -> None:
    shown = next(item for item in replies(text) if isinstance(item, ConnectionShown))
    forms = [
        credentials_form(shown, "int_1", by_webhook=True),
        answers_form(plan(text, 60), "int_1"),
        mapping_form(plan(text, 60)),
        explanations(plan(text, 60), [SourceFile(path=text, content=text)] * 200),
        change_form("int_1"),
        case_form("int_1", [text] * 200),
        notice("Not saved", text),
    ]
    for form in forms:
        view = fit_view(form.payload())
        assert view_problems(view) == []
        SENT.add(Call(1, "views.open", {"trigger_id": "1.2.3", "view": view}, None))


def test_long_content_becomes_a_file_and_the_buttons_stay() -> None:
    reply = next(item for item in replies("words " * 700, 30) if isinstance(item, CodeShown))
    message = fit_message(draw(reply, integration()))
    assert "Approve code" in _labels(message)
    assert "rest.md" in [file.name for file in message.files]


def test_the_outcome_takes_the_place_of_the_buttons() -> None:
    for reply in replies("x", 1, ANSWER):
        if isinstance(reply, PlanShown | CodeShown):
            message = draw(reply, integration())
            assert _labels(message) == []
            assert "*Approved* by <@U1>, <!date^" in json.dumps(message.blocks)


def test_an_environment_that_is_decided_leaves_the_other() -> None:
    reply = DeployAsked(
        key="d",
        version=2,
        gates=[gate("deploy", "development", ANSWER), gate("deploy", "production")],
    )
    assert _labels(draw(reply, integration())) == ["production"]


def test_a_rejection_says_how_to_go_on() -> None:
    rejected = Answer(decision="rejected", actor="U1", at=NOON, digest="d")
    reply = next(item for item in replies("x", 1, rejected) if isinstance(item, PlanShown))
    assert "ask again" in json.dumps(draw(reply, integration()).blocks, ensure_ascii=False)


def test_who_may_answer_stands_under_every_question() -> None:
    for reply in replies("x"):
        if hasattr(reply, "gate") or isinstance(reply, DeployAsked):
            assert "<@U1> can answer" in json.dumps(draw(reply, integration()).blocks), reply.kind


def test_the_form_for_credentials_carries_no_secret_and_says_what_slack_can_not() -> None:
    shown = next(item for item in replies("x") if isinstance(item, ConnectionShown))
    payload = credentials_form(shown, "int_1", by_webhook=False).payload()
    assert payload["private_metadata"] == "int_1|gate_connection_a"
    assert "can't hide" in json.dumps(payload, ensure_ascii=False)


def test_fields_only_for_webhooks_are_asked_for_where_one_starts_it() -> None:
    shown = next(item for item in replies("x") if isinstance(item, ConnectionShown))
    field = shown.auth.fields[0].model_copy(update={"name": "secret", "only_for": "webhook"})
    auth = shown.auth.model_copy(update={"fields": [*shown.auth.fields, field]})
    shown = shown.model_copy(update={"auth": auth})
    for by_webhook in (True, False):
        blocks = credentials_form(shown, "int_1", by_webhook).blocks
        assert ("secret:secret" in [block.get("block_id") for block in blocks]) is by_webhook


def test_a_plan_that_lacks_something_says_what_to_do_and_promises_nothing() -> None:
    shown = next(item for item in replies("x") if isinstance(item, PlanShown))
    blocked = shown.gate.model_copy(update={"blocked_by": ["Attach its OpenAPI file."]})
    message = draw(shown.model_copy(update={"gate": blocked}), integration())
    said = str(message.blocks)
    assert "Approve plan" not in _labels(message)
    assert "Attach its OpenAPI file." in said
    assert "Reply here" in said
    assert "On yes" not in said


def test_a_field_of_a_later_record_names_its_record() -> None:
    shown = next(item for item in replies("x") if isinstance(item, PlanShown))
    (workflow,) = shown.plan.workflows
    later = Write(
        id="note", system="b", entity="internal-note", mappings=[Mapping(target="body", source="x")]
    )
    plan_ = shown.plan.model_copy(
        update={"workflows": [workflow.model_copy(update={"writes": [later]})]}
    )
    said = json.dumps(draw(shown.model_copy(update={"plan": plan_}), integration()).blocks)
    assert '"internal note: body"' in said
