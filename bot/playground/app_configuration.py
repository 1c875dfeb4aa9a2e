"""The app as its manifest registers it in the workspace: secrets, scopes, events, commands."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.playground.people import BOT_ID, TEAM_ID

EVERY_SCOPE = frozenset(
    [
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users:read",
    ]
)
EVERY_EVENT = frozenset(
    [
        "app_home_opened",
        "app_mention",
        "channel_left",
        "file_shared",
        "member_joined_channel",
        "member_left_channel",
        "message.channels",
        "message.im",
        "reaction_added",
        "reaction_removed",
    ]
)


def _token(prefix: str) -> str:
    return f"{prefix}-{TEAM_ID}-{BOT_ID}-{secrets.token_hex(12)}"


@dataclass(frozen=True)
class AppConfiguration:
    """`commands` None: every slash command is the app's; some get names in their text resolved."""

    bot_token: str = field(default_factory=lambda: _token("xoxb"))
    app_token: str = field(default_factory=lambda: _token("xapp"))
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    scopes: frozenset[str] = EVERY_SCOPE
    events: frozenset[str] = EVERY_EVENT
    commands: frozenset[str] | None = None
    escaping_commands: frozenset[str] = frozenset()

    @classmethod
    def of_manifest(cls, path: Path) -> "AppConfiguration":
        """Only what manifest.json asks for is granted and delivered."""
        manifest: dict[str, Any] = json.loads(path.read_text())
        commands = manifest["features"].get("slash_commands", [])
        return cls(
            scopes=frozenset(manifest["oauth_config"]["scopes"]["bot"]),
            events=frozenset(manifest["settings"]["event_subscriptions"]["bot_events"]),
            commands=frozenset(one["command"] for one in commands),
            escaping_commands=frozenset(
                one["command"] for one in commands if one.get("should_escape")
            ),
        )
