"""Brings messages and forms under Slack's limits; what does not fit goes into a file."""

from dataclasses import replace
from typing import Any

from bot.slack_limits.blocks import Block, fit
from bot.slack_limits.texts import cut
from bot.views.message import File, Message

TEXT = 3900  # characters; chat.update fails over 4,000
MOST_BLOCKS, MOST_CHARACTERS = 50, 12_000
_MODAL_BLOCKS, _MODAL_TITLE = 100, 24
_REST = "The rest is in the file below."


def fit_message(message: Message) -> Message:
    """The message as Slack takes it, with a text that is never empty."""
    blocks = [part for block in message.blocks for part in fit(block)]
    kept, dropped = _within(blocks)
    rest = "\n\n".join(filter(None, map(_words, dropped)))
    files = (*message.files, File("rest.md", rest, "markdown")) if rest else message.files
    text = cut(message.text, TEXT) if message.text.strip() else "A message from Weft"
    return replace(message, text=text, blocks=tuple(kept), files=files)


def fit_view(view: dict[str, Any]) -> dict[str, Any]:
    """A form as Slack takes it."""
    blocks = [part for block in view["blocks"] for part in fit(block)][:_MODAL_BLOCKS]
    fitted = {**view, "blocks": blocks}
    for name in ("title", "submit", "close"):
        if name in view:
            fitted[name] = {**view[name], "text": cut(view[name]["text"], _MODAL_TITLE)}
    return fitted


def _within(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """What stays and what goes: buttons and small print first, then the rest in its order."""
    if len(blocks) <= MOST_BLOCKS and sum(map(size, blocks)) <= MOST_CHARACTERS:
        return blocks, []
    room = MOST_CHARACTERS - len(_REST)
    kept: set[int] = set()
    for number in sorted(range(len(blocks)), key=lambda number: _rank(blocks[number])):
        if size(blocks[number]) <= room and len(kept) < MOST_BLOCKS - 1:
            kept.add(number)
            room -= size(blocks[number])
    dropped = [block for number, block in enumerate(blocks) if number not in kept]
    gap = next(number for number in range(len(blocks)) if number not in kept)
    notice = {"type": "context", "elements": [{"type": "mrkdwn", "text": _REST}]}
    shown = [*blocks[:gap], notice, *(blocks[n] for n in sorted(kept) if n > gap)]
    return shown, dropped


def _rank(block: Block) -> int:
    return {"actions": 0, "context": 1}.get(block["type"], 2)


def size(value: Any) -> int:
    """Characters that people read in a block."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(size(item) for key, item in value.items() if key != "text" or not own)
    return sum(map(size, value)) if isinstance(value, list | tuple) else 0


def _words(value: Any) -> str:
    """The text of a block, for the file."""
    if isinstance(value, dict):
        text = value.get("text")
        if isinstance(text, str):
            return text
        if value.get("type") == "table":
            return "\n".join(" | ".join(map(_words, row)) for row in value["rows"])
        return "\n".join(filter(None, (_words(item) for item in value.values())))
    return "\n".join(filter(None, map(_words, value))) if isinstance(value, list | tuple) else ""
