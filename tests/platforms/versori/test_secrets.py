"""Planted secrets: searched for in arguments, environments, files, logs and the thread."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from store.migrate import upgrade
from tests.platforms.versori.conftest import VersoriSetup
from tests.platforms.versori.person import SECRETS, Person

PLANTED = [secret for given in SECRETS.values() for secret in given.values()]
SPY = """#!{python}
import json, os, sys
seen = {{"arguments": sys.argv[1:], "environment": dict(os.environ), "input": sys.stdin.read()}}
with open({record!r}, "a") as file:
    file.write(json.dumps(seen) + "\\n")
os.execv({command!r}, [{command!r}, *sys.argv[1:]])
"""


@pytest.fixture
def spied(versori: VersoriSetup, tmp_path: Path) -> VersoriSetup:
    """The command line behind a program that notes how it was called."""
    spy = tmp_path / "spy"
    spy.write_text(
        SPY.format(
            python=sys.executable, record=str(tmp_path / "calls"), command=str(versori.command_line)
        )
    )
    spy.chmod(0o755)
    return replace(versori, command_line=spy)


def test_planted_secrets_are_nowhere(spied: VersoriSetup, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    upgrade(f"sqlite:///{home / 'weft.sqlite'}")
    # Once the platform refuses, and says back what it was given.
    echo = json.dumps({"message": f"bad credential {SECRETS['shopify']['api_key']}"})
    spied.double.fail("CreateConnection", status=400, body=echo)
    person = Person(spied, home)
    for _ in range(12):
        person.advance()
        person.answer()
        if person.now.steps["connections"].status == "failed":
            person.conversation.retry(person.id, "U1")
        if person.now.live:
            break
    assert person.now.live, (home / "log").read_text()
    person.leave()

    token = spied.double.token
    calls = [json.loads(line) for line in (tmp_path / "calls").read_text().splitlines()]
    for call in calls:
        assert not _planted(json.dumps(call["arguments"]), [*PLANTED, token])
        assert call["input"] == ""
        carried = {
            name
            for name, value in call["environment"].items()
            if _planted(value, [*PLANTED, token])
        }
        connecting = call["arguments"][:2] == ["connections", "create"]
        assert carried == ({"SHOPIFY_API_KEY"} if connecting else set())
    assert {tuple(call["arguments"][:2]) for call in calls} > {("connections", "create")}

    assert list(person.scratch.iterdir()) == []
    for path in (one for one in home.rglob("*") if one.is_file()):
        found = _planted(path.read_bytes().decode("latin-1"), [*PLANTED, token])
        assert not found, f"{found} in {path.name}"

    arrived = json.dumps([one.body for one in spied.double.requests])
    assert _planted(arrived, PLANTED) == sorted(PLANTED), "what was searched for did arrive"


def _planted(text: str, secrets: list[str]) -> list[str]:
    return sorted(secret for secret in secrets if secret in text)
