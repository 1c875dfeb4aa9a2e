"""Who is who: auth.test, users.*, bots.info, team.info; and the Socket Mode address."""

from typing import Any

from bot.playground.errors import SlackError
from bot.playground.people import APP_ID, BOT_ID, BOT_USER, TEAM_ID
from bot.playground.slack import Slack
from bot.playground.web_api.method import Arguments, Method


class Nothing(Arguments):
    pass


class UserArguments(Arguments):
    user: str
    include_locale: bool | None = None


class Users(Arguments):
    cursor: str | None = None
    limit: int | None = None
    include_locale: bool | None = None


class Bot(Arguments):
    bot: str | None = None


class Team(Arguments):
    team: str | None = None
    domain: str | None = None


def auth_test(slack: Slack, _: Nothing) -> dict[str, Any]:
    return {
        "url": f"{slack.base_url}/",
        "team": slack.workspace.name,
        "user": slack.workspace.users[BOT_USER].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def users_info(slack: Slack, arguments: UserArguments) -> dict[str, Any]:
    user = slack.workspace.users.get(arguments.user)
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user.as_json()}


def users_list(slack: Slack, _: Users) -> dict[str, Any]:
    members = [user.as_json() for user in slack.workspace.users.values()]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


def bots_info(slack: Slack, arguments: Bot) -> dict[str, Any]:
    if arguments.bot not in (None, BOT_ID):
        raise SlackError("bot_not_found")
    bot = {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER, "name": "Weft", "deleted": False}
    return {"bot": {**bot, "updated": 1735689600, "icons": {}}}


def team_info(slack: Slack, arguments: Team) -> dict[str, Any]:
    if arguments.team not in (None, TEAM_ID):
        raise SlackError("team_not_found")
    workspace = slack.workspace
    return {"team": {"id": TEAM_ID, "name": workspace.name, "domain": workspace.domain}}


def connections_open(slack: Slack, _: Nothing) -> dict[str, Any]:
    address = slack.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/socket-mode/?ticket={slack.socket_mode.ticket()}"}


METHODS = {
    "auth.test": Method(Nothing, auth_test, (), "special"),
    "users.info": Method(UserArguments, users_info, ("users:read",), "4"),
    "users.list": Method(Users, users_list, ("users:read",), "2"),
    "bots.info": Method(Bot, bots_info, ("users:read",), "3"),
    "team.info": Method(Team, team_info, ("team:read",), "3"),
    "apps.connections.open": Method(Nothing, connections_open, (), "special", "app"),
}
