"""Forms that the bot opens: fields, errors, the stack, and the keyboard's way through them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Bot
from tests.browser.driver import Driver
from tests.browser.kit import Block, actions, button, field, modal, options, plain, section
from tests.playground.receiver import Received, Receiver

Json = dict[str, Any]
Answers = Callable[[Json], Any]


@pytest.fixture
def opened(driver: Driver, bot: Bot, receiver: Receiver) -> Callable[..., None]:
    """Opens this view by a click; `submitted` answers its submission, `used` its elements."""

    def open_view(
        view: Block, submitted: Answers = lambda _: "", used: Answers = lambda _: ""
    ) -> None:
        def answer(received: Received) -> tuple[int, Any]:
            payload = received.payload
            if payload["type"] == "view_submission":
                return 200, submitted(payload)
            if payload.get("view"):
                return 200, used(payload)
            bot.client.views_open(trigger_id=payload["trigger_id"], view=view)
            return 200, ""

        receiver.answer = answer
        bot.post("a form", actions(button("Add credentials", "credentials")))
        driver.wait_for("Add credentials")
        driver.click("Add credentials")
        expect(driver.dialog).to_be_visible()

    return open_view


EVERY_FIELD = modal(
    section("Mind who sees your screen."),
    field("token", "Token", hint=plain("Sealed at once.")),
    field("key", "Key", {"type": "plain_text_input", "multiline": True}),
    field("mail", "Mail", {"type": "email_text_input"}),
    field("page", "Page", {"type": "url_text_input"}),
    field("count", "Count", {"type": "number_input", "is_decimal_allowed": False}),
    field("color", "Environment", {"type": "static_select", "options": options("local", "live")}),
    field("several", "Scopes", {"type": "multi_static_select", "options": options("a", "b")}),
    field("who", "Approver", {"type": "users_select"}, optional=True),
    field("one", "Way", {"type": "radio_buttons", "options": options("push", "pull")}),
    field("boxes", "Also", {"type": "checkboxes", "options": options("x", "y")}, optional=True),
    field("day", "Day", {"type": "datepicker"}, optional=True),
    field("at", "Time", {"type": "timepicker"}, optional=True),
    field("kept", "Kept", {"type": "plain_text_input", "initial_value": "as it was"}),
)


def test_every_kind_of_field_is_filled_and_sent(
    driver: Driver, opened: Callable[..., None]
) -> None:
    sent: list[Json] = []
    opened(EVERY_FIELD, submitted=lambda payload: sent.append(payload) or "")
    driver.fill({"Token": "t-1", "Key": "two\nlines", "Mail": "a@example.com", "Count": "3"})
    driver.fill(
        {"Page": "https://example.com", "Environment": "live", "Approver": "Jonas Lindqvist"}
    )
    driver.dialog.get_by_role("group", name="Scopes").get_by_label("b").check()
    driver.dialog.get_by_role("radiogroup", name="Way").get_by_label("pull").check()
    driver.fill({"Day": "2026-02-03", "Time": "09:30"})
    driver.submit("Connect")
    values = {
        block: {name: value for name, value in entry["value"].items() if name != "type"}
        for block, entry in sent[0]["view"]["state"]["values"].items()
    }
    assert values["token"] == {"value": "t-1"}
    assert values["key"] == {"value": "two\nlines"}
    assert values["color"]["selected_option"]["value"] == "live"
    assert [one["value"] for one in values["several"]["selected_options"]] == ["b"]
    assert values["who"] == {"selected_user": "U0ENG00001"}
    assert values["one"]["selected_option"]["value"] == "pull"
    assert values["boxes"] == {"selected_options": []}
    assert values["day"] == {"selected_date": "2026-02-03"}
    assert values["at"] == {"selected_time": "09:30"}
    assert values["kept"] == {"value": "as it was"}


def test_an_error_stands_at_its_field_and_what_was_typed_stays(
    driver: Driver, opened: Callable[..., None]
) -> None:
    refusal = {"response_action": "errors", "errors": {"shop": "No such shop."}}
    answers = [refusal, ""]
    opened(modal(field("token", "Token"), field("shop", "Shop")), lambda _: answers.pop(0))
    driver.dialog.get_by_role("button", name="Connect").click()
    token = driver.dialog.get_by_label("Token")
    expect(token).to_be_focused()
    expect(token).to_have_attribute("aria-invalid", "true")
    expect(token).to_have_accessible_description(re.compile("required"))
    driver.fill({"Token": "t-1", "Shop": "acme"})
    driver.page.keyboard.press("Enter")
    expect(driver.dialog.get_by_text("No such shop.")).to_be_visible()
    expect(driver.dialog.get_by_label("Shop")).to_be_focused()
    expect(token).to_have_value("t-1")
    expect(token).to_have_attribute("aria-invalid", "false")
    driver.submit("Connect")


def test_a_form_that_is_not_taken_says_so(driver: Driver, opened: Callable[..., None]) -> None:
    opened(modal(field("token", "Token")), submitted=lambda _: {"response_action": "nonsense"})
    driver.fill({"Token": "t-1"})
    driver.dialog.get_by_role("button", name="Connect").click()
    expect(driver.dialog.get_by_role("alert")).to_contain_text("Weft answered wrongly")
    expect(driver.dialog.get_by_label("Token")).to_have_value("t-1")
    driver.expect_complaint("400")


def test_a_second_form_lies_on_the_first_and_goes_first(
    driver: Driver, opened: Callable[..., None]
) -> None:
    second = modal(section("Are you sure?"), title="Second")
    opened(
        modal(field("token", "Token"), title="First"),
        submitted=lambda _: {"response_action": "push", "view": second},
    )
    driver.fill({"Token": "t-1"})
    driver.dialog.get_by_role("button", name="Connect").click()
    expect(driver.page.get_by_role("dialog", name="Second")).to_be_visible()
    driver.page.keyboard.press("Escape")
    expect(driver.page.get_by_role("dialog", name="Second")).to_have_count(0)
    expect(driver.page.get_by_role("dialog", name="First")).to_be_visible()
    expect(driver.dialog.get_by_label("Token")).to_have_value("t-1")
    driver.page.keyboard.press("Escape")
    expect(driver.page.get_by_role("dialog")).to_have_count(0)


def test_a_loading_view_becomes_the_form(
    driver: Driver, bot: Bot, opened: Callable[..., None], receiver: Receiver
) -> None:
    loading = {"type": "modal", "title": plain("Loading"), "blocks": [section("One moment")]}
    opened(loading)
    expect(driver.dialog.get_by_role("button", name="Connect")).to_have_count(0)
    view = next(iter(bot.playground.slack.modals.stack("U0OPS00001")))
    bot.client.views_update(view_id=view.id, view=modal(field("token", "Token"), title="Form"))
    expect(driver.page.get_by_role("dialog", name="Form").get_by_label("Token")).to_be_focused()


def test_an_update_keeps_what_was_typed_in_blocks_that_stay(
    driver: Driver, bot: Bot, opened: Callable[..., None]
) -> None:
    opened(modal(field("token", "Token")))
    driver.fill({"Token": "half a tok"})
    view = next(iter(bot.playground.slack.modals.stack("U0OPS00001")))
    bot.client.views_update(
        view_id=view.id, view=modal(field("token", "Token"), field("b", "More"))
    )
    expect(driver.dialog.get_by_label("More")).to_be_visible()
    expect(driver.dialog.get_by_label("Token")).to_have_value("half a tok")
    expect(driver.dialog.get_by_label("Token")).to_be_focused()


def test_focus_stays_in_the_form_and_returns_to_the_button(
    driver: Driver, opened: Callable[..., None]
) -> None:
    opened(modal(field("token", "Token"), field("shop", "Shop")))
    inside = (
        "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
    )
    for _ in range(8):
        driver.page.keyboard.press("Tab")
        assert driver.page.evaluate(inside)
    driver.page.keyboard.press("Escape")
    expect(driver.page.get_by_role("button", name="Add credentials")).to_be_focused()


def test_an_open_form_is_there_again_after_a_reload(
    driver: Driver, opened: Callable[..., None]
) -> None:
    opened(modal(field("token", "Token")))
    driver.page.reload()
    expect(driver.page.get_by_role("dialog", name="Credentials")).to_be_visible()
