"""A playground and a browser in front of it. Without Chromium these tests are skipped."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from slack_sdk import WebClient

from bot.playground.delivery.courier import Timing
from bot.playground.messages import Message
from bot.playground.people import BOT_USER
from bot.playground.server import Playground
from tests.browser.driver import Driver
from tests.browser.kit import Block
from tests.playground.person import INTEGRATIONS, JONAS, Person
from tests.playground.receiver import Receiver

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}

Visit = Callable[..., Driver]


@dataclass(frozen=True)
class Bot:
    """Posts as Weft does, and whatever the double would refuse from a bot."""

    client: WebClient
    playground: Playground

    def post(self, text: str, *blocks: Block, thread_ts: str | None = None) -> str:
        answer = self.client.chat_postMessage(
            channel=INTEGRATIONS, text=text, blocks=list(blocks) or None, thread_ts=thread_ts
        )
        return str(answer["ts"])

    def change(self, ts: str, text: str, *blocks: Block) -> None:
        self.client.chat_update(channel=INTEGRATIONS, ts=ts, text=text, blocks=list(blocks))

    def force(self, text: str, *blocks: Block) -> None:
        """A message as it is, past every check of the double."""

        async def post() -> None:
            workspace = self.playground.slack.workspace
            message = Message(
                workspace.new_ts(), INTEGRATIONS, BOT_USER, text, blocks=list(blocks), by_bot=True
            )
            self.playground.slack.happenings.posted(message)

        self.playground.within(post)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Per module, for Playwright's event loop must not be there when other tests want theirs."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def playground() -> Iterator[Playground]:
    with Playground(timing=Timing(0.3, (0.0, 0.02))) as running:
        yield running


@pytest.fixture
def receiver(playground: Playground) -> Iterator[Receiver]:
    receiver = Receiver()
    playground.deliver_to(receiver.url)
    yield receiver
    receiver.close()


@pytest.fixture
def bot(playground: Playground) -> Bot:
    client = WebClient(playground.app.bot_token, base_url=playground.api_url)
    return Bot(client, playground)


@pytest.fixture
def maya(playground: Playground) -> Iterator[Person]:
    """The person whose place the page takes at first, acting without the page."""
    person = Person(playground)
    yield person
    person.close()


@pytest.fixture
def jonas(playground: Playground) -> Iterator[Person]:
    person = Person(playground, JONAS)
    yield person
    person.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One window for the tests of a module: every playground is an origin of its own to it."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def driver(window: Page, playground: Playground) -> Iterator[Driver]:
    with Driver(window, playground.page_url) as driver:
        driver.open()
        yield driver
        window.goto("about:blank")


@pytest.fixture
def visit(browser: Browser, playground: Playground) -> Iterator[Visit]:
    """Opens the page in another window: a second one, a phone's, or a dark one."""
    with contextlib.ExitStack() as windows:

        def open_page(phone: bool = False, dark: bool = False, place: str = "") -> Driver:
            context = browser.new_context(
                viewport=PHONE if phone else DESKTOP,
                has_touch=phone,
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
            )
            windows.callback(context.close)
            page = context.new_page()
            driver = windows.enter_context(Driver(page, playground.page_url))
            driver.open(place)
            return driver

        yield open_page
