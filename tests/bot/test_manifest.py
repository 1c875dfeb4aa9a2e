"""manifest.json asks for exactly what the code uses."""

import ast
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot import listeners
from bot.listeners.commands import COMMAND
from bot.manifest import manifest

BOT = Path(__file__).parent.parent.parent / "bot"

# What Slack wants for each method that the surface calls.
METHODS = {
    "auth_test": set(),
    "apps_connections_open": set(),  # of the app's own token
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "files_info": {"files:read"},
    "views_open": set(),
}
EVENTS = {
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "tokens_revoked": set(),
}


def _called() -> set[str]:
    """The Web API methods that the bot's code names."""
    found = set()
    files = [path for path in BOT.rglob("*.py") if "playground" not in path.parts]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and re.match(
                r"(chat|views|files|conversations|users|reactions|auth|apps)_[a-z]", node.attr
            ):
                found.add(node.attr)
    return found


def _events() -> set[str]:
    """What the routing table listens to."""
    heard: set[str] = set()

    class App:
        def event(self, event: Any) -> Any:
            heard.add(event if isinstance(event, str) else event["type"])
            return lambda handler: handler

        def __getattr__(self, name: str) -> Any:
            return lambda *_: lambda handler: handler

    listeners.register(App(), SimpleNamespace(), None, None)  # type: ignore[arg-type]
    return heard


def test_every_method_is_known_here() -> None:
    assert _called() == set(METHODS)


def test_the_events_are_those_listened_to() -> None:
    asked = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert set(asked) == set(EVENTS)
    assert {event.split(".")[0] for event in asked} == _events()


def test_the_scopes_are_those_used() -> None:
    needed = {"commands", "files:read"}  # files:read also fetches what people attach
    for scopes in [*METHODS.values(), *EVENTS.values()]:
        needed |= scopes
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == needed


def test_the_command_is_the_one_listened_to() -> None:
    commands = manifest()["features"]["slash_commands"]
    assert [command["command"] for command in commands] == [COMMAND]


def test_it_is_plain_json() -> None:
    text = (BOT.parent / "manifest.json").read_text()
    assert json.loads(text) == manifest()
