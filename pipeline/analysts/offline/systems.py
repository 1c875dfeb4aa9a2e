"""The systems that a request speaks of: those of the catalogue, and those that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.offline.lexicon import listed
from pipeline.analysts.offline.request import Mention
from pipeline.analysts.offline.signing_in import schemes
from pipeline.analysts.offline.words import singular
from pipeline.errors import InvalidSpec
from pipeline.plan.apply import slugged

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue
    from pipeline.ports import Request

_NAME = r"[A-Z][\w&+.-]*\w(?:\s+(?!API\b)[A-Z][\w&+-]*\w){0,2}"
_UNKNOWN = re.compile(
    r"\b(?:from|to|into|in|between|with|and|via|our|the|every|each|new|→)\s+"
    rf"(?:our\s+|the\s+|an?\s+|new\s+)?(?P<name>{_NAME})"
    rf"|(?:^|→\s*)(?P<first>{_NAME})(?=\s*→)"
    rf"|\ban?\s+(?P<article>{_NAME})(?=\s+[a-z])"
)
_SMALL = re.compile(
    r"\b(?:from|to|into|with|→)\s+(?P<name>[a-z][a-z0-9]{3,})(?=\s+(?:as|when|whenever|every|each|"
    r"once|hourly|daily|nightly|weekly)\b|\s+→|\s*(?:[.,;]|$))"
)
_OWN_API = re.compile(
    r"\b(?:(?:our|my|an?|the|this|company's)\s+)?(?:own |internal |in-house |custom |private |"
    r"attached |home-?grown |proprietary )+(?:\w+ )?(?:api|system|service|app|platform|backend|erp|"
    r"crm|database|tool|endpoint)\b|\b(?:our|my) (?:api|backend|service)\b|\battached\b",
    re.I,
)


def with_attachments(catalogue: Catalogue, request: Request) -> tuple[Catalogue, list[str], str]:
    """The catalogue with the request's OpenAPI files; their systems; why one can't be read."""
    added, trouble = [], ""
    for attachment in request.attachments:
        before = set(catalogue.names())
        try:
            catalogue = catalogue.with_spec(attachment.name, attachment.content)
        except InvalidSpec as error:
            trouble = str(error)
            continue
        added += [name for name in catalogue.names() if name not in before]
    return catalogue, added, trouble


def find_mentions(text: str, catalogue: Catalogue, attached: Sequence[str] = ()) -> list[Mention]:
    """Every system named, in the order of the text."""
    found = [
        Mention(one.system, catalogue.system(one.system).display_name, one.start, one.end,
                catalogue.system(one.system))
        for one in catalogue.recognise(text)
    ]  # fmt: skip
    for name in attached:
        entry = catalogue.system(name)
        place = _OWN_API.search(text)
        start, end = place.span() if place else (0, 0)
        named = [one for one in found if one.system == name]
        if named:
            continue
        found.append(Mention(name, entry.display_name, start, end, entry))
    found += _unknown(text, found) or _uncapitalised(text, found)
    return sorted(found, key=lambda one: one.start)


def _unknown(text: str, known: list[Mention]) -> list[Mention]:
    """Capitalised names where a system would stand, which no catalogue entry goes by."""
    words = {
        singular(word)
        for one in known
        if one.entry
        for entity in one.entry.entities
        for name in (entity.name, *entity.aliases)
        for word in re.split(r"[\s_-]+", name)
    }
    no_names = listed("function", "not_systems")
    found: dict[str, Mention] = {}
    for match in _UNKNOWN.finditer(text):
        group = match.lastgroup or "name"
        start, name = match.start(group), match[group]
        parts = name.split()
        while parts and (parts[-1].lower() in no_names or singular(parts[-1].lower()) in words):
            parts.pop()
        while parts and parts[0].lower() in no_names:
            start += len(parts[0]) + 1
            parts.pop(0)
        name = " ".join(parts).strip(".")
        slug = slugged(name)
        end = start + len(name)
        if not slug or any(one.start < end and start < one.end for one in known):
            continue
        if any(first <= start < last for first, last, *_ in schemes(text)):
            continue
        if (
            _quoted(text, start)
            or _labelled(text, start, end)
            or _mapped(text, start)
            or _is_state(text, start)
        ):
            continue
        found.setdefault(slug, Mention(slug, name, start, end))
    return list(found.values())


def _uncapitalised(text: str, known: list[Mention]) -> list[Mention]:
    """A name in small letters where the other end would stand, if only one end is known."""
    if len({one.system for one in known}) != 1:
        return []
    no_names = listed("function", "not_systems", "not_small_systems")
    for match in _SMALL.finditer(text):
        inside = any(one.start <= match.start("name") < one.end for one in known)
        if not inside and match["name"] not in no_names:
            name = match["name"]
            return [Mention(slugged(name), name, match.start("name"), match.end("name"))]
    return []


def _quoted(text: str, position: int) -> bool:
    return text.count('"', 0, position) % 2 == 1


def _is_state(text: str, position: int) -> bool:
    """Whether the name is of a state that something gets into: “moves to Done”."""
    into = r"\b(?:mov|chang|go|set|mark|transition|switch|turn|dragg)\w*\s+(?:to|into|as)\s+$"
    return re.search(into, text[:position], re.I) is not None


def _mapped(text: str, position: int) -> bool:
    """Whether the name is of a field: behind “map …” in the same sentence."""
    sentence = re.split(r"[.;!?\n]\s", text[:position])[-1]
    return re.search(r"\bmap(?:ping|pings|ped|s)?\b", sentence, re.I) is not None


def _labelled(text: str, start: int, end: int) -> bool:
    """Whether the name is of a place or a field, not of a system."""
    labels = (
        r"\s+(?:channel|table|base|list|board|folder|audience|project|field|column|sheet|tab|"
        r"repo\w*|bucket|team|time|pipeline|stage|status|flow|grant)\b"
    )
    named = re.match(labels, text[end:], re.I) is not None
    return named and re.search(r"\ban?\s+$", text[:start]) is None
