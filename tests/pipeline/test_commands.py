"""Typed commands: whole messages only."""

import pytest

from pipeline.commands import Command, parse_command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("approve", Command(verb="approve")),
        ("  Approve the PLAN! ", Command(verb="approve", gate="plan")),
        ("approve setup", Command(verb="approve", gate="set-up")),
        ("stop", Command(verb="stop")),
        ("please stop this", Command(verb="stop")),
        ("use the mock for shopify", Command(verb="mock", subject="shopify")),
        ("use mocks", Command(verb="mock")),
        ("deploy to production", Command(verb="deploy", subject="production")),
        ("try again", Command(verb="retry")),
    ],
)
def test_commands(text: str, command: Command) -> None:
    assert parse_command(text) == command


@pytest.mark.parametrize(
    "text",
    ["", "approve it if hourly", "don't approve", "stop syncing test orders", "deploy", "👍"],
)
def test_anything_else_is_for_the_analyst(text: str) -> None:
    assert parse_command(text) is None
