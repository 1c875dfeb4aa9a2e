"""An empty playground for each test, whose bot is a receiver that records what it gets."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.playground.delivery.courier import Timing
from bot.playground.server import Playground
from tests.playground.person import Person
from tests.playground.receiver import Receiver


@pytest.fixture(scope="session")
def running_playground() -> Iterator[Playground]:
    with Playground(timing=Timing(0.3, (0.0, 0.02, 0.04))) as running:
        yield running


@pytest.fixture
def playground(running_playground: Playground) -> Playground:
    running_playground.renew()
    return running_playground


@pytest.fixture
def receiver(playground: Playground) -> Iterator[Receiver]:
    receiver = Receiver()
    playground.deliver_to(receiver.url)
    yield receiver
    receiver.close()


@pytest.fixture
def client(playground: Playground) -> WebClient:
    return WebClient(playground.app.bot_token, base_url=playground.api_url)


@pytest.fixture
def maya(playground: Playground) -> Iterator[Person]:
    person = Person(playground)
    yield person
    person.close()
