"""Which analyst works: the one that is named, else Claude where there is a key."""

import pytest

from bot.settings import load_settings
from bot.wiring import Wiring
from pipeline.errors import UsageError


def chosen(monkeypatch: pytest.MonkeyPatch, name=None, **variables: str) -> str:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    return Wiring(load_settings()).analyst(name).name


def test_without_a_key_requests_are_read_by_rule(monkeypatch):
    assert chosen(monkeypatch) == "offline"
    assert chosen(monkeypatch, ANTHROPIC_BASE_URL="http://127.0.0.1:9") == "offline"


def test_with_a_key_claude_reads_them_unless_another_is_named(monkeypatch):
    assert chosen(monkeypatch, ANTHROPIC_API_KEY="key") == "claude"
    assert chosen(monkeypatch, "offline", ANTHROPIC_API_KEY="key") == "offline"


def test_claude_needs_a_key_or_a_server_of_ones_own(monkeypatch):
    with pytest.raises(UsageError, match="ANTHROPIC_API_KEY"):
        chosen(monkeypatch, "claude")
    assert chosen(monkeypatch, "claude", ANTHROPIC_BASE_URL="http://127.0.0.1:9") == "claude"


@pytest.mark.parametrize(
    "variables",
    [{"WEFT_WEB_RESEARCH": "https://x y"}, {"WEFT_EFFORT": "heroic"}, {"WEFT_DAILY_TOKENS": "-1"}],
)
def test_a_wrong_setting_is_named(monkeypatch, variables):
    with pytest.raises(UsageError, match=next(iter(variables))):
        chosen(monkeypatch, **variables)
