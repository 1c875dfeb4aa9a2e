"""chat.*: the bot posts, changes and deletes messages."""

from typing import Any

from bot.playground.errors import SlackError
from bot.playground.messages import Message
from bot.playground.people import BOT_USER, Channel
from bot.playground.slack import Slack
from bot.playground.web_api.content import Content, checked_channel, checked_content
from bot.playground.web_api.method import Arguments, Json, Jsons, Method

LONGEST_UPDATE = 4000


class MessageArguments(Arguments, Content):
    channel: str
    blocks: Jsons | None = None
    attachments: Jsons | None = None
    metadata: Json | None = None
    parse: str | None = None
    link_names: bool | None = None


class Post(MessageArguments):
    thread_ts: str | None = None
    reply_broadcast: bool | None = None
    mrkdwn: bool | None = None
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None


class Ephemeral(MessageArguments):
    user: str
    thread_ts: str | None = None


class Update(MessageArguments):
    ts: str
    file_ids: Any = None
    reply_broadcast: bool | None = None


class Place(Arguments):
    channel: str
    ts: str


class Permalink(Arguments):
    channel: str
    message_ts: str


def post_message(slack: Slack, arguments: Post) -> dict[str, Any]:
    channel = _destination(slack, arguments.channel)
    text, blocks = checked_content(slack, arguments)
    check_thread(slack, channel, arguments.thread_ts)
    message = Message(
        ts=slack.workspace.new_ts(),
        channel=channel.id,
        user=BOT_USER,
        text=text,
        thread_ts=arguments.thread_ts,
        blocks=blocks,
        metadata=arguments.metadata,
        by_bot=True,
    )
    slack.happenings.posted(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json(True)}


def post_ephemeral(slack: Slack, arguments: Ephemeral) -> dict[str, Any]:
    channel = checked_channel(slack, arguments.channel)
    if arguments.user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = checked_content(slack, arguments)
    check_thread(slack, channel, arguments.thread_ts)
    message = Message(
        ts=slack.workspace.new_ts(),
        channel=channel.id,
        user=BOT_USER,
        text=text,
        thread_ts=arguments.thread_ts,
        blocks=blocks,
        by_bot=True,
        ephemeral_to=arguments.user,
    )
    slack.happenings.ephemeral(message)
    return {"message_ts": message.ts}


def update(slack: Slack, arguments: Update) -> dict[str, Any]:
    channel = checked_channel(slack, arguments.channel)
    message = _own_message(slack, channel, arguments.ts, "cant_update_message")
    if len(arguments.text or "") > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    text, blocks = checked_content(slack, arguments)
    if arguments.metadata is not None:
        message.metadata = arguments.metadata or None
    slack.happenings.edited(message, text, blocks, BOT_USER)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": message.as_json(True)}


def delete(slack: Slack, arguments: Place) -> dict[str, Any]:
    channel = checked_channel(slack, arguments.channel)
    message = _own_message(slack, channel, arguments.ts, "cant_delete_message")
    slack.happenings.deleted(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(slack: Slack, arguments: Permalink) -> dict[str, Any]:
    channel = slack.workspace.channel(arguments.channel)
    message = slack.workspace.message(channel.id, arguments.message_ts)
    link = f"{slack.base_url}/playground/#/{channel.id}/{message.thread_ts or message.ts}"
    return {"channel": channel.id, "permalink": link}


def _destination(slack: Slack, name: str) -> Channel:
    """A user's id stands for the direct message with them."""
    if name in slack.workspace.users and name != BOT_USER:
        return slack.workspace.direct_message(name)
    return checked_channel(slack, name)


def _own_message(slack: Slack, channel: Channel, ts: str, refusal: str) -> Message:
    message = slack.workspace.message(channel.id, ts)
    if message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if not message.by_bot:
        raise SlackError(refusal)
    return message


def check_thread(slack: Slack, channel: Channel, thread_ts: str | None) -> None:
    """A reply goes under a root that is there, never under another reply."""
    if thread_ts is None:
        return
    root = slack.workspace.find(channel.id, thread_ts)
    if root is None or root.is_reply or root.ephemeral_to is not None:
        raise SlackError("cannot_reply_to_message")


METHODS = {
    "chat.postMessage": Method(Post, post_message, ("chat:write",), "post"),
    "chat.postEphemeral": Method(Ephemeral, post_ephemeral, ("chat:write",), "4"),
    "chat.update": Method(Update, update, ("chat:write",), "3"),
    "chat.delete": Method(Place, delete, ("chat:write",), "3"),
    "chat.getPermalink": Method(Permalink, get_permalink, (), "special"),
}
