"""`:x:` on one of Weft's messages, or on the request, stops the work."""

from typing import Any

from slack_bolt import BoltContext

from bot.permissions import may_change
from bot.surface import Surface
from pipeline.conversation import Thread
from pipeline.integration import Integration

STOP = "x"


class ReactionListener:
    def __init__(self, surface: Surface) -> None:
        self._surface = surface

    def added(self, event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        item = event.get("item") or {}
        if event.get("reaction") != STOP or item.get("type") != "message":
            return
        arguments = (str(context.team_id), str(item["channel"]), str(item["ts"]))
        on_weft = event.get("item_user") == context.bot_user_id
        key = f"event:{body.get('event_id')}"
        self._surface.later(self._stop, *arguments, on_weft, str(event["user"]), key)

    def _stop(self, team: str, channel: str, ts: str, on_weft: bool, user: str, key: str) -> None:
        integration = self._integration(team, channel, ts, on_weft)
        if integration is None or integration.status != "active":
            return
        if not may_change(integration, user):
            return  # a stranger's opinion
        place = Thread(team=team, channel=channel, thread=integration.thread)
        with self._surface.answering(place, user, key):
            self._surface.conversation.stop(integration.id, user, key)

    def _integration(self, team: str, channel: str, ts: str, on_weft: bool) -> Integration | None:
        found = self._surface.store.find(team, channel, ts)
        if found is None and on_weft:
            root = self._surface.gateway.root_of(team, channel, ts)
            found = self._surface.store.find(team, channel, root)
        return found
