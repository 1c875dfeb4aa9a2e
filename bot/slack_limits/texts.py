"""Cutting and splitting text so that what is left still reads and renders."""

import re

_HALF_ENTITY = re.compile(r"&[a-z]{0,4}$|<[^<>]*$")
_FENCE = "```"


def cut(text: str, most: int) -> str:
    """The beginning of a text; what was cut off shows as an ellipsis."""
    if len(text) <= most:
        return text
    kept = _HALF_ENTITY.sub("", text[: most - 5])
    return kept + "…" + (f"\n{_FENCE}" if kept.count(_FENCE) % 2 else "")


def split(text: str, most: int) -> list[str]:
    """Texts of at most that length, broken between lines; code that is cut goes on as code."""
    if len(text) <= most:
        return [text]
    room = most - 2 * len(_FENCE) - 2
    parts, part, in_code = [], "", False
    for line in _lines(text, room):
        if part and len(part) + len(line) > room:
            parts.append(part + (_FENCE if in_code else ""))
            part = f"{_FENCE}\n" if in_code else ""
        part += line
        in_code ^= line.count(_FENCE) % 2 == 1
    return [*parts, part]


def _lines(text: str, room: int) -> list[str]:
    """Lines with their ends; one too long for any part is broken where it must be."""
    found = []
    for line in text.splitlines(keepends=True):
        while len(line) > room:
            piece = _HALF_ENTITY.sub("", line[:room]) or line[:room]
            found.append(piece)
            line = line[len(piece) :]
        found.append(line)
    return found
