"""People write, edit, delete, react, and let the bot into a channel or take it out."""

import base64
import binascii
import secrets
from typing import Any

from bot.playground.composing import compose
from bot.playground.errors import PlaygroundError
from bot.playground.messages import File, Message
from bot.playground.people import BOT_USER, SLACKBOT, Channel
from bot.playground.slack import Slack
from bot.playground.web_api.content import named
from bot.playground.web_api.reactions import react, unreact

LONGEST_TYPED = 12_000
LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 10


def say(
    slack: Slack,
    user: str,
    channel_id: str,
    text: str,
    thread_ts: str | None = None,
    files: list[dict[str, Any]] | None = None,
) -> Message:
    """`text` as typed; `files` are {name, content} with `encoding: base64` for bytes."""
    channel = _place(slack, user, channel_id)
    if not text.strip() and not files:
        raise PlaygroundError("An empty message can't be sent.")
    if len(text) > LONGEST_TYPED:
        raise PlaygroundError(f"A message holds {LONGEST_TYPED} characters; send a file instead.")
    if thread_ts is not None:
        thread_ts = _root(slack, channel, thread_ts)
    sent, blocks = composed(slack, text)
    shared = [stored_file(slack, user, given) for given in _countable(files or [])]
    message = Message(
        ts=slack.workspace.new_ts(),
        channel=channel.id,
        user=user,
        text=sent,
        thread_ts=thread_ts,
        blocks=blocks,
        files=[file.as_json(slack.base_url) for file in shared],
        client_msg_id=secrets.token_hex(16),
    )
    slack.happenings.posted(message)
    _point_out_absent_bot(slack, channel, message)
    return message


def edit(slack: Slack, user: str, channel_id: str, ts: str, text: str) -> None:
    message = _own(slack, user, channel_id, ts)
    slack.happenings.edited(message, *composed(slack, text), user)


def delete(slack: Slack, user: str, channel_id: str, ts: str) -> None:
    slack.happenings.deleted(_own(slack, user, channel_id, ts))


def toggle_reaction(slack: Slack, user: str, channel_id: str, ts: str, name: str) -> None:
    """A second reaction of the same name takes the first away."""
    channel = _place(slack, user, channel_id)
    message = slack.workspace.message(channel.id, ts)
    name = name.strip(":")
    change = unreact if user in message.reactions.get(name, []) else react
    change(slack, message, user, name)


def invite(slack: Slack, user: str, channel_id: str) -> None:
    channel = _place(slack, user, channel_id)
    if BOT_USER in channel.members:
        raise PlaygroundError("Weft is in this channel already.")
    slack.happenings.joined(channel, BOT_USER, inviter=user)


def remove(slack: Slack, user: str, channel_id: str) -> None:
    channel = _place(slack, user, channel_id)
    if BOT_USER not in channel.members or channel.kind == "im":
        raise PlaygroundError("Weft is not in this channel.")
    slack.happenings.left(channel, BOT_USER, actor=user)


def tell_privately(slack: Slack, user: str, channel_id: str, text: str) -> None:
    """Slackbot's word to one person."""
    slack.happenings.ephemeral(
        Message(slack.workspace.new_ts(), channel_id, SLACKBOT, text, ephemeral_to=user)
    )


def _place(slack: Slack, user: str, channel_id: str) -> Channel:
    slack.workspace.user(user)
    channel = slack.workspace.channel(channel_id)
    if user not in channel.members:
        raise PlaygroundError("This person is not in that channel.")
    return channel


def _root(slack: Slack, channel: Channel, ts: str) -> str:
    root = slack.workspace.find(channel.id, ts)
    if root is None or root.ephemeral_to is not None:
        raise PlaygroundError("The message that this would answer is gone.")
    return root.thread_ts or root.ts


def _own(slack: Slack, user: str, channel_id: str, ts: str) -> Message:
    channel = _place(slack, user, channel_id)
    message = slack.workspace.message(channel.id, ts)
    if message.user != user:
        raise PlaygroundError("Only the author can change a message.")
    return message


def composed(slack: Slack, text: str) -> tuple[str, list[dict[str, Any]]]:
    users = {user.name: user.id for user in slack.workspace.users.values()}
    channels = {
        channel.name: channel.id
        for channel in slack.workspace.channels.values()
        if channel.kind == "channel"
    }
    composed, blocks = compose(text, users, channels)
    return composed, named(slack, blocks)


def _countable(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(files) > MOST_FILES:
        raise PlaygroundError(f"A message takes {MOST_FILES} files.")
    return files


def stored_file(slack: Slack, user: str, given: dict[str, Any]) -> File:
    """A file that a person attached. PlaygroundError when it isn't one that Slack takes."""
    try:
        content = (
            base64.b64decode(given["content"], validate=True)
            if given.get("encoding") == "base64"
            else str(given["content"]).encode()
        )
    except (KeyError, binascii.Error):
        raise PlaygroundError("A file needs a name and its content.") from None
    if not content or len(content) > LARGEST_FILE:
        raise PlaygroundError("A file must hold something, and 10 MB at most.")
    name = str(given.get("name") or "untitled")
    created = int(slack.clock.now())
    file = File(slack.workspace.new_id("F"), name, name, content, None, user, created)
    slack.workspace.store(file)
    return file


def _point_out_absent_bot(slack: Slack, channel: Channel, message: Message) -> None:
    if f"<@{BOT_USER}>" in message.text and BOT_USER not in channel.members:
        text = "Weft was mentioned, but is not in this channel. Invite it with /invite @weft."
        tell_privately(slack, message.user, channel.id, text)
