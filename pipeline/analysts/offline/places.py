"""Channels, bases, tables, repositories and ids that a text names."""

import re

from pipeline.analysts.offline.lexicon import listed
from pipeline.analysts.offline.request import Place

_LABEL = "|".join(sorted(listed("labels"), key=len, reverse=True))
_VALUE = (
    r"(?:\"(?P<q>[^\"\n]{1,120})\"|'(?P<s>[^'\n]{1,120})'|(?P<v>[A-Za-z0-9#+][\w./#+:@-]*[\w/]))"
)
_LABELLED = re.compile(rf"\b(?P<label>{_LABEL})\b\s*(?:id|called|named|is|=|:)*\s*{_VALUE}", re.I)
_BEHIND = re.compile(
    rf"(?:\"(?P<q>[^\"\n]{{1,120}})\"|'(?P<s>[^'\n]{{1,120}})'|(?P<v>[a-z0-9]+[-_][\w-]*\w))\s+(?P<label>{_LABEL})\b",
    re.I,
)
_CHANNEL = re.compile(r"(?<![\w&/])#(?P<v>[a-z0-9][\w-]{0,79})")
_REPOSITORY = re.compile(r"(?<![\w/.:@-])(?P<v>[A-Za-z0-9][\w-]*/[A-Za-z][\w.-]*[\w])(?![\w/])")
_NO_REPOSITORIES = re.compile(r"^(?:and/or|n/a|w/o|his/her|either/or|"
                              r"(?-i:[A-Z][a-z]+/[A-Z][a-z_]+)|24/7|ci/cd|"
                              r"created?/updated?|\w+/(?:create|created|update|updated|delete|"
                              r"paid))$", re.I)  # fmt: skip


def read_places(text: str) -> list[Place]:
    """Named places in the order of the text; a quoted name and an id may share a label."""
    found = [
        Place("channel", f"#{match['v']}", *_with_label(match, text))
        for match in _CHANNEL.finditer(text)
    ]
    for pattern in (_LABELLED, _BEHIND):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            value = groups.get("q") or groups.get("s") or groups["v"]
            plain = value == groups["v"]
            if value.lower() in listed("function", "not_values") or (
                plain and not _looks_named(value)
            ):
                continue
            found.append(Place(match["label"].lower(), value, *match.span()))
    for match in _REPOSITORY.finditer(text):
        if not _NO_REPOSITORIES.match(match["v"]) and "." not in match["v"].split("/")[0]:
            found.append(Place("repository", match["v"], *match.span()))
    return sorted(dict.fromkeys(found), key=lambda place: place.start)


def _with_label(match: re.Match[str], text: str) -> tuple[int, int]:
    """“the channel #deals” and “the #deals channel” are one place each."""
    before = re.search(r"\bchannel\s+$", text[: match.start()], re.I)
    behind = re.match(r"\s+channel\b", text[match.end() :], re.I)
    start = before.start() if before else match.start()
    return start, match.end() + (behind.end() if behind else 0)


def _looks_named(value: str) -> bool:
    """Whether a bare word reads as a name or an id rather than as English."""
    return bool(re.search(r"[\d_./#-]", value) or value.isupper() or not value.islower())
