"""Looks at a payload as Slack would: what remains wrong after fitting is a mistake of Weft's."""

from collections.abc import Iterator
from typing import Any

from bot.slack_limits.blocks import Block
from bot.slack_limits.messages import MOST_BLOCKS, MOST_CHARACTERS, TEXT, size

_ID, _VALUE, _URL, _METADATA = 255, 2000, 3000, 3000
_IN_MESSAGES = {"header", "section", "context", "actions", "divider", "table", "plan", "markdown"}
_IN_FORMS = {"header", "section", "context", "actions", "divider", "input"}


def message_problems(text: str, blocks: list[Block]) -> list[str]:
    found = [] if 0 < len(text) <= TEXT + 100 else ["text is empty or too long"]
    if len(blocks) > MOST_BLOCKS or sum(map(size, blocks)) > MOST_CHARACTERS:
        found.append("too many blocks or characters")
    if sum(block["type"] == "table" for block in blocks) > 1:
        found.append("more than one table")
    return [*found, *_problems(blocks, _IN_MESSAGES)]


def view_problems(view: dict[str, Any]) -> list[str]:
    blocks = view["blocks"]
    found = [] if 0 < len(blocks) <= 100 else ["no blocks, or more than 100"]
    if any(block["type"] == "input" for block in blocks) and "submit" not in view:
        found.append("inputs without a submit button")
    if len(view.get("private_metadata", "")) > _METADATA:
        found.append("private_metadata is too long")
    return [*found, *_problems(blocks, _IN_FORMS)]


def _problems(blocks: list[Block], known: set[str]) -> Iterator[str]:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "two blocks have one block_id"
    for block in blocks:
        if block["type"] not in known:
            yield f"a {block['type']} block is not allowed here"
        if len(block.get("block_id", "")) > _ID:
            yield "a block_id is too long"
        yield from _element_problems(block)


def _element_problems(block: Block) -> Iterator[str]:
    elements = block.get("elements") or ([block["element"]] if "element" in block else [])
    if block["type"] in ("actions", "context") and not elements:
        yield f"an empty {block['type']} block"
    actions = [item["action_id"] for item in elements if "action_id" in item]
    if len(actions) != len(set(actions)):
        yield "two elements of a block have one action_id"
    for item in elements:
        if len(item.get("action_id", "")) > _ID or len(item.get("value", "")) > _VALUE:
            yield "an action_id or a value is too long"
        if len(item.get("url", "")) > _URL:
            yield "a URL is too long"
