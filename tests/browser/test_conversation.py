"""Writing, editing, reacting, several people, what is unread, and what the page offers at first."""

import re
from pathlib import Path

from playwright.sync_api import expect

from bot.playground.server import Playground
from tests.browser.conftest import Bot, Visit
from tests.browser.driver import Driver
from tests.playground.person import GENERAL, INTEGRATIONS, JONAS, Person
from tests.playground.receiver import Receiver


def test_a_first_visit_offers_examples_that_fill_the_composer(
    driver: Driver, receiver: Receiver
) -> None:
    examples = driver.page.get_by_role("region", name="Examples").get_by_role("button")
    expect(examples).to_have_count(3)
    examples.first.click()
    driver.page.keyboard.press("Enter")
    message = driver.wait_for("syncs new Shopify orders to QuickBooks Online")
    expect(message.locator(".mention")).to_have_text("@Weft")
    expect(examples).to_have_count(0)
    driver.page.wait_for_timeout(100)
    assert len(receiver.events("app_mention")) == 1


def test_lines_mentions_and_characters_arrive_as_they_were_typed(
    driver: Driver, maya: Person
) -> None:
    box = driver.channel.get_by_role("textbox")
    box.press_sequentially("@we")
    expect(driver.page.get_by_role("option", name="@weft")).to_be_visible()
    box.press("Tab")
    box.press_sequentially("1 < 2 & *bold*")
    box.press("Shift+Enter")
    box.press_sequentially("- `second`")
    box.press("Enter")
    message = driver.wait_for("1 < 2 & bold")
    expect(message.locator("strong", has_text="bold")).to_be_visible()
    expect(message.locator("li code")).to_have_text("second")
    assert maya.messages()[-1]["text"].startswith("<@U0WEFTBOT1> 1 &lt; 2 &amp; *bold*\n")


