"""conversations.*: channels, their members and what was said in them."""

import base64
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import Field

from bot.playground.errors import SlackError
from bot.playground.messages import Message
from bot.playground.people import BOT_USER, Channel
from bot.playground.slack import Slack
from bot.playground.web_api.content import checked_channel
from bot.playground.web_api.method import Arguments, Method

HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
READ = ("channels:read", "groups:read", "im:read", "mpim:read")

Item = TypeVar("Item")


class Paged(Arguments):
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class History(Paged):
    channel: str
    latest: str | None = None
    oldest: str | None = None
    inclusive: bool = False
    include_all_metadata: bool = False


class Replies(History):
    ts: str


class Info(Arguments):
    channel: str
    include_locale: bool | None = None
    include_num_members: bool = False


class Members(Paged):
    channel: str


class Listing(Paged):
    exclude_archived: bool | None = None
    types: str = "public_channel"


class Open(Arguments):
    channel: str | None = None
    users: str | None = None
    return_im: bool | None = None
    prevent_creation: bool | None = None


def history(slack: Slack, arguments: History) -> dict[str, Any]:
    """Newest first, without replies."""
    channel = checked_channel(slack, arguments.channel)
    roots = [
        message
        for message in slack.workspace.messages(channel.id)
        if not message.is_reply and message.ephemeral_to is None
    ]
    return _messages(slack, arguments, [*reversed(_between(arguments, roots))])


def replies(slack: Slack, arguments: Replies) -> dict[str, Any]:
    """Oldest first, the root before its replies."""
    channel = checked_channel(slack, arguments.channel)
    asked = slack.workspace.find(channel.id, arguments.ts)
    if asked is None or asked.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    root, *rest = slack.workspace.thread(channel.id, asked.thread_ts or asked.ts)
    return _messages(slack, arguments, [root, *_between(arguments, rest)])


def info(slack: Slack, arguments: Info) -> dict[str, Any]:
    channel = slack.workspace.channel(arguments.channel)
    shown = channel.as_json(BOT_USER)
    if arguments.include_num_members:
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def members(slack: Slack, arguments: Members) -> dict[str, Any]:
    channel = slack.workspace.channel(arguments.channel)
    page, after = _page(channel.members, arguments)
    return {"members": page, **after}


def listing(slack: Slack, arguments: Listing) -> dict[str, Any]:
    wanted = set(arguments.types.split(","))
    if unknown := wanted - {"public_channel", "private_channel", "mpim", "im"}:
        raise SlackError("invalid_types", *sorted(unknown))
    channels = [
        channel for channel in slack.workspace.channels.values() if _type(channel) in wanted
    ]
    page, after = _page(channels, arguments)
    return {"channels": [channel.as_json(BOT_USER) for channel in page], **after}


def open_conversation(slack: Slack, arguments: Open) -> dict[str, Any]:
    if arguments.users is None and arguments.channel is None:
        raise SlackError("users_list_not_supplied")
    if arguments.users is None:
        return {"channel": {"id": checked_channel(slack, str(arguments.channel)).id}}
    if arguments.users not in slack.workspace.users or arguments.users == BOT_USER:
        raise SlackError("user_not_found")
    return {"channel": {"id": slack.workspace.direct_message(arguments.users).id}}


def _type(channel: Channel) -> str:
    return "im" if channel.kind == "im" else "public_channel"


def _between(arguments: History, messages: list[Message]) -> list[Message]:
    oldest, latest = arguments.oldest or "0", arguments.latest or "9" * 10
    return [
        message
        for message in messages
        if oldest < message.ts < latest or (arguments.inclusive and message.ts in (oldest, latest))
    ]


def _messages(slack: Slack, arguments: History, messages: list[Message]) -> dict[str, Any]:
    page, after = _page(messages, arguments)
    shown = [slack.workspace.as_json(message, arguments.include_all_metadata) for message in page]
    return {"messages": shown, "has_more": bool(after), **after}


def _page(items: Sequence[Item], arguments: Paged) -> tuple[list[Item], dict[str, Any]]:
    """A page, and the cursor of the next in Slack's place for it."""
    start = _position(arguments.cursor)
    end = start + arguments.limit
    page = list(items[start:end])
    if end >= len(items):
        return page, {}
    cursor = base64.b64encode(f"next:{end}".encode()).decode()
    return page, {"response_metadata": {"next_cursor": cursor}}


def _position(cursor: str | None) -> int:
    """SlackError invalid_cursor."""
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except ValueError:
        raise SlackError("invalid_cursor") from None


METHODS = {
    "conversations.history": Method(History, history, HISTORY, "3"),
    "conversations.replies": Method(Replies, replies, HISTORY, "3"),
    "conversations.info": Method(Info, info, READ, "3"),
    "conversations.members": Method(Members, members, READ, "4"),
    "conversations.list": Method(Listing, listing, READ, "2"),
    "conversations.open": Method(Open, open_conversation, ("im:write",), "3"),
}
