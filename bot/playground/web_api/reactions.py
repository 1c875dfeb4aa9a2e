"""reactions.* and assistant.threads.setStatus: small signs of life."""

import re
from typing import Any

from bot.playground.errors import SlackError
from bot.playground.messages import Message
from bot.playground.people import BOT_USER
from bot.playground.slack import Slack
from bot.playground.web_api.content import checked_channel
from bot.playground.web_api.method import Arguments, Method

MOST_REACTIONS = 23


class Reaction(Arguments):
    channel: str
    timestamp: str
    name: str


class Status(Arguments):
    channel_id: str
    thread_ts: str
    status: str
    loading_messages: Any = None


def react(slack: Slack, message: Message, user: str, name: str) -> None:
    """SlackError invalid_name, already_reacted or too_many_emoji."""
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    if user in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    if name not in message.reactions and len(message.reactions) >= MOST_REACTIONS:
        raise SlackError("too_many_emoji")
    message.reactions.setdefault(name, []).append(user)
    slack.happenings.reacted(message, user, name, added=True)


def unreact(slack: Slack, message: Message, user: str, name: str) -> None:
    """SlackError no_reaction."""
    users = message.reactions.get(name, [])
    if user not in users:
        raise SlackError("no_reaction")
    users.remove(user)
    if not users:
        del message.reactions[name]
    slack.happenings.reacted(message, user, name, added=False)


def add(slack: Slack, arguments: Reaction) -> dict[str, Any]:
    react(slack, _message(slack, arguments), BOT_USER, arguments.name)
    return {}


def remove(slack: Slack, arguments: Reaction) -> dict[str, Any]:
    unreact(slack, _message(slack, arguments), BOT_USER, arguments.name)
    return {}


def set_status(slack: Slack, arguments: Status) -> dict[str, Any]:
    channel = checked_channel(slack, arguments.channel_id)
    if slack.workspace.find(channel.id, arguments.thread_ts) is None:
        raise SlackError("invalid_thread_ts")
    slack.happenings.typing(channel.id, arguments.thread_ts, arguments.status)
    return {}


def _message(slack: Slack, arguments: Reaction) -> Message:
    channel = checked_channel(slack, arguments.channel)
    return slack.workspace.message(channel.id, arguments.timestamp)


METHODS = {
    "reactions.add": Method(Reaction, add, ("reactions:write",), "3"),
    "reactions.remove": Method(Reaction, remove, ("reactions:write",), "2"),
    "assistant.threads.setStatus": Method(Status, set_status, ("chat:write",), "special"),
}
