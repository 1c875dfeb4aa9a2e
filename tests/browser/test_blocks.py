"""Every block and element is drawn, a file is previewed, and changes leave the rest alone."""

import re
from typing import Any

import pytest
import typst
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Bot
from tests.browser.driver import Driver
from tests.browser.kit import DIFF, DOCUMENT, EVERY_BLOCK, MARKDOWN, plan, section
from tests.playground.person import INTEGRATIONS, Person
from tests.playground.receiver import Receiver


@pytest.fixture
def message(driver: Driver, bot: Bot) -> Locator:
    """One message with every kind of block."""
    bot.post("every block", *EVERY_BLOCK)
    return driver.wait_for("The plan")


def test_every_block_is_drawn_as_what_it_is(message: Locator) -> None:
    expect(message.get_by_role("heading", name="The plan")).to_be_visible()
    for tag, text in (("strong", "bold"), ("em", "italic"), ("s", "gone"), ("code", "code")):
        expect(message.locator(tag, has_text=re.compile(f"^{text}$")).first).to_be_visible()
    expect(message.locator(".mention")).to_have_text(["@Maya Okafor", "#integrations"])
    link = message.get_by_role("link", name="a link")
    expect(link).to_have_attribute("href", "https://example.com/")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    expect(message.locator("blockquote")).to_have_text("quoted")
    expect(message.locator("ul.list li")).to_have_text(["first", "second"])
    expect(message.locator("pre").first).to_have_text("a pre")
    expect(message.locator(".fields > *")).to_have_text(["Limit500", "plain *field*"])
    expect(message.locator(".block-context")).to_have_text("small print")
    expect(message.get_by_text("rich words")).to_be_visible()
    expect(message.get_by_role("columnheader")).to_have_text(["Target", "Source"])
    expect(message.get_by_role("cell")).to_have_text(["TxnDate", "created_at"])
    assert message.locator(".unknown").count() == 0


def test_elements_have_the_roles_of_what_they_do(message: Locator) -> None:
    expect(message.get_by_role("button", name="Approve plan")).to_have_class(re.compile("primary"))
    expect(message.get_by_role("combobox", name="Currency")).to_be_visible()
    expect(message.get_by_role("checkbox", name="two box")).not_to_be_checked()
    expect(message.get_by_role("radio", name="that")).not_to_be_checked()
    expect(message.locator("input[type=date]")).to_have_value("2026-01-31")
    expect(message.locator("input[type=time]")).to_have_value("14:30")
    link = message.get_by_role("link", name="Open Shopify")
    expect(link).to_have_attribute("href", "https://example.com/admin")


def test_a_picture_from_elsewhere_is_linked_and_not_loaded(message: Locator) -> None:
    expect(message.get_by_role("link", name="the flow of data")).to_be_visible()
    assert message.locator("img").count() == 0


def test_a_plan_says_how_far_each_task_is(message: Locator) -> None:
    tasks = message.locator(".task-card")
    expect(tasks.get_by_role("img")).to_have_count(4)
    said = [tasks.nth(number).get_by_role("img").get_attribute("aria-label") for number in range(4)]
    assert said == ["done", "working", "waiting", "failed"]
    expect(message.get_by_text("1 of 4")).to_be_visible()


def test_what_is_chosen_reaches_the_bot(message: Locator, receiver: Receiver) -> None:
    message.get_by_role("combobox", name="Currency").select_option("skip")
    message.get_by_role("checkbox", name="one box").check()
    message.get_by_role("radio", name="that").check()
    message.get_by_role("button", name="More").click()
    message.get_by_role("menuitem", name="Explain").click()
    message.get_by_role("button", name="Approve plan").click()
    expect(message.get_by_role("button", name="Approve plan")).not_to_have_attribute(
        "aria-busy", "true"
    )
    by_action = {action["action_id"]: action for action in used(receiver)}
    assert by_action["select"]["selected_option"]["value"] == "skip"
    assert [one["value"] for one in by_action["boxes"]["selected_options"]] == ["one box"]
    assert by_action["radio"]["selected_option"]["value"] == "that"
    assert by_action["overflow"]["selected_option"]["value"] == "Explain"
    assert by_action["approve"]["value"] == "approve"


def used(receiver: Receiver) -> list[dict[str, Any]]:
    """The actions that the bot was told of; it hears of messages too."""
    payloads = [one.payload for one in receiver.received]
    return [one["actions"][0] for one in payloads if one["type"] == "block_actions"]


def test_a_confirmation_comes_before_the_click(
    driver: Driver, message: Locator, receiver: Receiver
) -> None:
    driver.click("Stop", confirm="Not now")
    assert used(receiver) == []
    driver.click("Stop", confirm="Stop it")
    expect(driver.page.get_by_role("dialog")).to_have_count(0)
    expect(message.get_by_role("button", name="Stop")).not_to_have_attribute("aria-busy", "true")
    assert [action["action_id"] for action in used(receiver)] == ["stop"]


def test_a_bot_that_does_not_answer_is_reported(driver: Driver, bot: Bot) -> None:
    bot.post("every block", *EVERY_BLOCK)
    driver.wait_for("The plan")
    driver.click("Approve plan")
    expect(driver.page.get_by_role("alert")).to_contain_text("Weft did not take this")
    driver.expect_complaint("400")


def test_unknown_and_broken_blocks_leave_the_message_readable(driver: Driver, bot: Bot) -> None:
    bot.force(
        "fallback",
        section("before"),
        {"type": "hologram", "depth": 3},
        {"type": "section"},
        {"type": "table", "rows": None},
        {"type": "__proto__"},
        {"type": "actions", "elements": [{"type": "lever"}]},
        section("after"),
    )
    message = driver.wait_for("after")
    expect(message.get_by_text("before")).to_be_visible()
    expect(message.locator(".block.unknown")).to_have_text(
        [
            "hologram block is not drawn here",
            "table block could not be drawn",
            "__proto__ block is not drawn here",
        ]
    )
    expect(message.get_by_text("lever is not drawn here")).to_be_visible()
    driver.expect_complaint("could not be drawn")


