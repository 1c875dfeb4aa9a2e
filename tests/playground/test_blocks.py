"""Blocks and views: what Slack takes, and what it refuses and where."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.blockkit.validation import check_blocks, check_view
from bot.playground.errors import SlackError

Json = dict[str, Any]


def plain(text: str = "text") -> Json:
    return {"type": "plain_text", "text": text}


def markdown(text: str = "text") -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def option(value: str = "a") -> Json:
    return {"text": plain("A"), "value": value}


def confirm(**more: Any) -> Json:
    return {
        "title": plain("Sure?"),
        "text": markdown("Deploys."),
        "confirm": plain("Deploy"),
        "deny": plain("Not yet"),
        **more,
    }


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def section_of(*pieces: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(pieces)}


def task(status: str = "complete") -> Json:
    return {"type": "task_card", "task_id": "1", "title": "Scope", "status": status}


def input_block(element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": "b", "label": plain(), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    view = {"type": "modal", "title": plain("Title"), "submit": plain("Save")}
    return view | {"blocks": list(blocks)} | more


def refusals(check: Any, value: Any) -> tuple[str, list[str]]:
    with pytest.raises(SlackError) as refused:
        check(value)
    return refused.value.code, refused.value.messages


TAKEN: list[Json] = [
    {"type": "section", "text": markdown("x" * 3000), "accessory": button()},
    {"type": "section", "fields": [plain("x" * 2000)] * 5},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [markdown()] * 10},
    {
        "type": "context",
        "elements": [{"type": "image", "image_url": "https://x.io/a", "alt_text": "a"}],
    },
    {"type": "actions", "elements": [button(action_id=str(n)) for n in range(25)]},
    {"type": "actions", "elements": [button(style="danger", value="x" * 2000, confirm=confirm())]},
    {"type": "actions", "elements": [{"type": "static_select", "options": [option()] * 100}]},
    {"type": "actions", "elements": [{"type": "overflow", "options": [option()] * 5}]},
    {"type": "actions", "elements": [{"type": "checkboxes", "options": [option()]}]},
    {"type": "actions", "elements": [{"type": "radio_buttons", "options": [option()]}]},
    {"type": "actions", "elements": [{"type": "users_select", "placeholder": plain()}]},
    {"type": "actions", "elements": [{"type": "datepicker", "initial_date": "2026-11-22"}]},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "flow", "title": plain()},
    {"type": "file", "external_id": "a", "source": "remote"},
    {"type": "markdown", "text": "x" * 12000},
    {"type": "plan", "title": "Build", "tasks": [task()] * 50},
    task() | {"details": rich(section_of({"type": "text", "text": "23 fields"}))},
    task() | {"sources": [{"type": "url", "url": "https://x.io", "text": "docs"}]},
    {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "a"}, rich(section_of())]] * 100,
        "column_settings": [{"align": "right", "is_wrapped": True}],
    },
    rich(
        section_of(
            {"type": "text", "text": "a", "style": {"bold": True}},
            {"type": "link", "url": "https://x.io", "text": "x"},
            {"type": "user", "user_id": "U1"},
            {"type": "emoji", "name": "x"},
            {"type": "broadcast", "range": "here"},
        ),
        {"type": "rich_text_list", "style": "bullet", "elements": [section_of()], "indent": 1},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a"}]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a"}]},
    ),
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "positive_button": {"text": plain(), "value": "1"},
                "negative_button": {"text": plain(), "value": "0"},
            }
        ],
    },
]

REFUSED: list[tuple[Json, str]] = [
    ({"type": "blink"}, "unsupported type: blink [json-pointer:/blocks/0]"),
    ({}, "missing required field: type [json-pointer:/blocks/0]"),
    (
        {"type": "divider", "text": "a"},
        "invalid additional property: text [json-pointer:/blocks/0]",
    ),
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    (
        {"type": "section", "text": markdown("x" * 3001)},
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        {"type": "section", "text": plain("")},
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        {"type": "section", "fields": [plain("x" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        {"type": "section", "fields": [plain()] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        {"type": "section", "text": markdown(), "accessory": {"type": "plain_text_input"}},
        "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory]",
    ),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
    (
        {"type": "context", "elements": [plain()] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        {"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]},
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        {"type": "actions", "elements": []},
        "must have at least 1 items [json-pointer:/blocks/0/elements]",
    ),
    (
        {"type": "actions", "elements": [button(text=plain("x" * 76))]},
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        {"type": "actions", "elements": [button(value="x" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        {"type": "actions", "elements": [button(action_id="x" * 256)]},
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        {"type": "actions", "elements": [button(), button()]},
        "action_id already exists: go [json-pointer:/blocks/0]",
    ),
    (
        {"type": "actions", "elements": [button(confirm=confirm(deny=plain("x" * 31)))]},
        "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]",
    ),
    (
        {"type": "actions", "elements": [{"type": "overflow", "options": [option()] * 6}]},
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        {
            "type": "actions",
            "elements": [{"type": "static_select", "options": [option("x" * 151)]}],
        },
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    (
        {"type": "actions", "elements": [{"type": "static_select"}]},
        "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
    ),
    (
        {"type": "image", "alt_text": "a"},
        "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]",
    ),
    (
        {"type": "markdown", "text": "x" * 12001},
        "must be less than 12001 characters [json-pointer:/blocks/0/text]",
    ),
    (
        {"type": "plan", "title": "a", "tasks": [task("done")]},
        "Input should be 'pending', 'in_progress', 'complete' or 'error' "
        "[json-pointer:/blocks/0/tasks/0/status]",
    ),
    (
        {"type": "plan", "title": "a", "tasks": [task()] * 51},
        "no more than 50 items allowed [json-pointer:/blocks/0/tasks]",
    ),
    (
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * 101},
        "no more than 100 items allowed [json-pointer:/blocks/0/rows]",
    ),
    (
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]},
        "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ),
]


@pytest.mark.parametrize("block", TAKEN, ids=lambda block: block["type"])
def test_takes_every_documented_block_up_to_its_limits(block: Json) -> None:
    check_blocks([block])


@pytest.mark.parametrize(("block", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_says_what_is_wrong_and_where(block: Json, message: str) -> None:
    assert refusals(check_blocks, [block]) == ("invalid_blocks", [f"[ERROR] {message}"])


def test_reports_every_violation_at_once() -> None:
    _, messages = refusals(check_blocks, [{"type": "header"}, {"type": "blink"}])
    assert len(messages) == 2


def test_counts_blocks_and_all_their_text() -> None:
    divider = {"type": "divider"}
    check_blocks([divider] * 50)
    assert refusals(check_blocks, [divider] * 51) == (
        "invalid_blocks",
        ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"],
    )
    long = {"type": "section", "text": markdown("x" * 2700)}
    assert refusals(check_blocks, [long] * 5) == ("msg_blocks_too_long", [])


def test_block_ids_are_unique_and_plan_and_task_card_exclude_each_other() -> None:
    twice = [{"type": "divider", "block_id": "a"}] * 2
    assert refusals(check_blocks, twice)[1] == [
        "[ERROR] block_id already exists: a [json-pointer:/blocks]"
    ]
    code, _ = refusals(check_blocks, [{"type": "plan", "title": "a"}, task()])
    assert code == "invalid_blocks"


INPUTS: list[Json] = [
    {"type": "plain_text_input", "multiline": True, "max_length": 3000, "placeholder": plain()},
    {"type": "url_text_input"},
    {"type": "email_text_input"},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
    {"type": "static_select", "options": [option()], "initial_option": option()},
    {"type": "multi_static_select", "options": [option()], "max_selected_items": 2},
    {"type": "radio_buttons", "options": [{"text": markdown(), "value": "a"}]},
    {"type": "checkboxes", "options": [option()]},
    {"type": "datepicker"},
    {"type": "users_select"},
    {"type": "file_input", "filetypes": ["json"], "max_files": 1},
]


@pytest.mark.parametrize("element", INPUTS, ids=lambda element: element["type"])
def test_a_modal_takes_every_documented_input(element: Json) -> None:
    check_view(modal(input_block(element)))


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        (modal(title=plain("x" * 25)), "/view/title/text"),
        (modal(submit=plain("x" * 25)), "/view/submit/text"),
        (modal(close=plain("x" * 25)), "/view/close/text"),
        (modal(private_metadata="x" * 3001), "/view/private_metadata"),
        (modal(callback_id="x" * 256), "/view/callback_id"),
        (modal(*[{"type": "divider"}] * 101), "/view/blocks"),
        (modal(input_block({"type": "plain_text_input"}), submit=None), "/view"),
        (modal({"type": "markdown", "text": "a"}), "/view/blocks/0"),
        (modal(input_block(button())), "/view/blocks/0/element"),
        (modal(input_block({"type": "number_input"})), "/view/blocks/0/element"),
        (modal(colour="red"), "/view"),
        ({"type": "home", "blocks": [], "title": plain()}, "/view"),
    ],
)
def test_a_view_is_refused_with_its_pointer(view: Json, pointer: str) -> None:
    code, (message,) = refusals(check_view, view)
    assert code == "invalid_arguments"
    assert message.endswith(f"[json-pointer:{pointer}]")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
BROKEN = st.builds(
    lambda block, name, value: block | {name: value},
    st.sampled_from(TAKEN),
    st.sampled_from(["type", "text", "elements", "rows", "tasks", "block_id", "new"]),
    JSON,
)


@given(st.lists(BROKEN | st.dictionaries(st.text(), JSON, max_size=3), max_size=3))
@settings(max_examples=150, deadline=None)
def test_no_junk_gets_past_as_anything_but_a_refusal(blocks: list[Json]) -> None:
    try:
        check_blocks(blocks)
    except SlackError as refused:
        assert refused.code in ("invalid_blocks", "msg_blocks_too_long")
