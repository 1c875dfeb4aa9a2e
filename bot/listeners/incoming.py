"""What Slack delivers, read into values: a message, a click, a submitted form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.views.actions import Target
from pipeline.conversation import Thread

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#C[A-Z0-9]+\|([^>]*)>")
_LINK = re.compile(r"<((?:https?|mailto):[^>|]+)(?:\|[^>]*)?>")
_SPECIAL = re.compile(r"<!([^>|]+)(?:\|[^>]*)?>")


def message_key(team: str, channel: str, ts: str) -> str:
    """One message, whichever events it arrives by."""
    return f"message:{team}:{channel}:{ts}"


@dataclass(frozen=True)
class Incoming:
    """A person's message."""

    thread: Thread
    ts: str
    user: str
    text: str
    mentions_weft: bool
    to_somebody_else: bool
    direct: bool
    files: tuple[Mapping[str, Any], ...] = ()

    @property
    def key(self) -> str:
        return message_key(self.thread.team, self.thread.channel, self.ts)

    @property
    def in_thread(self) -> bool:
        return self.thread.thread != self.ts

    @classmethod
    def of(
        cls, message: Mapping[str, Any], team: str, channel: str, bot_user: str | None
    ) -> "Incoming":
        raw = str(message.get("text") or "")
        mentioned = _MENTION.findall(raw)
        starts_with = _MENTION.match(raw.strip())
        return cls(
            thread=Thread(
                team=team, channel=channel, thread=str(message.get("thread_ts") or message["ts"])
            ),
            ts=str(message["ts"]),
            user=str(message["user"]),
            text=read_text(raw, bot_user),
            mentions_weft=bot_user in mentioned,
            to_somebody_else=starts_with is not None and bot_user not in mentioned,
            direct=channel.startswith("D"),
            files=tuple(message.get("files") or ()),
        )


def read_text(raw: str, bot_user: str | None) -> str:
    """What the person typed: without the mention of Weft and without Slack's escapes."""
    text = _MENTION.sub(lambda found: "" if found[1] == bot_user else f"@{found[1]}", raw)
    for pattern, readable in ((_CHANNEL, r"#\1"), (_LINK, r"\1"), (_SPECIAL, r"@\1")):
        text = pattern.sub(readable, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


@dataclass(frozen=True)
class Click:
    """A pressed button."""

    place: Thread  # its thread is where a sentence to the person goes
    user: str
    value: str
    trigger_id: str
    key: str

    @property
    def target(self) -> Target:
        """UserError for a button that is not Weft's."""
        return Target.parse(self.value)

    @classmethod
    def of(cls, body: Mapping[str, Any], team: str) -> "Click":
        action, user = body["actions"][0], str(body["user"]["id"])
        message = body.get("message") or {}
        ts = str(message.get("ts") or body.get("container", {}).get("message_ts", ""))
        thread = str(message.get("thread_ts") or ts)
        return cls(
            place=Thread(
                team=team, channel=str((body.get("channel") or {}).get("id", "")), thread=thread
            ),
            user=user,
            value=_value(action),
            trigger_id=str(body.get("trigger_id", "")),
            key=f"action:{user}:{ts}:{action['action_id']}:{action['action_ts']}",
        )


@dataclass(frozen=True)
class Submission:
    """A submitted form: block id -> what was typed or chosen, empty where nothing was."""

    user: str
    target: Target
    values: Mapping[str, str]
    key: str

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Submission":
        view = body["view"]
        state = view.get("state", {}).get("values", {})
        return cls(
            user=str(body["user"]["id"]),
            target=Target.parse(str(view.get("private_metadata") or "")),
            values={block: _value(next(iter(inputs.values()))) for block, inputs in state.items()},
            key=f"view:{view['id']}:{view.get('hash', '')}",
        )


def _value(state: Mapping[str, Any]) -> str:
    selected = state.get("selected_option") or {}
    given = state.get("value") or selected.get("value") or state.get("selected_date")
    return str(given or "").strip()
