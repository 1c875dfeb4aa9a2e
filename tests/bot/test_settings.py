"""Settings that are more than one word."""

import pytest

from bot.settings import load_settings
from pipeline.errors import UsageError


@pytest.fixture(autouse=True)
def home(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ("", set()),
        ("ERP.internal", {"erp.internal"}),
        ("erp.internal, 10.0.0.5:8443", {"erp.internal", "10.0.0.5:8443"}),
    ],
)
def test_allowed_hosts(given: str, hosts: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEFT_ALLOWED_HOSTS", given)
    assert load_settings().allowed_hosts == hosts


@pytest.mark.parametrize("given", ["http://erp.internal", "erp.internal;rm", "a b", "*", "host:"])
def test_what_is_no_host_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEFT_ALLOWED_HOSTS", given)
    with pytest.raises(UsageError, match="WEFT_ALLOWED_HOSTS must be hosts"):
        load_settings()
