"""The systems that a request speaks of: those of the catalogue, and those that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.analysts.offline.request import Mention
from pipeline.analysts.offline.stand_ins import stand_ins
from pipeline.analysts.offline.strangers import strangers
from pipeline.analysts.offline.words import sentences
from pipeline.catalogue.recognise import Recognised
from pipeline.errors import InvalidSpec

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue
    from pipeline.ports import Request

_OWN_API = re.compile(
    r"\b(?:(?:our|my|an?|the|this|company's)\s+)?(?:own |internal |in-house |custom |private |"
    r"attached |home-?grown |proprietary )+(?:\w+ )?(?:api|system|service|app|platform|backend|erp|"
    r"crm|database|tool|endpoint)\b|\b(?:our|my) (?:api|backend|service)\b|\battached\b",
    re.I,
)

_THERE = re.compile(
    r"\b(?:\w+(?:ed|en|es)|sent|sends?|go|put|write|copy|push|add|create|land|store|is|are)\s+"
    r"(?:up )?(?P<name>there)\b",
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
        for one in _unquoted(text, catalogue.recognise(text))
    ]  # fmt: skip
    for name in attached:
        entry = catalogue.system(name)
        place = _OWN_API.search(text)
        start, end = place.span() if place else (0, 0)
        named = [one for one in found if one.system == name]
        if named:
            continue
        found.append(Mention(name, entry.display_name, start, end, entry))
    found += stand_ins(text, found, catalogue)
    found += strangers(text, found)
    found.sort(key=lambda one: one.start)
    return sorted([*found, *_there(text, found)], key=lambda one: one.start)


def _there(text: str, found: Sequence[Mention]) -> list[Mention]:
    """“There” is the one system that an earlier sentence names."""
    match = _THERE.search(text)
    if match is None:
        return []
    own = next(span for span in sentences(text) if span.holds(match.start("name")))
    before = [one for one in found if one.start < own.start]
    if len({one.system for one in before}) != 1:
        return []
    return [replace(before[0], start=match.start("name"), end=match.end("name"))]


def _unquoted(text: str, found: Sequence[Recognised]) -> list[Recognised]:
    """Without names in quotes, which are values, where the same system is named outside too.

    A field's name, `acme_id`, is no name of a system either.
    """
    found = [one for one in found if "_" not in text[max(0, one.start - 1) : one.end + 1]]
    quoted = [one for one in found if text.count('"', 0, one.start) % 2]
    outside = {one.system for one in found if one not in quoted}
    return [one for one in found if one not in quoted or one.system not in outside]
