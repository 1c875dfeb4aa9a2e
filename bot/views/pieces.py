"""The pieces that views are put together from. Text from outside passes `escape` first."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.views.message import Block
from pipeline.artifacts import Evidence

_MOST_ROWS = 100  # of a table, its head included
_MENTION = re.compile(r"&lt;@([UW][A-Z0-9]{1,20})&gt;")


def escape(text: object) -> str:
    """Text that Slack shows as it stands: no mention, no link, and no block of code begins."""
    shown = str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace("```", "ˋˋˋ")


def sentence(text: str) -> str:
    """Weft's own sentence to one person, which may name people; the rest of it is escaped."""
    return _MENTION.sub(r"<@\1>", escape(text))


def code(text: object) -> str:
    """Text in code style; it can't end the style itself."""
    return f"`{escape(text).replace('`', 'ˋ')}`"


def person(user: str) -> str:
    return f"<@{escape(user)}>"


def people(users: Iterable[str]) -> str:
    return " or ".join(person(user) for user in users)


def moment(at: datetime) -> str:
    """A time of day in the reader's own zone."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at:%H:%M} UTC>"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}


def section(text: str, accessory: dict[str, Any] | None = None) -> Block:
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def note(text: str) -> Block:
    """Small grey text."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def bullets(lines: Iterable[str]) -> str:
    """A list; its lines are escaped already."""
    return "\n".join(f"• {line}" for line in lines)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    """A table of plain text; rows beyond Slack's most are left to the file beside it."""
    cells = [[_cell(cell) for cell in row] for row in [head, *rows[: _MOST_ROWS - 1]]]
    return {"type": "table", "rows": cells}


def _cell(text: str) -> dict[str, str]:
    return {"type": "raw_text", "text": text or "–"}


def evidence_lines(evidence: Iterable[Evidence]) -> list[str]:
    """Each claim with how it is known."""
    return [f"{escape(item.claim)} ({item.word})" for item in evidence]


def rich(text: str) -> dict[str, Any]:
    """Plain text where Slack wants rich text."""
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [line]}
