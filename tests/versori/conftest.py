"""A double for each test, a client of its API, and which command line the summary names."""

from collections.abc import Iterator

import pytest

from tests.versori.client import Client
from tests.versori.command_line import NO_REAL_CLI, cli_version, real_cli
from tests.versori.double import VersoriDouble


@pytest.fixture
def double() -> Iterator[VersoriDouble]:
    with VersoriDouble() as running:
        yield running


@pytest.fixture
def client(double: VersoriDouble) -> Iterator[Client]:
    calling = Client(double)
    with calling.http:
        yield calling


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("Versori's command line")
    path = real_cli()
    if path is None:
        terminalreporter.line(f"Skipped: {NO_REAL_CLI}. Its stand-in ran alone.")
    else:
        terminalreporter.line(f"version {cli_version(path)} at {path}, and its stand-in")
