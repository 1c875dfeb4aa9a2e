"""A playground and a browser in front of it. Without Chromium these tests are skipped."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from slack_sdk import WebClient

from bot.playground.delivery.courier import Timing
from bot.playground.server import Playground
from tests.browser.driver import Driver
from tests.playground.receiver import Receiver

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}

Visit = Callable[..., Driver]


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
def bot(playground: Playground) -> WebClient:
    return WebClient(playground.app.bot_token, base_url=playground.api_url)


@pytest.fixture
def visit(browser: Browser, playground: Playground) -> Iterator[Visit]:
    """Opens the page in a window of its own; at the end none of them has complained."""
    pages: list[tuple[Page, Driver]] = []

    def open_page(phone: bool = False, dark: bool = False, place: str = "") -> Driver:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.set_default_timeout(8000)
        driver = Driver(page, playground.page_url)
        driver.open(place)
        pages.append((page, driver))
        return driver

    yield open_page
    complaints = [complaint for _, driver in pages for complaint in driver.complaints]
    for page, _ in pages:
        page.context.close()
    assert complaints == []


@pytest.fixture
def driver(visit: Visit) -> Driver:
    return visit()
