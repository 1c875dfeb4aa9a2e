"""The product as it is installed: the `weft` command in a process of its own, on a fresh home."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.platforms.local.client import LocalPlatform
from pipeline.platforms.local.discovery import find_runner, stop_runner

REQUEST = (
    "Build an integration that syncs new Shopify orders to QuickBooks Online as sales receipts. "
    "Use OAuth 2.0 Authorization Code for QuickBooks and API key for Shopify. "
    "Run on webhook — trigger whenever a new order is created in Shopify."
)


@dataclass
class Weft:
    """A home, and the command that works in it."""

    home: Path

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("WEFT_", "ANTHROPIC_"))}
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env={**plain, "WEFT_HOME": str(self.home), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )

    @contextmanager
    def platform(self) -> Iterator[LocalPlatform]:
        runner = find_runner(self.home)
        assert runner is not None, "no runner was started"
        platform = LocalPlatform(runner.url, runner.token)
        try:
            yield platform
        finally:
            platform.close()


def rows(finished: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    """The JSON objects that were printed, one a line."""
    return [json.loads(line) for line in finished.stdout.splitlines()]


@pytest.fixture(scope="module")
def weft(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weft]:
    home = tmp_path_factory.mktemp("weft-home")
    yield Weft(home)
    stop_runner(home)
