"""Weft's own coming and going: into channels, and out of workspaces."""

import logging
from typing import Any

from slack_bolt import BoltContext

from bot.installations import SlackInstallations
from bot.surface import Surface
from pipeline.errors import AlreadyHandled

_logger = logging.getLogger(__name__)


class MembershipListener:
    def __init__(self, surface: Surface, installations: SlackInstallations) -> None:
        self._surface = surface
        self._installations = installations

    def joined(self, event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        """Back in a channel, it shows once more what waits for an answer there."""
        if event.get("user") != context.bot_user_id:
            return
        for integration in self._surface.store.list("active"):
            if (integration.team, integration.channel) == (context.team_id, event["channel"]):
                try:
                    self._surface.conversation.show_again(
                        integration.id, f"event:{body.get('event_id')}"
                    )
                except AlreadyHandled:
                    _logger.info("delivered again: %s", body.get("event_id"))

    def left(self, event: dict[str, Any], context: BoltContext) -> None:
        """Nothing is lost: what can't be shown is recorded, and shown when Weft is back."""
        if event.get("user") == context.bot_user_id:
            _logger.warning("removed from the channel %s", event.get("channel"))

    def revoked(self, event: dict[str, Any], context: BoltContext) -> None:
        """Tokens of people are revoked too: Weft has none of those."""
        if (event.get("tokens") or {}).get("bot"):
            self.uninstalled(context)

    def uninstalled(self, context: BoltContext) -> None:
        """What was built stays live; what is said meanwhile is recorded as not delivered."""
        self._installations.delete_all(enterprise_id=context.enterprise_id, team_id=context.team_id)
        _logger.warning("removed from the workspace %s", context.team_id)
