"""views.*: modals, opened by a trigger, and App Home."""

import json
from typing import Any

from bot.playground.blockkit.validation import check_view
from bot.playground.errors import SlackError
from bot.playground.people import BOT_USER
from bot.playground.slack import Slack
from bot.playground.web_api.content import named
from bot.playground.web_api.method import Arguments, Json, Method


class Open(Arguments):
    view: Json
    trigger_id: str | None = None
    interactivity_pointer: str | None = None


class Update(Arguments):
    view: Json
    view_id: str | None = None
    external_id: str | None = None
    hash: str | None = None


class Publish(Arguments):
    view: Json
    user_id: str
    hash: str | None = None


def checked_view(slack: Slack, view: dict[str, Any], kind: str = "modal") -> dict[str, Any]:
    """A copy with every block named. SlackError when it breaks a rule or is of another kind."""
    check_view(view)
    if view["type"] != kind:
        raise SlackError("invalid_arguments", f"[ERROR] view must be a {kind}")
    copy: dict[str, Any] = json.loads(json.dumps(view))
    return copy | {"blocks": named(slack, view["blocks"])}


def open_view(slack: Slack, arguments: Open) -> dict[str, Any]:
    view = checked_view(slack, arguments.view)
    trigger = slack.triggers.exchange(arguments.trigger_id)
    return {"view": slack.modals.open(trigger.user, view).as_json()}


def push(slack: Slack, arguments: Open) -> dict[str, Any]:
    """Only onto the modal in which the person acted."""
    view = checked_view(slack, arguments.view)
    trigger = slack.triggers.exchange(arguments.trigger_id)
    if trigger.view_id is None:
        raise SlackError("invalid_trigger_id")
    return {"view": slack.modals.push(trigger.user, view).as_json()}


def update(slack: Slack, arguments: Update) -> dict[str, Any]:
    if arguments.view_id is None and arguments.external_id is None:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: view_id")
    opened = slack.modals.find(arguments.view_id, arguments.external_id)
    view = checked_view(slack, arguments.view, opened.view["type"])
    return {"view": slack.modals.update(opened, view, arguments.hash).as_json()}


def publish(slack: Slack, arguments: Publish) -> dict[str, Any]:
    if arguments.user_id not in slack.workspace.users or arguments.user_id == BOT_USER:
        raise SlackError("invalid_arguments", "[ERROR] invalid `user_id`")
    view = checked_view(slack, arguments.view, "home")
    return {"view": slack.modals.publish_home(arguments.user_id, view, arguments.hash).as_json()}


METHODS = {
    "views.open": Method(Open, open_view, (), "4"),
    "views.push": Method(Open, push, (), "4"),
    "views.update": Method(Update, update, (), "4"),
    "views.publish": Method(Publish, publish, (), "4"),
}
