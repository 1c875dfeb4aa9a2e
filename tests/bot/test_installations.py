"""Installing Weft in a workspace: sealed tokens, signed states."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot.installations import SignedStates, SlackInstallations
from bot.settings import Settings
from bot.wiring import Wiring
from bot.workspaces import Workspaces
from pipeline.errors import ServiceError

TOKEN = "xoxb-planted-token"


@pytest.fixture
def installations(tmp_path: Path) -> Iterator[SlackInstallations]:
    wiring = Wiring(Settings(weft_home=tmp_path))
    yield SlackInstallations(wiring.installations)
    wiring.database.close()


def _installation() -> Installation:
    return Installation(
        app_id="A1",
        team_id="T1",
        team_name="Acme",
        bot_token=TOKEN,
        bot_id="B1",
        bot_user_id="UWEFT",
        bot_scopes=["chat:write"],
        user_id="U1",
    )


def test_what_was_installed_is_found_and_sealed(
    installations: SlackInstallations, tmp_path: Path
) -> None:
    installations.save(_installation())
    bot = installations.find_bot(enterprise_id=None, team_id="T1")
    assert bot is not None
    assert (bot.bot_token, bot.bot_user_id, bot.bot_scopes) == (TOKEN, "UWEFT", ["chat:write"])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []


def test_who_weft_is_needs_no_call(installations: SlackInstallations) -> None:
    workspaces = Workspaces(Settings(slack_client_id="c"), installations.find)
    asked = {"context": None, "enterprise_id": None, "user_id": "U1"}
    assert workspaces(team_id="T1", **asked) is None
    installations.save(_installation())
    told = workspaces(team_id="T1", **asked)
    assert told is not None
    assert (told.bot_token, told.bot_user_id) == (TOKEN, "UWEFT")
    assert workspaces.client("T1").token == TOKEN


def test_a_removed_workspace_is_forgotten(installations: SlackInstallations) -> None:
    installations.save(_installation())
    installations.delete_all(enterprise_id=None, team_id="T1")
    assert installations.find("T1") is None
    with pytest.raises(ServiceError, match="not installed"):
        Workspaces(Settings(slack_client_id="c"), installations.find).client("T1")


def test_a_state_is_taken_by_any_process_and_forged_by_none() -> None:
    state = SignedStates("secret").issue()
    assert SignedStates("secret").consume(state)
    assert not SignedStates("other").consume(state)
    for forged in ("", ".", "9999999999.x.y", state[:-1], f"9{state}"):
        assert not SignedStates("secret").consume(forged)


def test_a_state_lasts_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    states = SignedStates("secret")
    state = states.issue()
    now = __import__("time").time()
    monkeypatch.setattr("bot.installations.time.time", lambda: now + 601)
    assert not states.consume(state)
