"""The state of the workspace, in memory. It is touched by one event loop only, so nothing locks."""

import secrets
import string
from collections.abc import Iterable

from bot.playground.clock import WorkspaceClock
from bot.playground.errors import PlaygroundError, SlackError
from bot.playground.messages import File, Message
from bot.playground.people import Channel, User, first_channels, first_users

LARGEST_CHANNEL = 5000
LARGEST_FILES = 200 * 1024 * 1024

_LETTERS = string.ascii_uppercase + string.digits


class Workspace:
    def __init__(self, clock: WorkspaceClock) -> None:
        self.name = "Weft playground"
        self.domain = "weft-playground"
        self.clock = clock
        self.users = {user.id: user for user in first_users()}
        self.channels = {channel.id: channel for channel in first_channels()}
        self.files: dict[str, File] = {}
        self._messages: dict[str, dict[str, Message]] = {name: {} for name in self.channels}
        self._replies: dict[tuple[str, str], list[Message]] = {}
        self._last_moment = 0

    def new_id(self, prefix: str) -> str:
        return prefix + "".join(secrets.choice(_LETTERS) for _ in range(10))

    def new_ts(self) -> str:
        """A timestamp of its own in microseconds: it identifies a message in its channel."""
        self._last_moment = max(self._last_moment + 1, int(self.clock.now() * 1_000_000))
        seconds, rest = divmod(self._last_moment, 1_000_000)
        return f"{seconds}.{rest:06}"

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise PlaygroundError(f"There is no user {user_id!r} in this workspace.")
        return self.users[user_id]

    def channel(self, channel_id: str) -> Channel:
        """By id, or by #name as chat.postMessage takes it. SlackError channel_not_found."""
        for channel in self.channels.values():
            if channel_id == channel.id or (
                channel.kind == "channel" and channel_id.removeprefix("#") == channel.name
            ):
                return channel
        raise SlackError("channel_not_found")

    def direct_message(self, user_id: str) -> Channel:
        """The channel of a person and the bot."""
        return self.channel(f"D{user_id[1:]}")

    def messages(self, channel_id: str) -> list[Message]:
        """Oldest first, replies and ephemeral messages included."""
        return list(self._messages[channel_id].values())

    def find(self, channel_id: str, ts: str) -> Message | None:
        return self._messages[channel_id].get(ts)

    def message(self, channel_id: str, ts: str) -> Message:
        """SlackError message_not_found."""
        found = self.find(channel_id, ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def thread(self, channel_id: str, root_ts: str) -> list[Message]:
        """The root and its replies, oldest first, without ephemeral messages."""
        root = self.find(channel_id, root_ts)
        return [*filter(None, [root]), *self._replies.get((channel_id, root_ts), [])]

    def add(self, message: Message) -> Message:
        channel = self._messages[message.channel]
        if len(channel) >= LARGEST_CHANNEL:
            raise SlackError("message_limit_exceeded")
        channel[message.ts] = message
        if message.is_reply and message.ephemeral_to is None:
            self._replies.setdefault((message.channel, str(message.thread_ts)), []).append(message)
        return message

    def remove(self, message: Message) -> None:
        del self._messages[message.channel][message.ts]
        replies = self._replies.get((message.channel, str(message.thread_ts)), [])
        if message in replies:
            replies.remove(message)

    def store(self, file: File) -> None:
        """SlackError storage_limit_reached."""
        if sum(len(kept.content) for kept in self.files.values()) > LARGEST_FILES:
            raise SlackError("storage_limit_reached")
        self.files[file.id] = file

    def as_json(self, message: Message, with_metadata: bool = False) -> dict[str, object]:
        """The message with what its thread adds to it."""
        replies = [] if message.is_reply else self.thread(message.channel, message.ts)[1:]
        shown: dict[str, object] = dict(message.as_json(with_metadata))
        if replies:
            shown |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users": _distinct(reply.user for reply in replies),
                "reply_users_count": len(set(reply.user for reply in replies)),
                "latest_reply": replies[-1].ts,
                "subscribed": False,
                "is_locked": False,
            }
        if message.is_reply:
            root = self.find(message.channel, str(message.thread_ts))
            shown["parent_user_id"] = root.user if root else "USLACKBOT"
        return shown


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
