"""Slack's own types take every block that the double takes, and refuse what is wrong."""

from pathlib import Path
from typing import Any

import pytest

from bot.playground.recording import Call
from tests.playground.person import INTEGRATIONS
from tests.playground.test_blocks import INPUTS, TAKEN, input_block, modal
from tests.slack_types import Checked, TypesUnavailable, check


def types_of(calls: list[Call], directory: Path) -> Checked:
    try:
        return check(calls, directory)
    except TypesUnavailable as reason:
        pytest.skip(str(reason))


def post(**arguments: Any) -> Call:
    return Call(1, "chat.postMessage", {"channel": INTEGRATIONS, "text": "a", **arguments}, None)


def test_slacks_types_take_whatever_the_double_takes(tmp_path: Path) -> None:
    calls = [post(blocks=[block]) for block in TAKEN]
    for element in INPUTS:
        view = modal(input_block(element))
        calls.append(Call(1, "views.open", {"trigger_id": "1.2.3", "view": view}, None))
    ticket = {"filename": "a.diff", "length": "5", "snippet_type": "diff"}
    calls.append(Call(1, "files.getUploadURLExternal", ticket, None))
    errors = {"response_action": "errors", "errors": {"shop": "There is no such shop."}}
    calls.append(Call(1, "response_action", errors, None))
    checked = types_of(calls, tmp_path)
    assert checked.problems == []
    assert checked.payloads == len(calls)
    print(checked)


def test_a_wrong_payload_is_named(tmp_path: Path) -> None:
    wrong = [
        post(blocks=[{"type": "divider", "text": "a"}]),
        post(blocks=[{"type": "blink"}]),
        post(),
        Call(1, "views.open", {"trigger_id": "1.2.3", "view": modal(colour="red")}, None),
        Call(1, "response_action", {"response_action": "dance"}, None),
    ]
    problems = types_of(wrong, tmp_path).problems
    named = {problem.partition(":")[0] for problem in problems}
    assert named == {"chat.postMessage", "views.open", "response_action"}
    for word in ('"text"', '"blink"', '"colour"', '"dance"'):
        assert any(word in problem for problem in problems)


def test_refused_calls_are_left_out(tmp_path: Path) -> None:
    refused = Call(1, "chat.postMessage", {"channel": INTEGRATIONS, "colour": "red"}, "no_text")
    assert types_of([refused], tmp_path).payloads == 0
