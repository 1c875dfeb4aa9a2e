"""What happens in the workspace: kept, shown on every page, and told to the bot as events."""

from typing import Any

from bot.playground.app_configuration import AppConfiguration
from bot.playground.delivery import envelopes
from bot.playground.delivery.courier import Courier
from bot.playground.messages import Message
from bot.playground.people import BOT_USER, SLACKBOT, TEAM_ID, Channel
from bot.playground.stream import Stream
from bot.playground.workspace import Workspace


class Happenings:
    def __init__(
        self, workspace: Workspace, stream: Stream, courier: Courier, app: AppConfiguration
    ) -> None:
        self.workspace = workspace
        self._stream = stream
        self._courier = courier
        self._app = app

    def posted(self, message: Message) -> Message:
        self.workspace.add(message)
        self._publish("message", message)
        events = [self._message_event(message)]
        if self._mentions_bot(message) and not message.by_bot:
            events.append(self._mention_event(message))
        self._tell(message.channel, *events, *self._file_events(message))
        return message

    def ephemeral(self, message: Message) -> Message:
        """Seen by one person; no event and no history know of it."""
        self.workspace.add(message)
        self._publish("ephemeral", message)
        return message

    def edited(
        self, message: Message, text: str, blocks: list[dict[str, Any]], editor: str
    ) -> None:
        before, mentioned = self.workspace.as_json(message), self._mentions_bot(message)
        message.change(text, blocks, editor, self.workspace.new_ts())
        self._publish("message_changed", message)
        if message.ephemeral_to is not None:
            return
        events = [self._changed_event(message, before)]
        if self._mentions_bot(message) and not mentioned and not message.by_bot:
            events.append(self._mention_event(message))
        self._tell(message.channel, *events)

    def deleted(self, message: Message) -> None:
        """A root with replies leaves a tombstone, as in Slack."""
        before = self.workspace.as_json(message)
        replies = self.workspace.thread(message.channel, message.ts)[1:]
        if replies and not message.is_reply:
            message.subtype, message.user, message.by_bot = "tombstone", SLACKBOT, False
            message.change("This message was deleted.", [], SLACKBOT, self.workspace.new_ts())
            message.files, message.reactions, message.edited = [], {}, None
            self._publish("message_changed", message)
            self._tell(message.channel, self._changed_event(message, before))
            return
        self.workspace.remove(message)
        self._stream.publish(
            "message_deleted", message.ephemeral_to, channel=message.channel, ts=message.ts
        )
        if message.ephemeral_to is None:
            self._tell(message.channel, self._deleted_event(message, before))

    def reacted(self, message: Message, user: str, name: str, added: bool) -> None:
        self._publish("message_changed", message)
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        content = {
            "type": "reaction_added" if added else "reaction_removed",
            "user": user,
            "reaction": name,
            "item": item,
            "item_user": message.user,
        }
        self._tell(message.channel, content)

    def joined(self, channel: Channel, user: str, inviter: str) -> None:
        channel.members.append(user)
        self._membership_changed(channel)
        self._tell(channel.id, self._membership("member_joined_channel", channel, user, inviter))

    def left(self, channel: Channel, user: str, actor: str) -> None:
        """The bot is still told that it was removed, and then nothing of the channel any more."""
        events = [self._membership("member_left_channel", channel, user)]
        if user == BOT_USER:
            events = [{"type": "channel_left", "channel": channel.id, "actor_id": actor}, *events]
        self._tell(channel.id, *events)
        channel.members.remove(user)
        self._membership_changed(channel)

    def home_opened(self, user: str) -> None:
        channel = self.workspace.direct_message(user)
        content = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
        self._tell(channel.id, content)

    def typing(self, channel: str, thread_ts: str, status: str) -> None:
        """What the bot says it is doing; an empty status ends it."""
        self._stream.publish(
            "typing", channel=channel, thread_ts=thread_ts, user=BOT_USER, status=status
        )

    def _publish(self, kind: str, message: Message) -> None:
        shown = dict(self.workspace.as_json(message))
        if message.ephemeral_to is not None:
            shown["ephemeral_to"] = message.ephemeral_to
        self._stream.publish(kind, message.ephemeral_to, channel=message.channel, message=shown)

    def _membership_changed(self, channel: Channel) -> None:
        self._stream.publish("members", channel=channel.id, members=list(channel.members))

    def _tell(self, channel_id: str, *contents: dict[str, Any]) -> None:
        """The bot learns of the channels that it is in, and of what its app subscribed to."""
        channel = self.workspace.channel(channel_id)
        if BOT_USER not in channel.members:
            return
        payloads = []
        for content in contents:
            content.setdefault("event_ts", self.workspace.new_ts())
            if self._subscription(content["type"], channel) in self._app.events:
                payloads.append(envelopes.event(self.workspace, content, channel_id))
        self._courier.events(payloads)

    @staticmethod
    def _subscription(kind: str, channel: Channel) -> str:
        if kind != "message":
            return kind
        return "message.im" if channel.kind == "im" else "message.channels"

    def _mentions_bot(self, message: Message) -> bool:
        channel = self.workspace.channel(message.channel)
        return channel.kind == "channel" and f"<@{BOT_USER}>" in message.text

    def _place(self, message: Message, event_ts: str) -> dict[str, Any]:
        kind = self.workspace.channel(message.channel).kind
        return {"channel": message.channel, "channel_type": kind, "event_ts": event_ts}

    def _message_event(self, message: Message) -> dict[str, Any]:
        content = dict(self.workspace.as_json(message, with_metadata=True))
        if message.files:
            content |= {"subtype": "file_share", "upload": False, "display_as_bot": False}
        return content | self._place(message, message.ts)

    def _mention_event(self, message: Message) -> dict[str, Any]:
        content = dict(self.workspace.as_json(message))
        content |= {"type": "app_mention", "channel": message.channel, "event_ts": message.ts}
        return content

    def _changed_event(self, message: Message, before: dict[str, Any]) -> dict[str, Any]:
        moment = self.workspace.new_ts()
        return {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "ts": moment,
            "message": self.workspace.as_json(message, with_metadata=True),
            "previous_message": before,
            **self._place(message, moment),
        }

    def _deleted_event(self, message: Message, before: dict[str, Any]) -> dict[str, Any]:
        moment = self.workspace.new_ts()
        return {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "ts": moment,
            "deleted_ts": message.ts,
            "previous_message": before,
            **self._place(message, moment),
        }

    def _file_events(self, message: Message) -> list[dict[str, Any]]:
        return [
            {
                "type": "file_shared",
                "file_id": file["id"],
                "user_id": message.user,
                "file": {"id": file["id"]},
                "channel_id": message.channel,
            }
            for file in message.files
        ]

    @staticmethod
    def _membership(
        kind: str, channel: Channel, user: str, inviter: str | None = None
    ) -> dict[str, Any]:
        content = {
            "type": kind,
            "user": user,
            "channel": channel.id,
            "channel_type": "C",
            "team": TEAM_ID,
        }
        return content | ({"inviter": inviter} if inviter else {})
