"""Messages: a request begins an integration; what follows in its thread is said to it."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltContext

from bot.listeners.attachments import Downloads
from bot.listeners.incoming import Incoming
from bot.listeners.live import LiveListener
from bot.permissions import is_person, may_change
from bot.surface import Surface
from pipeline.commands import LiveCommand, asks_for_help, parse_command, parse_live_command
from pipeline.errors import UserError
from pipeline.integration import Attachment, Integration
from pipeline.waiting import help_text

_FROM_PEOPLE = (None, "file_share", "thread_broadcast", "me_message")


class MessageListener:
    def __init__(self, surface: Surface, downloads: Downloads, live: LiveListener) -> None:
        self._surface = surface
        self._downloads = downloads
        self._live = live

    def heard(self, event: dict[str, Any], context: BoltContext) -> None:
        """A `message` or `app_mention` event; a mention in a channel arrives as both."""
        if event.get("subtype") in _FROM_PEOPLE and is_person(event):
            self.take(_incoming(event, context))

    def take(self, incoming: Incoming) -> None:
        integration = self._integration_of(incoming)
        if integration is None:
            if not (incoming.direct or incoming.mentions_weft):
                return
        elif _is_chatter(integration, incoming):
            return
        if incoming.files:
            self._surface.later(self._with_files, incoming, integration)
        else:
            self._say(incoming, integration, [], [])

    def _integration_of(self, incoming: Incoming) -> Integration | None:
        place = incoming.thread
        found = self._surface.store.find(place.team, place.channel, place.thread)
        if found is None and incoming.direct and not incoming.in_thread:
            return self._being_built_in(incoming)
        return found

    def _being_built_in(self, incoming: Incoming) -> Integration | None:
        """In a direct message people seldom use threads: what waits for them there is meant."""
        place = incoming.thread
        waiting = [
            integration
            for integration in self._surface.store.list("active")
            if (integration.team, integration.channel) == (place.team, place.channel)
            and integration.open_gates()
            and not integration.live
        ]
        return waiting[-1] if waiting else None

    def _with_files(self, incoming: Incoming, integration: Integration | None) -> None:
        downloaded = self._downloads.fetch(incoming.thread.team, incoming.files)
        self._say(incoming, integration, downloaded.attachments, downloaded.problems)

    def _say(
        self,
        incoming: Incoming,
        integration: Integration | None,
        attachments: list[Attachment],
        problems: list[str],
    ) -> None:
        surface = self._surface
        if asks_for_help(incoming.text) and not incoming.files:
            self._help(incoming, integration)
            return
        if problems:
            with surface.answering(incoming.thread, incoming.user, f"{incoming.key}:files"):
                raise UserError(" ".join(problems))
        if problems and not incoming.text and not attachments:
            return
        with surface.answering(incoming.thread, incoming.user, incoming.key):
            if integration is None:
                self._start(incoming, attachments)
            else:
                self._reply(integration, incoming, attachments)

    def _help(self, incoming: Incoming, integration: Integration | None) -> None:
        """To that person alone: in a channel, as no thread begins with it."""
        place = incoming.thread
        if integration is None and not incoming.in_thread:
            place = place.model_copy(update={"thread": ""})
        self._surface.whisper(place, incoming.user, help_text(integration), incoming.key)

    def _start(self, incoming: Incoming, attachments: list[Attachment]) -> None:
        integration = self._surface.conversation.start(
            incoming.thread, incoming.user, incoming.text, attachments, event_key=incoming.key
        )
        self._surface.changed(integration.id)

    def _reply(
        self, integration: Integration, incoming: Incoming, attachments: list[Attachment]
    ) -> None:
        conversation, user, key = self._surface.conversation, incoming.user, incoming.key
        if integration.request.id == key:
            return  # the other event of the request itself
        if integration.status == "deleted":
            raise UserError("This integration was deleted. Begin a new one in a new thread.")
        asked = None if attachments else _about_what_is_live(integration, incoming.text)
        if asked is not None:
            self._live.typed(integration, incoming, asked)
            return
        if integration.status == "stopped" and parse_command(incoming.text) is None:
            raise UserError("This integration is stopped. Say “resume” first, then your change.")
        if integration.status == "out-of-scope":
            conversation.edit(integration.id, user, integration.request.id, incoming.text, key)
        else:
            conversation.say(integration.id, user, incoming.text, attachments, key)
        self._surface.changed(integration.id)


def _incoming(event: Mapping[str, Any], context: BoltContext) -> Incoming:
    return Incoming.of(event, str(context.team_id), str(event["channel"]), context.bot_user_id)


def _about_what_is_live(integration: Integration, text: str) -> LiveCommand | None:
    """An order about what is live; “resume” first means work that was stopped."""
    asked = parse_live_command(text)
    if asked is None or asked.verb != "resume" or asked.environment:
        return asked
    is_paused = any(live.paused for live in integration.live.values())
    return asked if is_paused and integration.status == "active" else None


def _is_chatter(integration: Integration, incoming: Incoming) -> bool:
    """People talking among themselves in the thread."""
    if incoming.mentions_weft:
        return False
    return incoming.to_somebody_else or not may_change(integration, incoming.user)
