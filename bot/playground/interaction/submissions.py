"""A person submits or closes a modal, and the bot's answer changes what they see."""

from typing import Any

from bot.playground.delivery import envelopes
from bot.playground.delivery.transports import Delivery, NotDelivered
from bot.playground.errors import PlaygroundError, SlackError
from bot.playground.interaction import writing
from bot.playground.interaction.forms import complaints, values_of
from bot.playground.interaction.modals import OpenView
from bot.playground.slack import Slack
from bot.playground.web_api.views import checked_view


async def submit(
    slack: Slack, user: str, view_id: str, values: dict[str, Any]
) -> dict[str, Any] | None:
    """None when it was taken, or {block_id: complaint}. PlaygroundError when it wasn't taken."""
    person, opened = slack.workspace.user(user), slack.modals.opened(view_id, user)
    opened.values = values_of(opened.view, _with_stored_files(slack, user, values))
    if refused := complaints(opened.view, opened.values):
        return refused
    payload = envelopes.interaction(slack.workspace, "view_submission", person) | {
        "trigger_id": slack.triggers.issue(user, opened.id),
        "view": opened.as_json(),
        "response_urls": [],
    }
    try:
        answer = await slack.courier.ask(Delivery("interactive", payload))
    except NotDelivered:
        raise PlaygroundError("We had some trouble connecting. Try again?") from None
    try:
        return _respond(slack, opened, answer.body)
    except SlackError as error:
        raise PlaygroundError(f"Weft answered wrongly: {error.code}") from None


async def close(slack: Slack, user: str, view_id: str) -> None:
    """With clear_on_close the whole stack goes; the bot hears of those that asked for it."""
    person, opened = slack.workspace.user(user), slack.modals.opened(view_id, user)
    cleared = bool(opened.view.get("clear_on_close"))
    closed = slack.modals.clear(user) if cleared else [opened]
    if not cleared:
        slack.modals.close(opened)
    for view in closed:
        if view.view.get("notify_on_close"):
            payload = envelopes.interaction(slack.workspace, "view_closed", person) | {
                "view": view.as_json(),
                "is_cleared": cleared,
            }
            slack.courier.start(_notify(slack, Delivery("interactive", payload)))


async def _notify(slack: Slack, delivery: Delivery) -> None:
    try:
        await slack.courier.ask(delivery)
    except NotDelivered:
        return  # the attempt is recorded, and nobody waits for it


def _with_stored_files(slack: Slack, user: str, values: dict[str, Any]) -> dict[str, Any]:
    """File inputs give content; the bot gets files that it can ask for."""
    return {
        block: {
            name: given | {"files": [_known_file(slack, user, one) for one in given["files"]]}
            if isinstance(given, dict) and given.get("files")
            else given
            for name, given in elements.items()
        }
        for block, elements in values.items()
    }


def _known_file(slack: Slack, user: str, given: dict[str, Any]) -> dict[str, Any]:
    return writing.stored_file(slack, user, given).as_json(slack.base_url)


def _respond(slack: Slack, opened: OpenView, body: Any) -> dict[str, Any] | None:
    """Do the response action; without one the modal closes."""
    if body in (None, "", {}):
        slack.modals.close(opened)
        return None
    with slack.calls.recorded("response_action", body):
        return _act(slack, opened, body if isinstance(body, dict) else {})


def _act(slack: Slack, opened: OpenView, body: dict[str, Any]) -> dict[str, Any] | None:
    match body.get("response_action"):
        case "clear":
            slack.modals.clear(opened.user)
        case "errors":
            return _errors(opened, body.get("errors"))
        case "update":
            slack.modals.update(opened, checked_view(slack, body.get("view") or {}))
        case "push":
            slack.modals.push(opened.user, checked_view(slack, body.get("view") or {}))
        case _:
            raise SlackError("invalid_response_action")
    return None


def _errors(opened: OpenView, errors: Any) -> dict[str, Any]:
    """Only input blocks of the view can show one."""
    inputs = {block["block_id"] for block in opened.view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise SlackError("invalid_response_action_errors")
    return errors
