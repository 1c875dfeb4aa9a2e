"""Payloads with every field that Slack's published samples of each event and interaction have."""

from typing import Any

TEAM, CHANNEL, USER, WEFT = "T0WEFT0001", "C0INTEGR01", "U0OPS00001", "U0WEFTBOT1"
TS = "1700000000.000100"

Json = dict[str, Any]


def event(content: Json) -> Json:
    return {
        "token": "t",
        "enterprise_id": "",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": "A0WEFT0001",
        "event": content,
        "type": "event_callback",
        "authed_users": [WEFT],
        "authed_teams": [],
        "is_ext_shared_channel": False,
        "event_id": "Ev1",
        "event_time": 1700000000,
        "event_context": "4-x",
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": WEFT,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }


def message(text: str = f"<@{WEFT}> sync orders", **more: Any) -> Json:
    return {
        "client_msg_id": "0a1b",
        "type": "message",
        "text": text,
        "user": USER,
        "team": TEAM,
        "channel": CHANNEL,
        "event_ts": TS,
        "ts": TS,
        "channel_type": "channel",
        "blocks": [
            {
                "type": "rich_text",
                "block_id": "b",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
                ],
            }
        ],
        "source_team": TEAM,
        "user_team": TEAM,
    } | more


FILE: Json = {
    "id": "F1",
    "created": 1700000000,
    "timestamp": 1700000000,
    "name": "notes.png",
    "title": "notes.png",
    "mimetype": "image/png",
    "filetype": "png",
    "pretty_type": "PNG",
    "user": USER,
    "editable": False,
    "size": 10,
    "mode": "hosted",
    "is_external": False,
    "external_type": "",
    "is_public": True,
    "public_url_shared": False,
    "display_as_bot": False,
    "username": "",
    "url_private": "https://files.example.com/F1/notes.png",
    "url_private_download": "https://files.example.com/F1/download/notes.png",
    "permalink": "https://example.slack.com/files/F1",
    "has_rich_preview": False,
    "file_access": "visible",
}

BEGINS = {
    "message": event(message()),
    "app_mention": event(message(type="app_mention")),
    "message in a private channel": event(message(channel_type="group")),
    "direct message": event(message("sync orders", channel="D0OPS00001", channel_type="im")),
    "broadcast of a reply": event(
        message(subtype="thread_broadcast", thread_ts="1699.1", root=message(ts="1699.1"))
    ),
    "me_message": event(message(subtype="me_message")),
    "file_share": event(message(subtype="file_share", files=[FILE], upload=False)),
}

CHANGES_NOTHING = {
    "message without a mention": event(message("hello")),
    "bot_message": event(
        message(
            subtype="bot_message",
            bot_id="B2",
            username="other",
            user=None,
            bot_profile={"id": "B2"},
        )
    ),
    "message of another app": event(message(bot_id="B2", app_id="A2")),
    "own message": event(message(user=WEFT, bot_id="B0WEFT0001")),
    "channel_join": event(message(subtype="channel_join", inviter=USER)),
    "channel_topic": event(message(subtype="channel_topic", topic="x")),
    "message_replied": event(
        {
            "type": "message",
            "subtype": "message_replied",
            "message": message(reply_count=1, replies=[{"user": USER, "ts": "1.2"}]),
            "channel": CHANNEL,
            "event_ts": TS,
            "ts": TS,
        }
    ),
    "ekm_access_denied": event(
        message(subtype="ekm_access_denied", is_hidden_by_limit=1, user="UREVOKEDU", hidden=True)
    ),
    "message_changed by a preview": event(
        {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "message": message(attachments=[{"id": 1}]),
            "previous_message": message(),
            "channel": CHANNEL,
            "event_ts": TS,
            "ts": TS,
            "channel_type": "channel",
        }
    ),
    "message_deleted": event(
        {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": TS,
            "previous_message": message(),
            "channel": CHANNEL,
            "event_ts": TS,
            "ts": TS,
            "channel_type": "channel",
        }
    ),
    "reaction_added": event(
        {
            "type": "reaction_added",
            "user": USER,
            "item": {"type": "message", "channel": CHANNEL, "ts": TS},
            "reaction": "x",
            "item_user": USER,
            "event_ts": TS,
        }
    ),
    "reaction_added to a file": event(
        {
            "type": "reaction_added",
            "user": USER,
            "item": {"type": "file", "file": "F1"},
            "reaction": "x",
            "item_user": USER,
            "event_ts": TS,
        }
    ),
    "member_joined_channel": event(
        {
            "type": "member_joined_channel",
            "user": WEFT,
            "channel": CHANNEL,
            "channel_type": "C",
            "team": TEAM,
            "inviter": USER,
            "event_ts": TS,
        }
    ),
    "member_left_channel": event(
        {
            "type": "member_left_channel",
            "user": WEFT,
            "channel": CHANNEL,
            "channel_type": "C",
            "team": TEAM,
            "event_ts": TS,
        }
    ),
    "app_uninstalled": event({"type": "app_uninstalled", "event_ts": TS}),
    "tokens_revoked": event(
        {"type": "tokens_revoked", "tokens": {"oauth": [USER], "bot": [WEFT]}, "event_ts": TS}
    ),
}

COMMAND = {
    "token": "t",
    "team_id": TEAM,
    "team_domain": "acme",
    "enterprise_id": "",
    "enterprise_name": "",
    "channel_id": CHANNEL,
    "channel_name": "integrations",
    "user_id": USER,
    "user_name": "maya",
    "command": "/integrate",
    "text": "sync new Shopify orders to QuickBooks",
    "api_app_id": "A0WEFT0001",
    "is_enterprise_install": "false",
    "response_url": "http://127.0.0.1:9/response",
    "trigger_id": "1.2.3",
}


def _interaction(kind: str) -> Json:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "acme", "enterprise_id": "", "enterprise_name": ""},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": USER, "username": "maya", "name": "maya", "team_id": TEAM},
        "api_app_id": "A0WEFT0001",
        "token": "t",
        "trigger_id": "1.2.3",
    }


def block_actions(action_id: str, value: str) -> Json:
    return _interaction("block_actions") | {
        "container": {
            "type": "message",
            "message_ts": "1700000001.000200",
            "channel_id": CHANNEL,
            "is_ephemeral": False,
            "thread_ts": TS,
        },
        "channel": {"id": CHANNEL, "name": "integrations"},
        "message": message("Plan", ts="1700000001.000200", thread_ts=TS, user=WEFT, bot_id="B1"),
        "state": {"values": {}},
        "response_url": "http://127.0.0.1:9/actions",
        "actions": [
            {
                "action_id": action_id,
                "block_id": "b",
                "text": {"type": "plain_text", "text": "Approve plan", "emoji": True},
                "value": value,
                "style": "primary",
                "type": "button",
                "action_ts": "1700000002.000300",
            }
        ],
    }


def view_submission(callback_id: str, metadata: str, values: Json) -> Json:
    return _interaction("view_submission") | {
        "view": {
            "id": "V1",
            "team_id": TEAM,
            "type": "modal",
            "blocks": [],
            "private_metadata": metadata,
            "callback_id": callback_id,
            "state": {"values": values},
            "hash": "1700000000.abc",
            "title": {"type": "plain_text", "text": "Form", "emoji": True},
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": {"type": "plain_text", "text": "Send", "emoji": True},
            "previous_view_id": None,
            "root_view_id": "V1",
            "app_id": "A0WEFT0001",
            "external_id": "",
            "app_installed_team_id": TEAM,
            "bot_id": "B0WEFT0001",
        },
        "response_urls": [],
    }
