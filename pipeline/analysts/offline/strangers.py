"""Names in a request that stand where a system would, and that no catalogue entry goes by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.analysts.offline.lexicon import listed, table
from pipeline.analysts.offline.naming import last_name
from pipeline.analysts.offline.places import read_places
from pipeline.analysts.offline.request import Mention
from pipeline.analysts.offline.signing_in import schemes
from pipeline.analysts.offline.words import singular, stem
from pipeline.catalogue.schema import fields
from pipeline.plan.apply import slugged

_NAME = r"[A-Z][\w&+.-]*\w(?:\s+(?!API\b)[A-Z][\w&+-]*\w){0,2}"
_CAPITALISED = re.compile(
    r"\b(?:from|to|into|in|between|with|and|via|our|the|every|each|new|→)\s+"
    rf"(?:our\s+|the\s+|an?\s+|new\s+)?(?P<name>{_NAME})"
    rf"|(?:^|→\s*)(?P<first>{_NAME})(?=\s*→)"
    rf"|\ban?\s+(?P<article>{_NAME})(?=\s+[a-z])"
)
_SMALL = re.compile(
    r"\b(?:from|to|into|with|→)\s+(?P<name>[a-z][a-z0-9]{3,})(?=\s+(?:as|when|whenever|every|each|"
    r"once|hourly|daily|nightly|weekly)\b|\s+→|\s*(?:[.,;]|$))"
)
_LABELS = (
    r"\s+(?:channel|table|base|list|board|folder|audience|project|field|column|sheet|tab|database|page|view|workspace|calendar|"
    r"repo\w*|bucket|team|time|pipeline|stage|status|flow|grant)\b"
)
_TURNED = (
    r"\b(?:mov|chang|go|set|mark|transition|switch|turn|dragg)\w*\s+(?:to|into|as)\s+$|"
    r"\b(?:set|mark|change)s?\s+[^.;,]{0,60}\s(?:to|as)\s+$"
)
_KEY, _IN = r"[A-Z]{2,10}", r"\bin\s+(?:the\s+)?$"  # a project's key: “an issue in OPS”
# “with the columns Order, Price and …”: what is listed is called so over there.
_COLUMNS = re.compile(
    r"\b(?:columns?|fields?)\b(?:\s+(?:are|named|called))?:?\s+"
    r"(?:(?!(?:to|into|from|in)\b)[\w#/-]+(?:\s(?!(?:to|into|from|in)\b)[\w#/-]+){0,2}"
    r"(?:,\s*(?:and\s)?|\s(?:and|&)\s))*$",
    re.I,
)
_PUT = re.compile(
    r"\b(?:put|write|copy|copies|goes)\s+(?:the )?[\w.\[\]]*[_.][\w.\[\]]*\s+(?:in)?to\b"
)


def strangers(text: str, known: Sequence[Mention]) -> list[Mention]:
    """Systems that only the text knows of: capitalised, or small at the end that is missing."""
    return _capitalised(text, known) or _uncapitalised(text, known)


def _capitalised(text: str, known: Sequence[Mention]) -> list[Mention]:
    things = _things(known)
    found: dict[str, Mention] = {}
    for match in _CAPITALISED.finditer(text):
        group = match.lastgroup or "name"
        start, name = _trimmed(match[group], match.start(group), things)
        slug, end = slugged(name), start + len(name)
        taken = any(one.start < end and start < one.end for one in known)
        if slug and not taken and not _is_something_else(text, start, end, known):
            found.setdefault(slug, Mention(slug, name, start, end))
    return list(found.values())


def _things(known: Sequence[Mention]) -> set[str]:
    """The words that the named systems' entities go by."""
    return {
        singular(word)
        for one in known
        if one.entry
        for entity in one.entry.entities
        for name in (entity.name, *entity.aliases)
        for word in re.split(r"[\s_-]+", name)
    }


def _trimmed(name: str, start: int, things: set[str]) -> tuple[int, str]:
    """A name without the ordinary words at its ends, and where it starts."""
    ordinary = listed("function", "not_systems")
    parts = name.split()
    while parts and {parts[-1].lower(), singular(parts[-1].lower())} & {*ordinary, *things}:
        parts.pop()
    while parts and {parts[0].lower(), singular(parts[0].lower())} & ordinary:
        start += len(parts[0]) + 1
        parts.pop(0)
    return start, " ".join(parts).strip(".")


def _is_something_else(text: str, start: int, end: int, known: Sequence[Mention]) -> bool:
    """Whether a name is of a scheme, a place, a country, a state or a field, not of a system."""
    name, left = text[start:end], text[:start]
    return (
        any(first <= start < last for first, last, *_ in schemes(text))
        or left.count('"') % 2 == 1
        or any(one.holds(start) for one in read_places(text))
        or name in table("countries")
        or re.match(r"\s*[=<>!]", text[end:]) is not None
        or (re.match(_LABELS, text[end:], re.I) is not None and not re.search(r"\ban?\s+$", left))
        or re.search(_TURNED, left, re.I) is not None
        or name.split()[0].lower() in listed("told_by")
        or (re.fullmatch(_KEY, name) is not None and re.search(_IN, left, re.I) is not None)
        or _is_mapped(left)
        or _COLUMNS.search(left) is not None
        or _is_field(name, known)
    )


def _is_mapped(left: str) -> bool:
    """Whether what follows is a field: behind “map …” or “put first_name into …”."""
    sentence = re.split(r"[.;!?\n]\s", left)[-1]
    return bool(re.search(r"\bmap(?:ping|pings|ped|s)?\b", sentence, re.I) or _PUT.search(sentence))


def _is_field(name: str, known: Sequence[Mention]) -> bool:
    wanted = stem(name)
    entries = {one.system: one.entry for one in known if one.entry}
    return any(
        stem(last_name(field.path)) == wanted
        for entry in entries.values()
        for entity in entry.entities
        for field in fields(entity.record_schema)
    )


def _uncapitalised(text: str, known: Sequence[Mention]) -> list[Mention]:
    """A name in small letters where the other end would stand, if only one end is known."""
    if len({one.system for one in known}) != 1:
        return []
    ordinary = listed("function", "not_systems", "not_small_systems")
    for match in _SMALL.finditer(text):
        name, start = match["name"], match.start("name")
        if name not in ordinary and not any(one.start <= start < one.end for one in known):
            return [Mention(slugged(name), name, start, match.end("name"))]
    return []
