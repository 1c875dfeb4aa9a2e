"""Who may do what in a thread. Answers to gates are checked once more where they are recorded."""

from collections.abc import Mapping
from typing import Any

from pipeline.errors import NotAllowed
from pipeline.integration import Integration


def is_person(message: Mapping[str, Any]) -> bool:
    """Whether a person wrote it: neither a bot nor Slack itself."""
    return (
        bool(message.get("user")) and not message.get("bot_id") and message["user"] != "USLACKBOT"
    )


def may_change(integration: Integration, user: str) -> bool:
    return user in integration.people


def require_may_change(integration: Integration, user: str) -> None:
    """NotAllowed for people who neither asked for the integration nor approve it."""
    if not may_change(integration, user):
        names = " or ".join(f"<@{person}>" for person in integration.people)
        raise NotAllowed(f"Only {names} may do that.")
