"""For every test: no network beyond loopback, and no setting of the machine."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["tests.sent_to_slack", "tests.orders_held"]

_connect = socket.socket.connect


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
        raise AssertionError(f"a test tried to reach {address[0]}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
    for name in os.environ:
        if name.startswith(("WEFT_", "SLACK_", "ANTHROPIC_", "VERSORI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "weft-home"))
    yield
