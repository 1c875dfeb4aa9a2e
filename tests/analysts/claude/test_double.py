"""The loopback Messages API refuses what the real one refuses, and replays what it recorded."""

import copy
import json

import anthropic
import pytest

from tests.anthropic_double import AnthropicDouble, says
from tests.messages_rules import check_request, tokens
from tests.models import agreeable

HEADERS = {"authorization": "Bearer key", "anthropic-version": "2026-10-21"}
STRICT = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"],
          "additionalProperties": False}  # fmt: skip
GOOD = {
    "model": "m", "max_tokens": 10, "stream": True,
    "system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {"role": "user", "content": "hello"},
        {"role": "assistant", "content": [
            {"type": "tool_use", "id": "t1", "name": "look", "input": {"a": "b"}}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": "c", "is_error": False}]},
    ],
    "tools": [{"name": "look", "description": "d", "strict": True, "input_schema": STRICT}],
    "output_config": {"format": {"type": "json_schema", "schema": {**STRICT, "title": "R"}}},
}  # fmt: skip


def wrong(path, value):
    """The good request with one part replaced; None takes it out."""
    body = copy.deepcopy(GOOD)
    *way, last = path
    place = body
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return body


SCHEMA = ("tools", 0, "input_schema")
WRONG = {
    "unknown parameter": wrong(["temprature"], 1),
    "unknown part of a block": wrong(["system", 0, "colour"], "red"),
    "wrong type": wrong(["max_tokens"], "many"),
    "no model": wrong(["model"], None),
    "no tokens": wrong(["max_tokens"], 0),
    "unknown role": wrong(["messages", 0, "role"], "robot"),
    "assistant first": wrong(["messages", 0, "role"], "assistant"),
    "empty text": wrong(["messages", 0, "content"], " "),
    "no result": wrong(["messages", 2, "content"], "and?"),
    "result of nothing": wrong(["messages", 2, "content", 0, "tool_use_id"], "t9"),
    "open object": wrong([*SCHEMA, "additionalProperties"], None),
    "any type": wrong([*SCHEMA, "properties", "a"], {}),
    "pattern": wrong([*SCHEMA, "properties", "a", "pattern"], "^a"),
    "optional fields": wrong(
        [*SCHEMA, "properties"], {f"f{n}": {"type": "string"} for n in range(25)}
    ),
    "unions": wrong(
        [*SCHEMA, "properties"],
        {f"f{n}": {"anyOf": [{"type": "string"}, {"type": "null"}]} for n in range(17)},
    ),
    "strict tools": wrong(["tools"], [{**GOOD["tools"][0], "name": f"t{n}"} for n in range(21)]),
    "same name": wrong(["tools"], GOOD["tools"] * 2),
    "altered thought": wrong(
        ["messages", 1, "content", 0],
        {"type": "thinking", "thinking": "no", "signature": "forged"},
    ),
}


def test_a_good_request_is_taken():
    assert check_request(GOOD, HEADERS, set()) == []


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_a_wrong_request_is_refused(body):
    assert check_request(body, HEADERS, set())


def test_a_request_without_a_key_is_refused():
    assert check_request(GOOD, {}, set())


def test_a_script_that_breaks_its_schema_is_told():
    with AnthropicDouble(lambda body: says({"b": 1})).running() as double:
        client = anthropic.Anthropic(api_key="k", base_url=double.url)
        with (
            client,
            client.messages.stream(**{k: v for k, v in GOOD.items() if k != "stream"}) as s,
        ):
            s.get_final_message()
    assert any(problem.startswith("script:") for problem in double.problems)


def test_what_was_recorded_is_replayed_without_the_api(tmp_path, claude):
    tape = tmp_path / "tape.json"
    with AnthropicDouble(agreeable()).running() as upstream:
        recording = AnthropicDouble(agreeable(), upstream=upstream.url, tape=tape)
        with recording.running():
            first = claude(base_url=recording.url).research()
    replaying = AnthropicDouble(agreeable(), tape=tape)
    with replaying.running():
        assert claude(base_url=replaying.url).research() == first
    assert len(json.loads(tape.read_text())) == 4
    assert "api_key" not in tape.read_text()
    assert replaying.problems == []


def test_tokens_do_not_count_marks_of_the_cache():
    assert tokens({"text": "a" * 10}) == tokens({"text": "a" * 10, "cache_control": {}}) > 2
