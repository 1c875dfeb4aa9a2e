"""Markdown made of text that others wrote: nothing in it can become markup."""

import re
from collections.abc import Sequence

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Text on one line, with every sign of Markdown and HTML escaped."""
    line = " ".join(_CONTROL.sub("", text).split())
    return _MARKUP.sub(r"\\\1", line)


def code(text: str) -> str:
    """Text as code on one line; backticks in it become quotes, bars are escaped for tables."""
    line = " ".join(_CONTROL.sub("", text).split())
    return f"`{line.replace('`', chr(39)).replace('|', chr(92) + '|')}`" if line else ""


def link(source: str) -> str:
    """A source: a link where it is a web address, else its text."""
    if re.fullmatch(r"https?://[^\s<>()\[\]\"'`|\\]+", source):
        return f"<{source}>"
    return escape(source)


def bullet(text: str) -> str:
    return f"- {text}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; cells are Markdown already, of one line each."""
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)
