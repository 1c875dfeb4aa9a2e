"""What Slack's own client makes of typed text: escaped, mentions and links resolved, rich text."""

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(
    r"(?P<link>https?://[^\s<>|]+[^\s<>|.,;:!?)\]}'\"])"
    r"|(?<![\w@])@(?P<user>[\w.-]*\w)"
    r"|(?<![\w#&])#(?P<channel>[\w-]+)"
)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def compose(
    typed: str, users: Mapping[str, str], channels: Mapping[str, str]
) -> tuple[str, list[dict[str, Any]]]:
    """The message's text and blocks; `users` and `channels` map names to ids."""
    text, pieces, end = "", [], 0
    for match in _TOKEN.finditer(typed):
        piece = _piece(match, users, channels)
        if piece is None:
            continue
        between = typed[end : match.start()]
        text += escape(between) + _markup(piece, channels)
        pieces += [*_text_piece(between), piece]
        end = match.end()
    text += escape(typed[end:])
    pieces += _text_piece(typed[end:])
    if not pieces:
        return text, []
    section = {"type": "rich_text_section", "elements": pieces}
    return text, [{"type": "rich_text", "elements": [section]}]


def _text_piece(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text}] if text else []


def _piece(
    match: re.Match[str], users: Mapping[str, str], channels: Mapping[str, str]
) -> dict[str, Any] | None:
    if match["link"]:
        return {"type": "link", "url": match["link"]}
    if match["user"] and (user := users.get(match["user"].lower())):
        return {"type": "user", "user_id": user}
    if match["channel"] and (channel := channels.get(match["channel"].lower())):
        return {"type": "channel", "channel_id": channel}
    return None


def _markup(piece: dict[str, Any], channels: Mapping[str, str]) -> str:
    match piece["type"]:
        case "link":
            return f"<{escape(piece['url'])}>"
        case "user":
            return f"<@{piece['user_id']}>"
        case _:
            name = next(name for name, known in channels.items() if known == piece["channel_id"])
            return f"<#{piece['channel_id']}|{name}>"
