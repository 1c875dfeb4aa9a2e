"""`weft live` where there is nothing, and with what is not there."""

from pathlib import Path

import pytest

from bot.__main__ import _exit_code


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))


def test_nothing_is_live(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code(["live", "list"]) == 0
    assert capsys.readouterr().out == "Nothing is live.\n"


@pytest.mark.parametrize(
    "words",
    [
        ["logs"],
        ["events"],
        ["replay"],
        ["run"],
        ["pause"],
        ["roll-back"],
        ["delete", "--yes"],
        ["customers"],
    ],
)
def test_an_integration_that_is_not_there(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command, *options = words
    assert _exit_code(["live", command, "int_none", *options]) == 64
    assert "There is no integration int_none." in capsys.readouterr().err
