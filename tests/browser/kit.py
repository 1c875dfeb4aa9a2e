"""Blocks such as Weft posts, and every other kind, for the page to draw."""

from typing import Any

Block = dict[str, Any]
DIFF = """--- a/src/orders.ts
+++ b/src/orders.ts
@@ -1,3 +1,4 @@
 const order = context.data;
-const email = order.email;
+const email = order.email?.trim();
+if (!email) throw new Error("no email");
"""
DOCUMENT = """# Orders become receipts

Each **new order** becomes a *receipt*: see [the page](https://example.com/orders).

| Target | Source |
|---|---:|
| `TxnDate` | `created_at` |

1. first
   - nested
2. second

- [x] done

> quoted <b>text</b>

```ts
const one = 1 < 2;
```
"""


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def rich(text: str) -> Block:
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [line]}


def button(text: str, action: str, **more: Any) -> Block:
    return {"type": "button", "text": plain(text), "action_id": action, "value": action, **more}


def options(*texts: str) -> list[Block]:
    return [{"text": plain(text), "value": text} for text in texts]


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def field(block_id: str, label: str, element: Block | None = None, **more: Any) -> Block:
    typed = {"type": "plain_text_input", "action_id": "value"}
    block = {"type": "input", "block_id": block_id, "label": plain(label)}
    return {**block, "element": {**(element or typed), "action_id": "value"}, **more}


def modal(*blocks: Block, title: str = "Credentials", **more: Any) -> Block:
    names = {"title": plain(title), "submit": plain("Connect"), "close": plain("Cancel")}
    return {"type": "modal", **names, "blocks": list(blocks), **more}


def plan(*statuses: str) -> Block:
    tasks = [
        {
            "type": "task_card",
            "task_id": f"task-{number}",
            "title": f"Step {number}",
            "status": status,
            **({"output": rich(f"fact {number}")} if status == "complete" else {}),
        }
        for number, status in enumerate(statuses, start=1)
    ]
    return {"type": "plan", "title": "Shopify to QuickBooks", "tasks": tasks}


def table(*rows: tuple[str, ...]) -> Block:
    cells = [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]
    return {"type": "table", "rows": cells}


CONFIRM = {
    "title": plain("Stop this integration?"),
    "text": mrkdwn("What is *live* stays."),
    "confirm": plain("Stop it"),
    "deny": plain("Not now"),
}
EVERY_BLOCK: list[Block] = [
    {"type": "header", "text": plain("The plan")},
    section(
        "*bold* _italic_ ~gone~ `code` <@U0OPS00001> <#C0INTEGR01> <https://example.com|a link>\n"
        "> quoted\n• first\n• second\n```a pre```",
        accessory={"type": "overflow", "action_id": "overflow", "options": options("Explain")},
    ),
    {"type": "section", "fields": [mrkdwn("*Limit*\n500"), plain("plain *field*")]},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("small print")]},
    actions(
        button("Approve plan", "approve", style="primary"),
        button("Stop", "stop", style="danger", confirm=CONFIRM),
        button("Open Shopify", "link", url="https://example.com/admin"),
        {
            "type": "static_select",
            "action_id": "select",
            "placeholder": plain("Currency"),
            "options": options("convert", "skip"),
        },
    ),
    actions(
        {"type": "checkboxes", "action_id": "boxes", "options": options("one box", "two box")},
        {"type": "radio_buttons", "action_id": "radio", "options": options("this", "that")},
        {"type": "datepicker", "action_id": "date", "initial_date": "2026-01-31"},
        {"type": "timepicker", "action_id": "time", "initial_time": "14:30"},
    ),
    rich("rich words"),
    table(("Target", "Source"), ("TxnDate", "created_at")),
    {
        "type": "image",
        "image_url": "https://example.com/flow.png",
        "alt_text": "the flow of data",
        "title": plain("Flow"),
    },
    plan("complete", "in_progress", "pending", "error"),
]
MARKDOWN: Block = {"type": "markdown", "text": DOCUMENT}
