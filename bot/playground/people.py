"""Who and what is in the workspace before anyone has said anything."""

from dataclasses import dataclass, field
from typing import Any, Literal

TEAM_ID = "T0WEFT0001"
APP_ID = "A0WEFT0001"
BOT_ID = "B0WEFT0001"
BOT_USER = "U0WEFTBOT1"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class User:
    id: str
    name: str
    real_name: str
    color: str
    role: str
    is_bot: bool = False

    def as_json(self) -> dict[str, Any]:
        """As users.info gives it."""
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "name": self.name,
            "deleted": False,
            "color": self.color,
            "real_name": self.real_name,
            "tz": "Europe/London",
            "tz_label": "Greenwich Mean Time",
            "tz_offset": 0,
            "profile": {
                "real_name": self.real_name,
                "display_name": self.name,
                "team": TEAM_ID,
                **({"api_app_id": APP_ID, "bot_id": BOT_ID} if self.is_bot else {}),
            },
            "is_admin": False,
            "is_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1735689600,
        }


@dataclass
class Channel:
    id: str
    name: str
    kind: Literal["channel", "im"]
    members: list[str] = field(default_factory=list)

    def as_json(self, reader: str) -> dict[str, Any]:
        """As conversations.info gives it to `reader`."""
        common: dict[str, Any] = {"id": self.id, "created": 1735689600, "is_archived": False}
        if self.kind == "im":
            other = next((member for member in self.members if member != reader), reader)
            return common | {"is_im": True, "is_org_shared": False, "user": other}
        return common | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": False,
            "is_general": self.name == "general",
            "is_member": reader in self.members,
            "context_team_id": TEAM_ID,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


def first_users() -> list[User]:
    """The person who asks, the one who builds, one who is in no integration, and the bot."""
    return [
        User("U0OPS00001", "maya", "Maya Okafor", "2f6f4f", "operations"),
        User("U0ENG00001", "jonas", "Jonas Lindqvist", "3b5b92", "integration engineer"),
        User("U0GUEST001", "priya", "Priya Raman", "8a5a2b", "in no integration"),
        User(BOT_USER, "weft", "Weft", "4a3aa7", "builds integrations", is_bot=True),
    ]


def first_channels() -> list[Channel]:
    """The bot is in #integrations, not in #general; each person has a direct message with it."""
    people = [user.id for user in first_users() if not user.is_bot]
    return [
        Channel("C0INTEGR01", "integrations", "channel", [*people, BOT_USER]),
        Channel("C0GENERAL1", "general", "channel", [*people]),
        *(Channel(f"D{person[1:]}", "weft", "im", [person, BOT_USER]) for person in people),
    ]
