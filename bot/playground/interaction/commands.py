"""Slash commands: the workspace's own two, and those of the app."""

import re

from bot.playground.delivery import envelopes
from bot.playground.delivery.transports import Delivery, NotDelivered
from bot.playground.errors import PlaygroundError, SlackError
from bot.playground.interaction import writing
from bot.playground.interaction.answers import use_reply
from bot.playground.interaction.response_urls import ResponseURL
from bot.playground.people import BOT_USER
from bot.playground.slack import Slack

_OWN = {"/invite": writing.invite, "/remove": writing.remove}


def _resolved(slack: Slack, text: str) -> str:
    """Names as should_escape has them: a person's id with the name."""
    markup, _ = writing.composed(slack, text)
    users = slack.workspace.users
    return re.sub(r"<@(\w+)>", lambda found: f"<@{found[1]}|{users[found[1]].name}>", markup)


async def command(slack: Slack, user: str, channel_id: str, name: str, text: str) -> None:
    """PlaygroundError with what Slack shows when the app doesn't take it in time."""
    if (own := _OWN.get(name)) is not None:
        if text.strip() != f"@{slack.workspace.users[BOT_USER].name}":
            raise PlaygroundError(f"Name the app: {name} @weft")
        own(slack, user, channel_id)
        return
    if slack.app.commands is not None and name not in slack.app.commands:
        raise PlaygroundError(f"{name} is not a valid command.")
    person, channel = slack.workspace.user(user), slack.workspace.channel(channel_id)
    sent = _resolved(slack, text) if name in slack.app.escaping_commands else text
    payload = envelopes.command(slack.workspace, person, channel, name, sent) | {
        "response_url": slack.response_urls.issue(channel.id, user),
        "trigger_id": slack.triggers.issue(user),
    }
    try:
        answer = await slack.courier.ask(Delivery("slash_commands", payload))
    except NotDelivered as failure:
        text = f"{name} failed with the error “{failure.reason}”"
        writing.tell_privately(slack, user, channel.id, text)
        raise PlaygroundError(text) from None
    address = ResponseURL(channel.id, user, None, slack.clock.now())
    try:
        use_reply(slack, address, answer.body)
    except SlackError as error:
        raise PlaygroundError(f"{name} was answered wrongly: {error.code}") from None
