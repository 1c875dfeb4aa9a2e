"""How mrkdwn and Markdown are read, sign by sign."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bot.playground.server import Playground

READ = """async ([kind, text]) => {
    const { mrkdwn } = await import("./text/mrkdwn.js");
    const { markdown } = await import("./text/markdown.js");
    const TAGS = { bold: "b", italic: "i", strike: "s" };
    const line = nodes => nodes.map(node => {
        if (node.type === "text") return node.text;
        if (node.type === "break") return "/";
        if (node.type === "code") return `{${node.text}}`;
        if (node.type === "link") return `[${line(node.children)}](${node.url})`;
        if (node.type in TAGS) return `<${TAGS[node.type]} ${line(node.children)}>`;
        return `<${node.type} ${node.id ?? node.range ?? node.name ?? node.timestamp}>`;
    }).join("");
    const flow = nodes => nodes.map(node => {
        if (node.type === "paragraph") return line(node.children);
        if (node.type === "heading") return `h${node.level} ${line(node.children)}`;
        if (node.type === "pre") return `pre(${node.text})`;
        if (node.type === "quote") return `quote(${flow(node.children)})`;
        if (node.type === "rule") return "rule";
        if (node.type === "table") return `table(${[node.head, ...node.rows]
            .map(row => row.map(line).join("|")).join(";")})`;
        return `${node.ordered ? "ol" : "ul"}(${node.items.map(item => flow(item.children))})`;
    }).join("¶");
    return flow({ mrkdwn, markdown }[kind](text));
}"""

MRKDWN = {
    "*bold* and _italic_ and ~gone~": "<b bold> and <i italic> and <s gone>",
    "2 * 3 * 4, snake_case_name, a*b*c": "2 * 3 * 4, snake_case_name, a*b*c",
    "*unclosed and _this too": "*unclosed and _this too",
    "*a\nb*": "*a/b*",
    "*_both_*": "<b <i both>>",
    "`*code*` &lt;b&gt; &amp;amp;": "{*code*} <b> &amp;",
    "```\nx < 1\n``` after": "pre(x < 1)¶ after",
    "<@U0OPS00001> <#C0INTEGR01|integrations> <!here>": (
        "<user U0OPS00001> <channel C0INTEGR01> <broadcast here>"
    ),
    "<https://a.example|*label*>": "[<b label>](https://a.example)",
    "<mailto:a@b.example|a@b.example>": "[a@b.example](mailto:a@b.example)",
    "see https://a.example/x?y=1&amp;z=2.": (
        "see [https://a.example/x?y=1&z=2](https://a.example/x?y=1&z=2)."
    ),
    "<javascript:alert(1)|x> <nonsense>": "<javascript:alert(1)|x> <nonsense>",
    "<!date^1700000000^{time}|14:02>": "<date 1700000000>",
    "> one\n> two\nthree": "quote(one/two)¶three",
    "• one\n• two\n1. first\n2. second": "ul(one,two)¶ol(first,second)",
    "one\n\ntwo\nthree": "one¶two/three",
    ":x: :no_such_thing: 10:30:45": "<emoji x> :no_such_thing: 10:30:45",
    "": "",
}
MARKDOWN = {
    "# Title #\ntext": "h1 Title¶text",
    "**bold** *italic* __bold__ _italic_ ~~gone~~": (
        "<b bold> <i italic> <b bold> <i italic> <s gone>"
    ),
    "***both***": "<b <i both>>",
    "2 * 3, snake_case_name \\*escaped\\*": "2 * 3, snake_case_name *escaped*",
    "`` a ` b `` and `c`": "{a ` b} and {c}",
    '[link](https://a.example "title") <https://b.example>': (
        "[link](https://a.example) [https://b.example](https://b.example)"
    ),
    "[bad](javascript:x) [local](other.md)": "bad local",
    "![picture](https://a.example/x.png)": "[picture](https://a.example/x.png)",
    "<b>html</b> &amp;": "<b>html</b> &amp;",
    "```ts\na < b\n```\nafter": "pre(a < b)¶after",
    "```\nnever closed": "pre(never closed)",
    "- one\n  - nested\n- two\n\n  more": "ul(one¶ul(nested),two¶more)",
    "1. one\n2. two": "ol(one,two)",
    "> quote\n> - item": "quote(quote¶ul(item))",
    "---\n***": "rule¶rule",
    "a | b\n--|--\n1 | `x\\|y`\nlast": "table(a|b;1|{x|y})¶last",
    "not | a table": "not | a table",
    "one\ntwo\n\nthree": "one/two¶three",
}


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    with Playground() as playground:
        page = browser.new_page()
        page.goto(playground.page_url)
        yield page
        page.close()


def read(reader: Page, kind: str, text: str) -> Any:
    return reader.evaluate(READ, [kind, text])


@pytest.mark.parametrize("text", MRKDWN)
def test_mrkdwn(reader: Page, text: str) -> None:
    assert read(reader, "mrkdwn", text) == MRKDWN[text]


@pytest.mark.parametrize("text", MARKDOWN)
def test_markdown(reader: Page, text: str) -> None:
    assert read(reader, "markdown", text) == MARKDOWN[text]
