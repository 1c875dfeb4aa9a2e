"""A person in front of the playground's page: reads, types, clicks and fills in forms."""

import re
from pathlib import Path
from typing import Self

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, expect

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


class Driver:
    """Everything is found as people find it: by role, label and text, in what is visible.

    A context manager: at its end the page must not have complained of anything unexpected.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.set_default_timeout(8000)

    def __enter__(self) -> Self:
        self.page.on("pageerror", self._broke)
        self.page.on("console", self._heard)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.page.remove_listener("pageerror", self._broke)
        self.page.remove_listener("console", self._heard)
        assert kind is not None or self.complaints == []

    def expect_complaint(self, part: str) -> None:
        """The browser's console noted this, and nothing else."""
        assert self.complaints
        assert [one for one in self.complaints if part not in one] == []
        self.complaints.clear()

    def open(self, place: str = "") -> None:
        """`place` is the route: a channel's id, or channel/thread. Returns when all is shown."""
        self.page.goto(f"{self.address}#/{place}" if place else self.address)
        expect(self.page.locator("#app")).to_have_attribute("data-connected", "true")

    def become(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile("^You are ")).click()
        self.page.get_by_role("menuitemradio", name=name).click()

    def say(self, text: str) -> None:
        """In the channel."""
        self._write(self.channel, text)

    def reply(self, text: str) -> None:
        """In the thread that is open."""
        self._write(self.thread, text)

    def open_thread(self, text: str) -> None:
        """The thread under the newest message of the channel that holds this text."""
        replies = self.page.get_by_role("button", name=re.compile(r"^\d+ repl(y|ies)"))
        messages = self.channel.get_by_role("article").filter(has_text=text)
        messages.filter(has=replies).last.get_by_role(
            "button", name=re.compile(r"^\d+ repl(y|ies)")
        ).click()
        expect(self.thread).to_be_visible()

    def click(self, label: str, confirm: str | None = None) -> None:
        """The newest button of this label; `confirm` is the answer to its question."""
        button = self.page.get_by_role("button", name=label, exact=True).last
        button.click()
        if confirm is not None:
            self.dialog.get_by_role("button", name=confirm, exact=True).click()

    def fill(self, values: dict[str, str]) -> None:
        """Fields of the modal on top, by label."""
        for label, value in values.items():
            field = self.dialog.get_by_label(label, exact=True)
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    def submit(self, label: str) -> None:
        """The modal on top; returns when it is gone."""
        dialog = self.dialog
        dialog.get_by_role("button", name=label, exact=True).click()
        expect(dialog).to_have_count(0)

    def attach(self, path: Path, place: Locator | None = None) -> None:
        """A file for the next message."""
        (place or self.channel).get_by_label("Files to attach").set_input_files(path)

    def wait_for(self, text: str | re.Pattern[str], seconds: float = 15) -> Locator:
        """The newest message with this text."""
        message = self.page.get_by_role("article").filter(has_text=text).last
        expect(message).to_be_visible(timeout=seconds * 1000)
        return message

    def wait_for_button(self, label: str, seconds: float = 15) -> Locator:
        button = self.page.get_by_role("button", name=label, exact=True).last
        expect(button).to_be_visible(timeout=seconds * 1000)
        return button

    def screenshot(self, name: str) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path, animations="disabled")
        return path

    def scrolls_sideways(self) -> bool:
        """The page as a whole, not a table or code in its own frame."""
        script = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(script))

    @property
    def channel(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog").last

    def _write(self, pane: Locator, text: str) -> None:
        box = pane.locator(".composer").get_by_role("textbox")
        box.fill(text)
        box.press("Escape")  # closes the completion of names, if one is open
        box.press("Enter")
        expect(box).to_have_value("")

    def _broke(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)
