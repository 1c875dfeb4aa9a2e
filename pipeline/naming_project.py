"""Reads which project of the platform an integration is to go into, where people named one."""

import re
from collections.abc import Iterable

_ULID = r"[0-9A-HJKMNP-TV-Z]{26}"
_QUOTED = r"[“\"'‘]([^“”\"'‘’\n]{1,100})[”\"'’]"
_NAMED = re.compile(
    rf"\bproject(?:\s+(?:named|called|id|with\s+the\s+id))?:?\s+(?:({_ULID})\b|{_QUOTED})",
    re.IGNORECASE,
)


def named_project(texts: Iterable[str]) -> str:
    """An id, or a name in quotes, after the word “project”; the last one said, empty for none."""
    found = [match for text in texts for match in _NAMED.finditer(text)]
    return "" if not found else str(found[-1][1] or found[-1][2]).strip()
