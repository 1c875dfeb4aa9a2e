"""Text from outside stays text, wherever the page shows it, and however long it is."""

import json

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.conftest import Bot
from tests.browser.driver import Driver
from tests.browser.kit import Block, actions, button, field, modal, plain, rich, section, table
from tests.playground.person import INTEGRATIONS, Person
from tests.playground.receiver import Receiver

HOSTILE = [
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    "<svg/onload=window.pwned=1>",
    "<a href='javascript:window.pwned=1'>a</a>",
    "[a](javascript:window.pwned=1) <javascript:window.pwned=1|b> ![c](javascript:window.pwned=1)",
    "[a](JaVaScRiPt:window.pwned=1) <JAVASCRIPT:window.pwned=1>",
    "[a](data:text/html,<script>window.pwned=1</script>) <vbscript:window.pwned|d>",
    '<https://example.com/" onmouseover="window.pwned=1|e> `<b>` *<i>x</i>*',
    "</textarea></title></style><iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=1} __proto__",
    '<!date^1^{constructor}|x> <!date^99999999999999^{date}|y> <@U1"onclick="> :constructor:',
]
ALL = "\n".join(HOSTILE)
HARMLESS = """() => ({
    pwned: window.pwned === undefined,
    scripts: document.querySelectorAll("script").length,
    frames: document.querySelectorAll("iframe, object, embed, base").length,
    handlers: [...document.querySelectorAll("*")].filter(
        node => [...node.attributes].some(one => one.name.startsWith("on"))).length,
    links: [...document.querySelectorAll("a[href]")].map(one => one.protocol)
        .filter(one => !["http:", "https:", "mailto:"].includes(one)).length,
    sources: [...document.querySelectorAll("img")].filter(
        one => new URL(one.src).host !== location.host).length,
})"""


def hostile_blocks() -> list[Block]:
    return [
        section(ALL, accessory=button(HOSTILE[0][:75], "one")),
        {"type": "section", "fields": [plain(ALL[:2000])]},
        {"type": "header", "text": plain(HOSTILE[1])},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": ALL}]},
        {"type": "markdown", "text": ALL},
        rich(ALL),
        table((HOSTILE[0], HOSTILE[1]), (HOSTILE[2], HOSTILE[3])),
        actions(button(HOSTILE[1][:75], "two", url="https://example.com/?javascript:alert(1)")),
        {"type": "image", "image_url": "https://example.com/x.png", "alt_text": HOSTILE[1]},
    ]


def nothing_ran(driver: Driver) -> None:
    found = driver.page.evaluate(HARMLESS)
    expected = {"frames": 0, "handlers": 0, "links": 0, "sources": 0, "pwned": True, "scripts": 1}
    assert found == expected


@pytest.fixture(autouse=True)
def _no_alert(driver: Driver) -> None:
    def fail(dialog: Dialog) -> None:
        driver.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    driver.page.once("dialog", fail)


def test_blocks_and_files_of_the_bot_are_inert(driver: Driver, bot: Bot, maya: Person) -> None:
    root = maya.say(ALL)["ts"]
    bot.post(ALL, *hostile_blocks(), thread_ts=root)
    bot.force(
        ALL,
        {"type": "actions", "elements": [
            {"type": "button", "text": plain("go"), "url": "javascript:window.pwned=1"}
        ]},
        {"type": "image", "image_url": "javascript:window.pwned=1", "alt_text": "x"},
        {"type": ALL},
    )  # fmt: skip
    uploads = [
        {"filename": "<img src=x onerror=window.pwned=1>.md", "content": ALL},
        {"filename": "x.html", "content": ALL},
    ]
    bot.client.files_upload_v2(channel=INTEGRATIONS, thread_ts=root, file_uploads=uploads)
    driver.open_thread("window.pwned")
    expect(driver.thread.get_by_role("region", name="File x.html")).to_contain_text("<script>")
    nothing_ran(driver)
    driver.thread.get_by_role("button", name="Open <img").click()
    expect(driver.dialog.get_by_text("<script>window.pwned = 1</script>")).to_be_visible()
    nothing_ran(driver)


def test_a_form_of_hostile_words_is_inert(driver: Driver, bot: Bot, receiver: Receiver) -> None:
    view = modal(
        section(ALL),
        field("a", HOSTILE[0], hint=plain(HOSTILE[1])),
        field("b", "List", {"type": "static_select", "options": [
            {"text": plain(HOSTILE[0]), "value": HOSTILE[1]}
        ]}),
        title="<b>Title</b>",
    )  # fmt: skip

    def answer(received: object) -> tuple[int, str]:
        payload = receiver.received[-1].payload
        bot.client.views_open(trigger_id=payload["trigger_id"], view=view)
        return 200, ""

    receiver.answer = answer
    bot.post("form", actions(button("Open", "open")))
    driver.wait_for_button("Open").click()
    expect(driver.page.get_by_role("dialog", name="<b>Title</b>")).to_be_visible()
    nothing_ran(driver)


def test_the_page_itself_refuses_markup_and_foreign_code(driver: Driver) -> None:
    """Even a mistake in the page could not turn text into markup."""
    refused = driver.page.evaluate(
        """() => {
            const tries = {
                markup: () => { document.createElement("p").innerHTML = "<b>x</b>"; },
                code: () => { new Function("return 1")(); },
            };
            return Object.entries(tries).map(([name, attempt]) => {
                try { attempt(); return `${name} allowed`; } catch { return `${name} refused`; }
            });
        }"""
    )
    # The driver's own scripts are free of the policy on code, but not of that on markup.
    assert "markup refused" in refused
    policy = driver.page.request.get(driver.address).headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    driver.complaints.clear()


LONG = {
    "stars": "*a " * 4000,
    "underscores": "_" * 12000,
    "ticks": "`" * 12000,
    "brackets": "[" * 12000,
    "links": "[a](" * 3000,
    "angles": "<" * 12000,
    "quotes": "> " * 6000,
    "indents": "\n".join(" " * depth + "- x" for depth in range(150)),
    "pipes": "|" * 6000 + "\n" + "|-" * 3000,
    "fences": "```" * 4000,
    "mixed": "*_~`[<" * 2000,
    "addresses": "http://a" * 1500,
    "spaces": "#" + " " * 11000 + "x",
    "rules": "* " * 6000 + "x",
}


def test_no_text_keeps_the_page_busy(driver: Driver) -> None:
    slow = driver.page.evaluate(
        """async texts => {
            const { markdown } = await import("./text/markdown.js");
            const { mrkdwn } = await import("./text/mrkdwn.js");
            return Object.entries(texts).flatMap(([name, text]) => [markdown, mrkdwn]
                .map(read => {
                    const start = performance.now();
                    read(text);
                    return [`${name} ${read.name}`, Math.round(performance.now() - start)];
                })).filter(([, milliseconds]) => milliseconds > 400);
        }""",
        LONG,
    )
    assert slow == [], json.dumps(slow)
