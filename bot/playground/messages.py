"""Messages and files as the workspace keeps them and as Slack shows them."""

from dataclasses import dataclass, field
from typing import Any

from bot.playground.people import APP_ID, BOT_ID, TEAM_ID

EARLIER_VERSIONS = 20


@dataclass
class File:
    id: str
    name: str
    title: str
    content: bytes
    snippet_type: str | None
    user: str
    created: int
    alt_text: str = ""  # for people who can't see it
    shares: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def extension(self) -> str:
        return self.snippet_type or (self.name.rpartition(".")[2] if "." in self.name else "text")

    @property
    def mimetype(self) -> str:
        images = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
        return images.get(self.extension, "text/plain")

    def as_json(self, base_url: str) -> dict[str, Any]:
        """As files.info gives it; `base_url` is where its content is fetched."""
        address = f"{base_url}/files-pri/{TEAM_ID}-{self.id}/{self.name}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "alt_txt": self.alt_text,
            "mimetype": self.mimetype,
            "filetype": self.extension,
            "pretty_type": self.extension.upper(),
            "user": self.user,
            "user_team": TEAM_ID,
            "editable": self.snippet_type is not None,
            "size": len(self.content),
            "mode": "snippet" if self.snippet_type else "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": True,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": address,
            "url_private_download": address,
            "permalink": address,
            "file_access": "visible",
            "shares": {"public": self.shares} if self.shares else {},
        }


@dataclass
class Message:
    ts: str
    channel: str
    user: str
    text: str
    thread_ts: str | None = None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    by_bot: bool = False
    subtype: str | None = None
    client_msg_id: str | None = None
    ephemeral_to: str | None = None
    edited: dict[str, str] | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    earlier_blocks: list[list[dict[str, Any]]] = field(default_factory=list)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    def change(self, text: str, blocks: list[dict[str, Any]], editor: str, ts: str) -> None:
        """Earlier blocks are kept: a click may be on its way while its button goes."""
        self.earlier_blocks = [self.blocks, *self.earlier_blocks][:EARLIER_VERSIONS]
        self.text, self.blocks = text, blocks
        self.edited = {"user": editor, "ts": ts}

    def as_json(self, with_metadata: bool = False) -> dict[str, Any]:
        """A message object of the Web API, without what it can't know of its thread."""
        optional = {
            "thread_ts": self.thread_ts,
            "subtype": self.subtype,
            "client_msg_id": self.client_msg_id,
            "edited": self.edited,
            "blocks": self.blocks or None,
            "files": self.files or None,
            "metadata": self.metadata if with_metadata else None,
            "reactions": [
                {"name": name, "users": users, "count": len(users)}
                for name, users in self.reactions.items()
            ]
            or None,
        }
        bot = {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": bot_profile()}
        return {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
            "team": TEAM_ID,
            **(bot if self.by_bot else {}),
            **{name: value for name, value in optional.items() if value is not None},
        }


def bot_profile() -> dict[str, Any]:
    return {
        "id": BOT_ID,
        "app_id": APP_ID,
        "name": "Weft",
        "deleted": False,
        "updated": 1735689600,
        "team_id": TEAM_ID,
        "icons": {"image_36": "", "image_48": "", "image_72": ""},
    }
