"""Messages that people edit or delete after sending them."""

from typing import Any

from slack_bolt import BoltContext

from bot.listeners.incoming import Incoming, message_key
from bot.listeners.messages import MessageListener
from bot.permissions import is_person, may_change
from bot.surface import Surface
from pipeline.conversation import Thread


class EditListener:
    def __init__(self, surface: Surface, messages: MessageListener) -> None:
        self._surface = surface
        self._messages = messages

    def changed(self, event: dict[str, Any], context: BoltContext) -> None:
        message, before = event["message"], event.get("previous_message") or {}
        if message.get("subtype") == "tombstone":  # deleted, with replies left under it
            self._gone(str(message["ts"]), event, context)
            return
        if not is_person(message) or message.get("text") == before.get("text"):
            return  # a preview of a link appeared, or the like
        team, channel = str(context.team_id), str(event["channel"])
        incoming = Incoming.of(message, team, channel, context.bot_user_id)
        place, surface = incoming.thread, self._surface
        integration = surface.store.find(place.team, place.channel, place.thread)
        if integration is None:
            self._messages.take(incoming)  # where Weft is mentioned now, it begins
            return
        if not may_change(integration, incoming.user):
            return
        edited = (message.get("edited") or {}).get("ts") or event["ts"]
        key = f"edit:{incoming.key}:{edited}"
        with surface.answering(place, incoming.user, key):
            surface.conversation.edit(
                integration.id, incoming.user, incoming.key, incoming.text, key
            )
            surface.changed(integration.id)

    def deleted(self, event: dict[str, Any], context: BoltContext) -> None:
        """Whoever deletes the request wants it no more: the work stops, what is live stays."""
        self._gone(str(event["deleted_ts"]), event, context)

    def _gone(self, gone: str, event: dict[str, Any], context: BoltContext) -> None:
        before = event.get("previous_message") or {}
        team, channel = str(context.team_id), str(event["channel"])
        thread = str(before.get("thread_ts") or gone)
        surface = self._surface
        integration = surface.store.find(team, channel, thread)
        if integration is None or integration.status != "active":
            return
        if gone != thread and integration.request.id != message_key(team, channel, gone):
            return
        key = f"deleted:{message_key(team, channel, gone)}"
        person = integration.requester
        with surface.answering(Thread.of(integration), person, key):
            surface.conversation.stop(integration.id, person, key)