def test_an_edit_redraws_only_what_changed(driver: Driver, bot: Bot) -> None:
    ts = bot.post("progress", section("unchanged"), plan("complete", "in_progress", "pending"))
    message = driver.wait_for("Shopify to QuickBooks")
    message.evaluate(
        """message => {
            message.dataset.first = "yes";
            for (const part of message.querySelectorAll(".block, .tasks > li")) part.first = true;
        }"""
    )
    bot.change(ts, "progress", section("unchanged"), plan("complete", "complete", "in_progress"))
    expect(message.get_by_text("2 of 3")).to_be_visible()
    kept = message.evaluate(
        "message => [...message.querySelectorAll('.block-section, .tasks > li')]"
        ".map(part => part.first === true)"
    )
    assert kept == [True, True, False, False]
    expect(message).to_have_attribute("data-first", "yes")


def test_an_edit_above_does_not_move_what_is_being_read(driver: Driver, bot: Bot) -> None:
    first = bot.post("first", section("short"))
    for number in range(30):
        bot.post(f"filler {number}", section(f"filler {number}\nwith a second line"))
    driver.wait_for("filler 29")
    scroller = driver.channel.locator(".messages")
    scroller.evaluate("node => node.scrollTop = node.scrollHeight / 2")
    driver.page.wait_for_timeout(100)
    middle = driver.page.get_by_text("filler 15", exact=False).first
    before = middle.bounding_box()
    bot.change(first, "first", section("long\n" * 12))
    driver.page.wait_for_timeout(300)
    after = middle.bounding_box()
    assert before is not None and after is not None
    assert abs(before["y"] - after["y"]) < 2


def test_markdown_is_drawn_with_its_tables_lists_and_code(driver: Driver, bot: Bot) -> None:
    bot.post("document", MARKDOWN)
    message = driver.wait_for("Orders become receipts")
    expect(message.get_by_role("heading", name="Orders become receipts")).to_be_visible()
    expect(message.get_by_role("link", name="the page")).to_be_visible()
    expect(message.get_by_role("columnheader", name="Target")).to_be_visible()
    expect(message.locator("ol.list > li")).to_have_count(2)
    expect(message.locator("ol.list ul li")).to_have_text(["nested"])
    expect(message.get_by_role("checkbox")).to_be_checked()
    expect(message.locator("blockquote")).to_have_text("quoted <b>text</b>")
    expect(message.locator("pre.code")).to_have_text("const one = 1 < 2;")


def test_a_picture_can_be_read_in_the_thread(driver: Driver, bot: Bot, maya: Person) -> None:
    root = maya.say("a picture, please")["ts"]
    tall = typst.compile(b"#set page(width: 360pt, height: 500pt)\nx", format="png", ppi=216.0)
    bot.client.files_upload_v2(
        channel=INTEGRATIONS, thread_ts=root, filename="flow.png", content=tall, alt_txt="From A"
    )
    driver.open_thread("a picture, please")
    picture = driver.page.get_by_role("img", name="From A")
    expect(picture).to_be_visible()
    box, card = picture.bounding_box(), picture.locator("..").bounding_box()
    assert box and card
    assert box["width"] >= 360  # as many pixels as the picture has points
    assert box["height"] <= card["height"]  # nothing is cut


def test_long_names_of_fields_leave_room_for_notes(driver: Driver, bot: Bot) -> None:
    cells = ["Line[].SalesItemLineDetail.TaxCodeRef.value", "line_items[].taxable", "a note " * 6]
    rows = [
        [{"type": "raw_text", "text": text} for text in row]
        for row in (("Target", "Source", "Note"), cells)
    ]
    bot.post("mapping", {"type": "table", "rows": rows})
    table = driver.page.locator(".table").last
    expect(table).to_be_visible()
    driver.page.set_viewport_size({"width": 480, "height": 800})
    assert table.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_files_are_previewed_and_opened_whole(driver: Driver, bot: Bot, maya: Person) -> None:
    root = maya.say("files, please")["ts"]
    uploads = [
        {"filename": "version-1.diff", "content": DIFF, "snippet_type": "diff"},
        {"filename": "research.md", "content": DOCUMENT},
        {"filename": "log.txt", "content": "\n".join(f"line {n}" for n in range(5000))},
    ]
    bot.client.files_upload_v2(channel=INTEGRATIONS, thread_ts=root, file_uploads=uploads)
    driver.open_thread("files, please")
    diff = driver.page.get_by_role("region", name="File version-1.diff")
    expect(diff.get_by_text("+2 −1")).to_be_visible()
    expect(diff.locator(".added")).to_have_count(2)
    expect(diff.locator(".removed")).to_have_text(re.compile(r"-const email = order\.email;"))
    driver.click("Open research.md")
    expect(driver.dialog.get_by_role("heading", name="Orders become receipts")).to_be_visible()
    driver.dialog.get_by_role("button", name="Source").click()
    expect(driver.dialog.get_by_text("# Orders become receipts")).to_be_visible()
    driver.page.keyboard.press("Escape")
    expect(driver.page.get_by_role("dialog")).to_have_count(0)
    with driver.page.expect_download() as download:
        driver.page.get_by_role("link", name="Download version-1.diff").click()
    assert download.value.suggested_filename == "version-1.diff"
    driver.click("Open log.txt")
    expect(driver.dialog.get_by_text("1000 more lines")).to_be_attached()
