"""A double for each test, and a client of its API."""

from collections.abc import Iterator

import pytest

from tests.versori.client import Client
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
