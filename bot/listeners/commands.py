"""`/integrate`: it can't run inside a thread, so it begins one."""

from typing import Any

from slack_bolt import Ack, BoltContext, Respond

from bot.surface import Surface
from bot.thread_poster.errors import NoWayIn
from bot.views.pieces import escape, person, sentence
from pipeline.commands import asks_for_help
from pipeline.conversation import Thread
from pipeline.errors import ServiceError, UserError
from pipeline.intake import take_in
from pipeline.waiting import help_text

COMMAND = "/integrate"
_INVITE = "I am not in this channel. Invite me with “/invite @weft”, then send the command again."


class CommandListener:
    def __init__(self, surface: Surface) -> None:
        self._surface = surface

    def integrate(
        self, ack: Ack, command: dict[str, Any], context: BoltContext, respond: Respond
    ) -> None:
        if asks_for_help(str(command.get("text") or "")):
            ack(sentence(help_text(None)))
            return
        try:
            text = take_in(str(command.get("text") or ""), [], self._surface.catalogue).text
        except UserError as error:
            ack(sentence(str(error)))
            return
        ack()
        place = (str(context.team_id), str(command["channel_id"]), str(command["user_id"]))
        self._surface.later(self._begin, *place, text, str(command["text"]), respond)

    def _begin(
        self, team: str, channel: str, user: str, shown: str, text: str, respond: Respond
    ) -> None:
        """`shown` is the text with secrets blacked out: it is what the channel sees."""
        surface = self._surface
        try:
            root = surface.gateway.begin(team, channel, f"{person(user)} asks: {escape(shown)}")
            integration = surface.conversation.start(
                Thread(team=team, channel=channel, thread=root), user, text
            )
        except NoWayIn:
            respond(_INVITE)
        except (UserError, ServiceError) as error:
            respond(sentence(str(error)))
        else:
            surface.changed(integration.id)
