"""Which executables there are to run, and what the summary says of them."""

from collections.abc import Iterator

import pytest

from tests.versori.double import VersoriDouble


@pytest.fixture
def double() -> Iterator[VersoriDouble]:
    with VersoriDouble() as running:
        yield running
