"""What every payload to the bot carries around its content, as in Slack's published samples."""

from typing import Any

from bot.playground.messages import Message
from bot.playground.people import APP_ID, BOT_USER, TEAM_ID, Channel, User
from bot.playground.workspace import Workspace

VERIFICATION_TOKEN = "deprecated-use-the-signature"


def event(workspace: Workspace, content: dict[str, Any], channel: str) -> dict[str, Any]:
    """An event_callback of the Events API around one event."""
    event_ts = content["event_ts"]
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": content,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(float(event_ts)),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{TEAM_ID}-{APP_ID}-{channel}",
    }


def command(
    workspace: Workspace, user: User, channel: Channel, name: str, text: str
) -> dict[str, Any]:
    """A slash command, without its trigger and response address."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.kind == "im" else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }


def interaction(workspace: Workspace, kind: str, user: User) -> dict[str, Any]:
    """What block_actions, view_submission and view_closed have in common."""
    return {
        "type": kind,
        "team": {"id": TEAM_ID, "domain": workspace.domain},
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": TEAM_ID,
        },
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_container(message: Message, channel: Channel) -> dict[str, Any]:
    """Where a clicked message stands."""
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    name = "directmessage" if channel.kind == "im" else channel.name
    return {"container": container, "channel": {"id": channel.id, "name": name}}
