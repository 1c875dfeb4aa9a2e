"""`weft eval` from the command line."""

import json
from pathlib import Path

import pytest

from bot.__main__ import _exit_code

REQUESTS = """
- id: poem
  text: Write me a poem about data pipelines
  in_scope: false
- id: contacts
  text: Sync contacts between HubSpot and Salesforce.
  in_scope: true
  vague: true
  systems: {hubspot: both, salesforce: source}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "requests.yaml"
    path.write_text(REQUESTS)
    assert _exit_code(["eval", str(path), "--analyst", "offline", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["right"], made["of"]) == (1, 2)
    assert made["totals"]["scope"] == {"right": 2, "of": 2}
    assert made["totals"]["systems"] == {"right": 0, "of": 1}
    wrong = [c for one in made["requests"] for c in one["checks"] if not c["right"]]
    assert wrong[0]["found"] == {"hubspot": "both", "salesforce": "both"}


def test_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "requests.yaml"
    path.write_text(REQUESTS)
    assert _exit_code(["eval", str(path), "--analyst", "offline"]) == 0
    shown = capsys.readouterr().out
    assert "whole request" in shown
    assert "contacts: systems" in shown


def test_a_wrong_file_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code(["eval", str(tmp_path / "absent.yaml")]) == 64
    assert "can't be read" in capsys.readouterr().err
