"""A person uses an element of a message or a modal: block_actions."""

from typing import Any

from bot.playground.blockkit.validation import elements_of
from bot.playground.delivery import envelopes
from bot.playground.delivery.transports import Delivery, NotDelivered
from bot.playground.errors import PlaygroundError
from bot.playground.interaction.elements import action
from bot.playground.interaction.forms import values_of
from bot.playground.messages import Message
from bot.playground.slack import Slack


async def click(slack: Slack, user: str, given: dict[str, Any]) -> None:
    """`given`: channel and message_ts, or view_id; block_id, action_id and what was chosen."""
    payload = (
        _in_view(slack, user, given) if given.get("view_id") else _in_message(slack, user, given)
    )
    try:
        await slack.courier.ask(Delivery("interactive", payload))
    except NotDelivered as failure:
        raise PlaygroundError(f"Weft did not take this: {failure.reason}.") from None


def _in_message(slack: Slack, user: str, given: dict[str, Any]) -> dict[str, Any]:
    person = slack.workspace.user(user)
    channel = slack.workspace.channel(str(given.get("channel")))
    message = slack.workspace.message(channel.id, str(given.get("message_ts")))
    if message.ephemeral_to not in (None, user):
        raise PlaygroundError("Only the person who sees this message can use it.")
    element, blocks = _element_of_message(message, given)
    shown = slack.workspace.as_json(message, with_metadata=True)
    return (
        envelopes.interaction(slack.workspace, "block_actions", person)
        | envelopes.message_container(message, channel)
        | {
            "trigger_id": slack.triggers.issue(user),
            "message": shown | {"blocks": blocks},
            "state": {"values": values_of({"blocks": blocks}, given.get("values") or {})},
            "response_url": slack.response_urls.issue(channel.id, user, message),
            "actions": [action(element, given["block_id"], given, slack.workspace.new_ts())],
        }
    )


def _in_view(slack: Slack, user: str, given: dict[str, Any]) -> dict[str, Any]:
    person = slack.workspace.user(user)
    opened = slack.modals.opened(str(given["view_id"]), user)
    element = _element(opened.view["blocks"], given)
    if element is None:
        raise PlaygroundError("This window does not have that button.")
    opened.values = values_of(opened.view, given.get("values") or opened.values)
    return envelopes.interaction(slack.workspace, "block_actions", person) | {
        "container": {"type": "view", "view_id": opened.id},
        "trigger_id": slack.triggers.issue(user, opened.id),
        "view": opened.as_json(),
        "actions": [action(element, given["block_id"], given, slack.workspace.new_ts())],
    }


def _element_of_message(
    message: Message, given: dict[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Also of an earlier version: a click may be on its way while its button goes."""
    for blocks in [message.blocks, *message.earlier_blocks]:
        element = _element(blocks, given)
        if element is not None:
            return element, blocks
    raise PlaygroundError("This message does not have that button.")


def _element(blocks: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any] | None:
    for block in blocks:
        for element in elements_of(block):
            if (block["block_id"], element.get("action_id")) == (
                given.get("block_id"),
                given.get("action_id"),
            ):
                return element
    return None
