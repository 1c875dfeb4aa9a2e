"""For everyone: by keyboard alone, on a phone, in light and dark, with a screen reader."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Bot, Visit
from tests.browser.driver import Driver
from tests.browser.kit import (
    DIFF,
    DOCUMENT,
    EVERY_BLOCK,
    MARKDOWN,
    actions,
    button,
    field,
    modal,
    section,
    table,
)
from tests.playground.person import INTEGRATIONS, Person
from tests.playground.receiver import Received, Receiver

# The contrast of every visible text with what lies behind it, where it is below what
# WCAG 2.2 asks (4.5, or 3 for large text).
FAINT = """() => {
    const parts = color => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d");
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b].map(one => one / 255)
        .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, n) => sum + one * [0.2126, 0.7152, 0.0722][n], 0);
    const behind = node => {
        for (; node; node = node.parentElement) {
            const color = parts(getComputedStyle(node).backgroundColor);
            if (color[3] === 255) return color;
        }
        return [255, 255, 255];
    };
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        const style = getComputedStyle(node);
        if (!walker.currentNode.data.trim()) continue;
        if (!node.checkVisibility({ visibilityProperty: true })) continue;
        if (node.closest("select, .unseen, noscript, [disabled]")) continue;
        const [one, other] = [light(parts(style.color)), light(behind(node))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        const large = parseFloat(style.fontSize) >= 24 ||
            (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
        if (ratio < (large ? 3 : 4.5)) {
            faint.push(`${walker.currentNode.data.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
        }
    }
    return faint;
}"""
NAMELESS = """() => [...document.querySelectorAll("a, button, input, select, textarea, dialog")]
    .filter(node => node.checkVisibility() && !node.closest("pre"))
    .filter(node => {
        const labels = [...node.labels ?? []].map(label => label.textContent).join("");
        const by = (node.getAttribute("aria-labelledby") ?? "").split(" ")
            .map(id => document.getElementById(id)?.textContent ?? "").join("");
        const own = node.matches("a, button") ? node.textContent : "";
        return !(node.getAttribute("aria-label") || labels || by || own).trim();
    }).map(node => node.outerHTML.slice(0, 120))"""


@pytest.fixture
def thread(bot: Bot, maya: Person) -> str:
    """A thread that shows everything; its place."""
    root = maya.say("everything, please @weft")["ts"]
    bot.post("every block", *EVERY_BLOCK, thread_ts=root)
    bot.post("document", MARKDOWN, thread_ts=root)
    wide = table(*[tuple(f"a long cell {row}.{cell}" for cell in range(8)) for row in range(3)])
    bot.post("wide", section("`" + "x" * 300 + "` " + "y" * 300), wide, thread_ts=root)
    bot.client.chat_postEphemeral(
        channel=INTEGRATIONS, user=maya.user, thread_ts=root, text="between us"
    )
    uploads = [
        {"filename": "version-1.diff", "content": DIFF, "snippet_type": "diff"},
        {"filename": f"{'long-' * 30}name.md", "content": DOCUMENT},
    ]
    bot.client.files_upload_v2(channel=INTEGRATIONS, thread_ts=root, file_uploads=uploads)
    return f"{INTEGRATIONS}/{root}"


def settled(driver: Driver) -> Locator:
    expect(driver.thread.get_by_role("region", name="File version-1.diff")).to_contain_text("+2")
    return driver.thread.locator(".messages")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read_and_every_control_has_a_name(
    visit: Visit, thread: str, dark: bool
) -> None:
    driver = visit(dark=dark, place=thread)
    settled(driver)
    assert driver.page.evaluate(FAINT) == []
    assert driver.page.evaluate(NAMELESS) == []
    driver.screenshot(f"page-every-block-{'dark' if dark else 'light'}")


def test_the_page_has_its_landmarks(driver: Driver, thread: str) -> None:
    driver.open(thread)
    for role in ("banner", "navigation", "main", "complementary", "log"):
        expect(driver.page.get_by_role(role)).to_have_count(1)
    expect(driver.page.get_by_role("heading", level=1)).to_have_text(["#integrations", "Thread"])


def test_on_a_phone_nothing_scrolls_sideways_and_back_goes_back(visit: Visit, thread: str) -> None:
    driver = visit(phone=True, place=thread)
    scroller = settled(driver)
    driver.screenshot("page-phone-thread")
    for place in ("top", "end"):
        top = 0 if place == "top" else "node.scrollHeight"
        scroller.evaluate(f"node => node.scrollTop = {top}")
        assert not driver.scrolls_sideways()
    assert scroller.evaluate("node => node.scrollWidth <= node.clientWidth")
    expect(driver.channel).not_to_be_visible()
    driver.click("Back to channel")
    expect(driver.channel).to_be_visible()
    expect(driver.page.get_by_role("complementary")).to_have_count(0)
    assert not driver.scrolls_sideways()
    driver.click("Back to channels")
    expect(driver.page.get_by_role("navigation")).to_be_visible()
    assert not driver.scrolls_sideways()
    driver.page.go_back()
    expect(driver.channel).to_be_visible()


def test_on_a_phone_everything_is_large_enough_for_a_finger(visit: Visit, thread: str) -> None:
    driver = visit(phone=True, place=thread)
    settled(driver)
    small = driver.page.evaluate(
        """() => [...document.querySelectorAll("button, .button, select, .channel-link")]
            .filter(node => node.checkVisibility({ opacityProperty: true }))
            .map(node => [node, node.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
            .map(([node]) => node.outerHTML.slice(0, 100))"""
    )
    assert small == []


def test_a_phone_shows_forms_whole(visit: Visit, bot: Bot, receiver: Receiver) -> None:
    fields = [field(f"f{number}", f"Field {number}") for number in range(12)]

    def answer(received: Received) -> tuple[int, Any]:
        payload = received.payload
        if payload["type"] == "block_actions":
            bot.client.views_open(trigger_id=payload["trigger_id"], view=modal(*fields))
        return 200, ""

    receiver.answer = answer
    driver = visit(phone=True)
    bot.post("form", actions(button("Add credentials", "open")))
    driver.wait_for_button("Add credentials").click()
    expect(driver.dialog.get_by_role("button", name="Connect")).to_be_in_viewport(ratio=1)
    driver.fill({"Field 11": "reached"})
    assert not driver.scrolls_sideways()
    driver.screenshot("page-phone-form")


def test_the_keyboard_alone_is_enough(driver: Driver, bot: Bot, receiver: Receiver) -> None:
    """From the request to a submitted form, with no pointer at all."""

    def answer(received: Received) -> tuple[int, Any]:
        payload = received.payload
        if payload.get("type") == "block_actions":
            view = modal(field("token", "Token"))
            bot.client.views_open(trigger_id=payload["trigger_id"], view=view)
        return 200, ""

    receiver.answer = answer
    keys = driver.page.keyboard
    tab_to(driver, re.compile("^Message #integrations"))
    keys.type("@weft build it")
    keys.press("Enter")
    root = driver.wait_for("build it").get_attribute("data-ts")
    bot.post("May I?", actions(button("Add credentials", "open")), thread_ts=root)
    tab_to(driver, re.compile("^1 reply"), back=True)
    keys.press("Enter")
    expect(driver.thread.get_by_role("textbox")).to_be_focused()
    tab_to(driver, re.compile("^Add credentials"), back=True)
    keys.press("Space")
    expect(driver.dialog.get_by_label("Token")).to_be_focused()
    keys.type("t-1")
    keys.press("Enter")
    expect(driver.page.get_by_role("dialog")).to_have_count(0)
    expect(driver.page.get_by_role("button", name="Add credentials")).to_be_focused()
    submitted = receiver.received[-1].payload
    assert submitted["view"]["state"]["values"]["token"]["value"]["value"] == "t-1"


def test_arrows_go_from_message_to_message(driver: Driver, bot: Bot) -> None:
    for number in range(3):
        bot.post(f"message {number}")
    driver.wait_for("message 2")
    driver.channel.locator(".messages").focus()
    for key, text in (
        ("ArrowUp", "message 2"),
        ("ArrowUp", "message 1"),
        ("ArrowDown", "message 2"),
    ):
        driver.page.keyboard.press(key)
        expect(driver.page.locator(":focus")).to_contain_text(text)


def tab_to(driver: Driver, name: re.Pattern[str], back: bool = False) -> None:
    """Presses Tab until what has this name has the focus, which must be seen."""
    for _ in range(40):
        driver.page.keyboard.press("Shift+Tab" if back else "Tab")
        found = driver.page.evaluate(
            """() => {
                const node = document.activeElement;
                const outline = getComputedStyle(node).outlineStyle;
                const seen = outline !== "none" || node.closest(".composer") !== null;
                return [node.getAttribute("aria-label") ?? node.textContent.trim(), seen];
            }"""
        )
        if name.search(found[0]):
            assert found[1], "the focus can't be seen"
            return
    raise AssertionError(f"Tab never reaches {name.pattern}")
