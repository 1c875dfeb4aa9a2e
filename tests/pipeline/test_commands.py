"""Typed commands: whole messages only."""

import pytest

from pipeline.commands import Command, LiveCommand, asks_for_help, parse_command, parse_live_command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("approve", Command(verb="approve")),
        ("  Approve the PLAN! ", Command(verb="approve", gate="plan")),
        ("Looks good to me!", Command(verb="approve")),
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
    ("text", "asked"),
    [("help", True), (" What can I say?", True), ("help me sync orders", False), ("", False)],
)
def test_help(text: str, asked: bool) -> None:
    assert asks_for_help(text) is asked


@pytest.mark.parametrize(
    "text",
    ["", "approve it if hourly", "don't approve", "stop syncing test orders", "deploy", "👍"],
)
def test_anything_else_is_for_the_analyst(text: str) -> None:
    assert parse_command(text) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Run now", LiveCommand(verb="run")),
        ("run it now on production", LiveCommand(verb="run", environment="production")),
        ("run orders-to-rows now", LiveCommand(verb="run", argument="orders-to-rows")),
        ("replay", LiveCommand(verb="replay")),
        (
            "replay the failed events on production",
            LiveCommand(verb="replay", environment="production"),
        ),
        ("show me the logs.", LiveCommand(verb="logs")),
        ("status", LiveCommand(verb="events")),
        ("pause on development", LiveCommand(verb="pause", environment="development")),
        ("roll back", LiveCommand(verb="roll back")),
        (
            "rollback to v2 on production",
            LiveCommand(verb="roll back", argument="2", environment="production"),
        ),
        ("backfill from 2026-01-31", LiveCommand(verb="backfill", argument="2026-01-31")),
        (
            "backfill on production since 2026-01-31",
            LiveCommand(verb="backfill", argument="2026-01-31", environment="production"),
        ),
        ("promote to production", LiveCommand(verb="promote", environment="production")),
        ("delete this integration", LiveCommand(verb="delete")),
        ("Daily summary please", LiveCommand(verb="summary", argument="daily")),
        ("no summary", LiveCommand(verb="summary", argument="no")),
    ],
)
def test_commands_about_what_is_live(text: str, command: LiveCommand) -> None:
    assert parse_live_command(text) == command


@pytest.mark.parametrize(
    "text",
    ["", "run it hourly instead", "delete", "delete the phone field", "pause between retries",
     "backfill", "also log the id", "don't replay", "promote the discount to its own line"],
)  # fmt: skip
def test_other_words_about_what_is_live_are_for_the_analyst(text: str) -> None:
    assert parse_live_command(text) is None
