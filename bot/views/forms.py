"""Forms in which people write: a change, or a test case of their own."""

from collections.abc import Sequence
from typing import Any

from bot.views.actions import Target
from bot.views.message import Block, Modal
from bot.views.pieces import plain, section, sentence

CHANGE_FORM = "change"
TEST_CASE_FORM = "test-case"
BACKFILL_FORM = "backfill"


def change_form(integration_id: str) -> Modal:
    hint = "Such as “skip test orders” or “run it hourly instead”. I show what differs first."
    words = _text("change", "What should be different?", multiline=True, hint=hint)
    return Modal(
        "Request changes", (words,), CHANGE_FORM, str(Target(integration_id)), "Send request"
    )


def case_form(integration_id: str, workflows: Sequence[str]) -> Modal:
    blocks = [_text("name", "Name of the case")]
    if len(workflows) > 1:
        blocks.append(_workflow(workflows))
    blocks += [
        _text("input", "The record that comes in, as JSON", multiline=True),
        _text(
            "expected",
            "Fields of what must come out, as JSON",
            multiline=True,
            hint='Only the fields that matter, such as {"DocNumber": "1001"}.',
        ),
    ]
    return Modal(
        "Test case", tuple(blocks), TEST_CASE_FORM, str(Target(integration_id)), "Add case"
    )


def backfill_form(integration_id: str, environment: str) -> Modal:
    """What it will do is said next, and asked once more."""
    date: Block = {
        "type": "input",
        "block_id": "since",
        "label": plain("Read everything since"),
        "element": {"type": "datepicker", "action_id": "value"},
        "hint": plain("I say in the thread what it will do, before anything is read."),
    }
    target = Target(integration_id, environment)
    return Modal("Backfill", (date,), BACKFILL_FORM, str(target), "Continue")


def notice(title: str, text: str) -> Modal:
    """A form's place taken by a sentence: why nothing was changed."""
    return Modal(title, (section(sentence(text)),), close="Close")


def _text(name: str, label: str, *, multiline: bool = False, hint: str = "") -> Block:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": "value"}
    if multiline:
        element["multiline"] = True
    block: Block = {"type": "input", "block_id": name, "label": plain(label), "element": element}
    if hint:
        block["hint"] = plain(hint)
    return block


def _workflow(names: Sequence[str]) -> Block:
    options = [{"text": plain(name), "value": name} for name in names[:100]]
    return {
        "type": "input",
        "block_id": "workflow",
        "label": plain("Workflow"),
        "element": {"type": "static_select", "action_id": "value", "options": options},
    }
