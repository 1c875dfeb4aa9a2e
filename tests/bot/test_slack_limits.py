"""Cutting, splitting and the checks, on anything."""

from hypothesis import given
from hypothesis import strategies as st

from bot.slack_limits import fit_message, message_problems, view_problems
from bot.slack_limits.texts import cut, split
from bot.views import Message
from bot.views.pieces import escape, section


@given(st.text(), st.integers(min_value=10, max_value=200))
def test_a_cut_text_fits_and_ends_between_characters(text: str, most: int) -> None:
    shown = cut(escape(text), most)
    assert len(shown) <= most
    assert not shown.rstrip("…").endswith(("&", "&a", "&am", "&amp", "&l", "&lt", "&g", "&gt"))


@given(st.text(alphabet="ab\n`&<", max_size=400), st.integers(min_value=20, max_value=100))
def test_split_parts_fit_and_lose_nothing(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(len(part) <= most for part in parts)
    joined = "".join(parts).replace("`", "").replace("\n", "")
    assert joined == text.replace("`", "").replace("\n", "")


@given(st.lists(st.text(max_size=4000), max_size=70))
def test_any_message_fits(texts: list[str]) -> None:
    message = fit_message(Message("", tuple(section(escape(text)) for text in texts)))
    assert message_problems(message.text, list(message.blocks)) == []


def test_what_is_wrong_is_named() -> None:
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "A"}}
    blocks = [
        {"type": "actions", "block_id": "same", "elements": [button, button]},
        {"type": "input", "block_id": "same"},
        {"type": "context", "elements": []},
        {"type": "table", "rows": []},
        {"type": "table", "rows": []},
    ]
    assert message_problems("", blocks) == [
        "text is empty or too long",
        "more than one table",
        "two blocks have one block_id",
        "two elements of a block have one action_id",
        "a input block is not allowed here",
        "an empty context block",
    ]
    view = {"blocks": [{"type": "input"}], "private_metadata": "x" * 3001}
    assert view_problems(view) == ["inputs without a submit button", "private_metadata is too long"]
