"""What a message of the bot may hold, checked the same way wherever it is sent."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from bot.playground.blockkit.validation import check_blocks, elements_of
from bot.playground.errors import SlackError
from bot.playground.people import BOT_USER, Channel
from bot.playground.slack import Slack

LONGEST_TEXT = 40_000
LONGEST_MARKDOWN = 12_000
LARGEST_METADATA = 16_000
MOST_ATTACHMENTS = 100


class Content(BaseModel):
    """The arguments that chat.postMessage, chat.update and response addresses share."""

    text: str | None = None
    blocks: Any = None
    markdown_text: str | None = None
    attachments: Any = None
    metadata: Any = None


def checked_channel(slack: Slack, name: str) -> Channel:
    """SlackError channel_not_found or not_in_channel."""
    channel = slack.workspace.channel(name)
    if BOT_USER not in channel.members:
        raise SlackError("channel_not_found" if channel.kind == "im" else "not_in_channel")
    return channel


def checked_content(slack: Slack, content: Content) -> tuple[str, list[dict[str, Any]]]:
    """Text and named blocks. SlackError for each thing that Slack wouldn't show."""
    if content.markdown_text is not None:
        if content.text or content.blocks:
            raise SlackError("markdown_text_conflict")
        if len(content.markdown_text) > LONGEST_MARKDOWN:
            raise SlackError("msg_too_long")
        return content.markdown_text, named(
            slack, [{"type": "markdown", "text": content.markdown_text}]
        )
    if not (content.text or content.blocks or content.attachments):
        raise SlackError("no_text")
    if len(content.text or "") > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    if len(content.attachments or []) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if content.metadata:
        _check_metadata(content.metadata)
    blocks = content.blocks or []
    check_blocks(blocks)
    _check_files(slack, blocks)
    return content.text or "", named(slack, blocks)


def named(slack: Slack, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Copies in which every block and interactive element has an id, as Slack gives them."""
    copies: list[dict[str, Any]] = json.loads(json.dumps(blocks))
    for block in copies:
        block.setdefault("block_id", slack.workspace.new_id("")[:5])
        for element in elements_of(block):
            if element["type"] != "image":
                element.setdefault("action_id", slack.workspace.new_id("")[:5])
    return copies


def _check_metadata(metadata: dict[str, Any]) -> None:
    if not isinstance(metadata.get("event_type"), str) or not isinstance(
        metadata.get("event_payload"), dict
    ):
        raise SlackError("invalid_metadata_format")
    if metadata.keys() - {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")


def _check_files(slack: Slack, blocks: list[dict[str, Any]]) -> None:
    """A picture taken from a file must be one of the workspace's image files."""
    for name in _slack_files(blocks):
        file = slack.workspace.files.get(name)
        if file is None or not file.mimetype.startswith("image/"):
            raise SlackError("invalid_blocks", "[ERROR] invalid slack file")


def _slack_files(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _slack_files(item)
    elif isinstance(value, dict):
        if isinstance(file := value.get("slack_file"), dict):
            yield str(file.get("id") or str(file.get("url")).split("-")[-1].split("/")[0])
        for item in value.values():
            yield from _slack_files(item)
