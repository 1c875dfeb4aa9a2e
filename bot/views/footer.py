"""The small line under a thread's progress: what the model's calls have used."""

from dataclasses import replace

from bot.views.message import Message
from bot.views.pieces import escape, note


def with_footer(message: Message, text: str) -> Message:
    """The message with the line under it; unchanged where there is nothing to say."""
    if not text:
        return message
    return replace(message, blocks=(*message.blocks, note(escape(text))))