def test_an_attached_file_is_sent_with_the_message(
    driver: Driver, tmp_path: Path, maya: Person
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("id,total\n1,9.50\n")
    driver.attach(path)
    expect(driver.page.get_by_role("button", name="Remove orders.csv")).to_be_visible()
    driver.say("see the file")
    expect(driver.page.get_by_role("region", name="File orders.csv")).to_contain_text("1,9.50")
    assert maya.messages()[-1]["files"][0]["size"] == path.stat().st_size


def test_own_messages_can_be_edited_and_deleted_and_no_others(driver: Driver, bot: Bot) -> None:
    driver.say("from <here> to @jonas")
    bot.post("not yours")
    message = driver.wait_for("from <here>")
    message.hover()
    message.get_by_role("button", name="Edit message").click()
    editor = driver.page.get_by_role("textbox", name="Edit message")
    expect(editor).to_have_value("from <here> to @jonas")
    editor.fill("from there")
    editor.press("Enter")
    expect(driver.wait_for("from there")).to_contain_text("(edited)")
    foreign = driver.wait_for("not yours")
    expect(foreign.get_by_role("button", name="Edit message")).to_have_count(0)
    driver.wait_for("from there").hover()
    driver.wait_for("from there").get_by_role("button", name="Delete message").click()
    driver.dialog.get_by_role("button", name="Delete").click()
    expect(driver.page.get_by_role("article").filter(has_text="from there")).to_have_count(0)


def test_a_reaction_is_put_and_taken_away(driver: Driver, bot: Bot, receiver: Receiver) -> None:
    bot.post("working on it")
    message = driver.wait_for("working on it")
    message.hover()
    message.get_by_role("button", name="React").click()
    message.get_by_role("menuitem", name=":x:").click()
    pill = message.get_by_role("button", name="x, 1: Maya Okafor")
    expect(pill).to_have_attribute("aria-pressed", "true")
    pill.click()
    expect(pill).to_have_count(0)
    driver.page.wait_for_timeout(100)
    assert [event["reaction"] for event in receiver.events("reaction_added")] == ["x"]


def test_a_command_goes_from_the_channel_and_not_from_a_thread(
    driver: Driver, maya: Person, bot: Bot, receiver: Receiver
) -> None:
    receiver.answer = lambda _: (200, "Starting.")
    driver.say("/integrate Shopify to QuickBooks")
    expect(driver.wait_for("Starting.")).to_contain_text("Only visible to you")
    assert receiver.received[-1].payload["text"] == "Shopify to QuickBooks"
    root = maya.say("a root")["ts"]
    bot.post("an answer", thread_ts=root)
    driver.open_thread("a root")
    box = driver.thread.get_by_role("textbox")
    box.fill("/integrate again")
    box.press("Enter")
    expect(driver.page.get_by_role("alert")).to_contain_text("can’t be used in a thread")
    expect(box).to_have_value("/integrate again")


def test_what_one_person_sees_alone_no_other_sees(driver: Driver, bot: Bot) -> None:
    bot.client.chat_postEphemeral(channel=INTEGRATIONS, user=JONAS, text="for Jonas alone")
    bot.post("for all")
    driver.wait_for("for all")
    expect(driver.page.get_by_text("for Jonas alone")).to_have_count(0)
    driver.become("Jonas Lindqvist")
    message = driver.wait_for("for Jonas alone")
    expect(message).to_contain_text("Only visible to you")
    message.get_by_role("button", name="Dismiss").click()
    expect(driver.page.get_by_text("for Jonas alone")).to_have_count(0)


def test_every_person_has_a_sentence_about_their_part(driver: Driver) -> None:
    driver.page.get_by_role("button", name=re.compile("^You are ")).click()
    people = driver.page.get_by_role("menuitemradio")
    expect(people).to_have_count(3)
    assert all(len(text.splitlines()[-1]) > 20 for text in people.all_inner_texts())


def test_unread_messages_are_counted_and_marked(driver: Driver, jonas: Person) -> None:
    jonas.say("first", GENERAL)
    general = driver.page.get_by_role("link", name="general")
    expect(general).to_contain_text("1")
    general.click()
    expect(general).not_to_contain_text("1")
    driver.page.get_by_role("link", name="integrations").click()
    jonas.say("second", GENERAL)
    expect(general).to_contain_text("1")
    general.click()
    expect(driver.page.get_by_role("separator").filter(has_text="New")).to_be_visible()
    expect(driver.page).to_have_title(re.compile("^Weft"))


def test_answers_in_a_thread_are_counted_under_its_root(
    driver: Driver, maya: Person, bot: Bot
) -> None:
    root = maya.say("the root")["ts"]
    for number in range(3):
        bot.post(f"answer {number}", thread_ts=root)
    message = driver.wait_for("the root")
    expect(message.get_by_role("button", name=re.compile("3 replies"))).to_contain_text("new")
    driver.open_thread("the root")
    expect(driver.thread.get_by_role("article")).to_have_count(4)
    expect(driver.channel.get_by_role("button", name=re.compile("3 replies"))).not_to_contain_text(
        "new"
    )


def test_what_the_bot_is_doing_is_shown_until_it_speaks(
    driver: Driver, maya: Person, bot: Bot
) -> None:
    root = maya.say("the root")["ts"]
    bot.post("begun", thread_ts=root)
    driver.open_thread("the root")
    bot.client.assistant_threads_setStatus(
        channel_id=INTEGRATIONS, thread_ts=root, status="is reading the API"
    )
    expect(driver.thread.get_by_text("Weft is reading the API")).to_be_visible()
    bot.post("read", thread_ts=root)
    expect(driver.thread.get_by_text("Weft is reading the API")).to_have_count(0)


def test_new_messages_are_announced_and_edits_are_not(driver: Driver, bot: Bot) -> None:
    ts = bot.post("said aloud")
    log = driver.page.get_by_role("log")
    expect(log).to_contain_text("Weft: said aloud")
    bot.change(ts, "changed in silence")
    driver.wait_for("changed in silence")
    expect(log).not_to_contain_text("changed in silence")


def test_one_who_has_scrolled_away_is_told_and_not_moved(driver: Driver, bot: Bot) -> None:
    for number in range(30):
        bot.post(f"message {number}\nof two lines")
    driver.wait_for("message 29")
    scroller = driver.channel.locator(".messages")
    scroller.evaluate("node => node.scrollTop = 0")
    driver.page.wait_for_timeout(100)
    bot.post("the newest")
    newer = driver.wait_for_button("Newer messages")
    assert scroller.evaluate("node => node.scrollTop") == 0
    newer.click()
    expect(driver.channel.get_by_text("the newest")).to_be_in_viewport()


def test_a_draft_stays_where_it_was_written(driver: Driver) -> None:
    driver.channel.get_by_role("textbox").fill("half a thought")
    driver.page.get_by_role("link", name="general").click()
    expect(driver.channel.get_by_role("textbox")).to_have_value("")
    driver.page.get_by_role("link", name="integrations").click()
    expect(driver.channel.get_by_role("textbox")).to_have_value("half a thought")


def test_a_refused_message_stays_in_the_composer(driver: Driver) -> None:
    driver.channel.get_by_role("textbox").fill("x" * 12_001)
    driver.channel.get_by_role("textbox").press("Enter")
    expect(driver.page.get_by_role("alert")).to_contain_text("12000 characters")
    expect(driver.channel.get_by_role("textbox")).to_have_value("x" * 12_001)
    driver.expect_complaint("400")


def test_two_windows_show_the_same_and_keep_their_person(visit: Visit) -> None:
    one, other = visit(), visit()
    other.become("Jonas Lindqvist")
    one.say("hello, Jonas")
    expect(other.wait_for("hello, Jonas")).to_contain_text("Maya Okafor")
    other.page.reload()
    expect(other.page.get_by_role("button", name="You are Jonas Lindqvist")).to_be_visible()


def test_after_a_break_the_page_reads_everything_anew(
    driver: Driver, playground: Playground, bot: Bot
) -> None:
    bot.post("before")
    driver.wait_for("before")

    async def hang_up() -> None:
        playground.slack.stream.close()

    playground.within(hang_up)
    bot.post("during the break")
    driver.wait_for("during the break")
    bot.post("after")
    driver.wait_for("after")
