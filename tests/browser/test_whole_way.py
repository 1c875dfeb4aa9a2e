"""The example, in the browser, from the request to the receipt: everything in it really runs.

Only the systems are mocks. Screenshots of each stage are kept in build/screenshots.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.driver import Driver
from tests.browser.weft import weft_playground

REQUEST = (
    "@weft Build an integration that syncs new Shopify orders to QuickBooks Online as sales "
    "receipts. Use OAuth 2.0 Authorization Code for QuickBooks and API key for Shopify. Run on "
    "webhook — trigger whenever a new order is created in Shopify."
)
WORK = 45  # seconds that a step may take on a busy machine
DECIDED = re.compile(r"Approved by @Maya Okafor, \d\d:\d\d")


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One workspace for all: several integrations live in one channel."""
    with weft_playground(tmp_path_factory.mktemp("weft")) as address:
        yield address


@pytest.fixture
def weft(window: Page, address: str) -> Iterator[Driver]:
    with Driver(window, address) as driver:
        driver.open("C0INTEGR01")
        yield driver
        window.goto("about:blank")


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Driver]:
    context = browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    with Driver(context.new_page(), address) as driver:
        driver.open("C0INTEGR01")
        yield driver
    context.close()


def ask(driver: Driver) -> Locator:
    """Says the request; gives the way into its thread, once Weft has answered in it."""
    messages = driver.channel.get_by_role("article")
    driver.page.wait_for_timeout(500)  # what earlier tests said is drawn after the connection
    before = messages.count()
    driver.say(REQUEST)
    expect(messages).to_have_count(before + 1)
    replies = messages.last.get_by_role("button", name=re.compile(r"^\d+ repl"))
    expect(replies).to_be_visible(timeout=WORK * 1000)
    return replies


def decided(driver: Driver, text: str) -> None:
    """The message of a gate says who decided, and has lost its buttons."""
    message = driver.thread.get_by_role("article").filter(has_text=text).last
    expect(message).to_contain_text(DECIDED, timeout=WORK * 1000)
    expect(message.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)


def to_code(driver: Driver, stage: str | None = None) -> None:
    """By clicks, up to the question about the code."""

    def seen(name: str) -> None:
        if stage is not None:
            driver.screenshot(f"{stage}-{name}")

    driver.wait_for_button("Approve plan", WORK)
    expect(driver.thread.get_by_role("region", name="File research.md")).to_be_visible()
    seen("1-plan")
    driver.click("Approve plan")
    driver.wait_for_button("Approve set-up", WORK)
    decided(driver, "Plan:")
    seen("2-set-up")
    driver.click("Approve set-up")
    for number in range(2):
        open_ones = driver.page.get_by_role("button", name="Use the mock")
        expect(open_ones).to_have_count(2 - number, timeout=WORK * 1000)
        seen(f"3-connections-{number + 1}")
        driver.click("Use the mock")
        expect(open_ones).to_have_count(1 - number, timeout=WORK * 1000)
    driver.wait_for_button("Approve code", WORK)
    expect(driver.thread.get_by_role("region", name="File version-1.diff")).to_be_visible()
    seen("4-code")


def to_receipt(driver: Driver, stage: str) -> None:
    """By clicks, from the code to what a sample order became."""
    driver.click("Approve code")
    driver.wait_for_button("production", WORK)
    decided(driver, "Code, version 1")
    driver.page.get_by_role("button", name="production", exact=True).last.click()
    driver.screenshot(f"{stage}-5-confirmation")
    driver.dialog.get_by_role("button", name="Deploy").click()
    driver.wait_for("is live on production", WORK)
    driver.screenshot(f"{stage}-6-live")
    driver.click("Send a sample event")
    receipt(driver)
    driver.screenshot(f"{stage}-7-receipt")


def receipt(driver: Driver) -> None:
    """One receipt came out: its requests were answered, and it has the order's amounts."""
    message = driver.wait_for("What came out", WORK)
    expect(message).to_contain_text("done (mocked)")
    rows = message.get_by_role("row").filter(has_text="POST /salesreceipt")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("created")
    expect(message.locator("pre")).to_contain_text('"TotalAmt": 109.5')


def finished(driver: Driver) -> None:
    """All eight steps stand in one message as done."""
    progress = driver.thread.locator(".plan")
    expect(progress).to_have_count(1)
    expect(progress).to_contain_text("8 of 8")


def test_by_clicking(weft: Driver) -> None:
    ask(weft).click()
    to_code(weft, "whole-way")
    to_receipt(weft, "whole-way")
    finished(weft)
    weft.thread.locator(".messages").evaluate("node => node.scrollTop = 0")
    weft.screenshot("whole-way-8-thread")


def test_by_typing_only(weft: Driver) -> None:
    """No pointer: words, and at last the keyboard's way to the button of a sample order."""
    ask(weft).press("Enter")
    for button, words in (
        ("Approve plan", "approve plan"),
        ("Approve set-up", "approve set-up"),
        ("Use the mock", "use mocks"),
        ("Approve code", "approve code"),
        ("development", "deploy to development"),
    ):
        weft.wait_for_button(button, WORK)
        weft.reply(words)
    weft.wait_for("is live on development", WORK)
    weft.wait_for_button("Send a sample event").press("Enter")
    receipt(weft)
    finished(weft)


def test_a_change_after_the_code_was_reviewed_redoes_what_it_touches(weft: Driver) -> None:
    ask(weft).click()
    to_code(weft)
    weft.click("Approve code")
    weft.wait_for_button("production", WORK)
    weft.reply("@weft skip test orders")
    weft.wait_for_button("Approve plan", WORK)
    weft.screenshot("change-1-plan")
    weft.click("Approve plan")
    weft.wait_for_button("Approve code", WORK)
    for asked_once in ("Approve set-up", "Use the mock"):
        expect(weft.page.get_by_role("button", name=asked_once)).to_have_count(0)
    diff = weft.thread.get_by_role("region", name="File version-2.diff")
    expect(diff).to_be_visible()
    weft.screenshot("change-2-code")
    weft.click("Open version-2.diff")
    changed = weft.dialog.locator(".line.added, .line.removed")
    expect(changed.filter(has_text="test").first).to_be_visible()
    # The first version has thousands of lines: this one is that change and no more.
    assert changed.count() < 120
    weft.page.keyboard.press("Escape")


def test_on_a_phone(phone: Driver) -> None:
    ask(phone).click()
    phone.wait_for_button("Approve plan", WORK)
    assert not phone.scrolls_sideways()
    to_code(phone, "phone")
    to_receipt(phone, "phone")
    assert not phone.scrolls_sideways()
    finished(phone)
