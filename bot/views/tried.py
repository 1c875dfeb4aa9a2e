"""What one sample event did, at the mocks."""

import json

from bot.views.message import File, Message
from bot.views.pieces import escape, section, table
from pipeline.replies import Tried

_RECORD_SHOWN = 2400  # characters


def tried(reply: Tried) -> Message:
    title = f"Sample event through {reply.workflow}: {reply.state} (mocked)"
    blocks = [section(f"*{escape(title)}*" + (f"\n{escape(reply.reason)}" if reply.reason else ""))]
    if reply.requests:
        rows = [(row + ["", "", ""])[:3] for row in reply.requests]
        blocks.append(table(("Request", "Status", "What it did"), rows))
    files = []
    for number, record in enumerate(reply.records, start=1):
        text = json.dumps(record, indent=2, ensure_ascii=False)
        shown = text[:_RECORD_SHOWN]
        blocks.append(section(f"*What came out*\n```{escape(shown)}```"))
        if len(text) > _RECORD_SHOWN:
            files.append(File(f"record-{number}.json", text, "json"))
    return Message(title, tuple(blocks), tuple(files))
