"""Bad input ends with a sentence that says what to do, and the exit code of its kind."""

import json
from pathlib import Path

import pytest

from bot.__main__ import _exit_code

OUT_OF_SCOPE, WRONG_USAGE = 2, 64


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["plan", ""], WRONG_USAGE),
        (["plan", "   "], WRONG_USAGE),
        (["plan", "x" * 40_001], WRONG_USAGE),
        (["plan", "x " * 20_000], OUT_OF_SCOPE),
        (["plan", "👍🎉"], OUT_OF_SCOPE),
        (["plan", "Write me a haiku about spring"], OUT_OF_SCOPE),
        (["plan", "sync", "--attach", "/nowhere/spec.yaml"], WRONG_USAGE),
        (["plan", "sync", "--analyst", "oracle"], WRONG_USAGE),
        (["run", "sync", "--answers", "/nowhere/answers.yaml"], WRONG_USAGE),
        (["run", "sync", "--until", "lunch"], WRONG_USAGE),
        (["run", "--resume", "int_nobody"], WRONG_USAGE),
        (["run", ""], WRONG_USAGE),
        (["catalogue", "show", "nosuchsystem"], WRONG_USAGE),
        (["catalogue", "map", "--from", "shopify", "--to", "quickbooks.customer"], WRONG_USAGE),
        (["nonsense"], WRONG_USAGE),
    ],
)
def test_exit_codes(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code(arguments) == code
    shown = capsys.readouterr()
    assert shown.out + shown.err != ""
    assert "Traceback" not in shown.out + shown.err


def test_an_out_of_scope_request_still_prints_its_plan(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code(["plan", "Write me a haiku about spring", "--json"]) == OUT_OF_SCOPE
    plan = json.loads(capsys.readouterr().out)
    assert plan["scope"]["in_scope"] is False
    assert plan["scope"]["reason"]
    assert plan["systems"] == plan["workflows"] == []


def test_the_schema_of_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code(["plan", "--schema"]) == 0
    assert "workflows" in json.loads(capsys.readouterr().out)["properties"]


def test_an_attachment_that_is_no_openapi_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.yaml").write_text("just: notes")
    request = "sync new Shopify orders to QuickBooks"
    assert _exit_code(["plan", request, "--attach", str(tmp_path / "notes.yaml")]) == 0
    assert "OpenAPI" in capsys.readouterr().err


def test_every_wrong_setting_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "not-a-token-value")
    monkeypatch.setenv("WEFT_PLATFORM", "moon")
    assert _exit_code(["plan", "sync"]) == WRONG_USAGE
    shown = capsys.readouterr().err
    assert "SLACK_BOT_TOKEN" in shown
    assert "WEFT_PLATFORM" in shown
    assert "not-a-token-value" not in shown


def test_a_database_that_can_not_be_opened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEFT_DATABASE_URL", "sqlite:////dev/null/weft.sqlite")
    assert _exit_code(["run", "sync Shopify orders to QuickBooks", "--yes"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_doctor_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code(["doctor", "--json"]) == 0
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert checks["Deno"]["state"] == "ok"
    assert checks["Claude"]["state"] == "missing"
    assert "ANTHROPIC_API_KEY" in checks["Claude"]["detail"]


def test_wrong_usage_names_the_help_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code(["live", "nonsense"]) == WRONG_USAGE
    assert "“weft live --help” shows how it is used." in capsys.readouterr().err


def test_usage_of_nothing_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    assert _exit_code(["usage"]) == 0
    assert capsys.readouterr().out == "No call of Claude is recorded yet.\n"
