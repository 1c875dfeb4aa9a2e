"""The answers file: what it may hold, and what is wrong with those that are refused."""

from pathlib import Path

import pytest

from bot.terminal.answers import read_answers
from pipeline.errors import UsageError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(text)
    return path


def test_no_file_is_no_answers() -> None:
    assert read_answers(None).answers == {}


def test_an_empty_file_is_no_answers(tmp_path: Path) -> None:
    assert read_answers(written(tmp_path, "")).tests == []


def test_everything_that_a_file_may_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPIFY_KEY", "value")
    path = written(
        tmp_path,
        """
        answers: {tax: yes, currency: 3}
        config: {shopify.shop: acme}
        credentials: {shopify.access_token: $SHOPIFY_KEY, quickbooks.client_id: "${NOT_SET}"}
        tests: [{name: mine, input: {id: 1}, expected: {DocNumber: "1"}}]
        environment: production
        """,
    )
    answers = read_answers(path)
    assert answers.answers == {"tax": "True", "currency": "3"}
    assert answers.config_of("shopify") == {"shop": "acme"}
    assert answers.secrets("shopify") == {"access_token": "value"}
    assert answers.secrets("stripe") == {}
    with pytest.raises(UsageError, match="NOT_SET"):
        answers.secrets("quickbooks")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("credentials: {shopify.access_token: shpat_123}", "literal"),
        ("credentials: {access_token: $X}", "system.name"),
        ("config: {shop: acme}", "system.name"),
        ("answer: {}", "answer"),
        ("- a list", "the file"),
        ("a: [", "not YAML"),
        ("tests: [{name: x}]", "tests"),
    ],
)
def test_wrong_files_are_refused_with_the_place(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as refused:
        read_answers(written(tmp_path, text))
    assert "shpat_123" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        read_answers(tmp_path / "nowhere.yaml")
