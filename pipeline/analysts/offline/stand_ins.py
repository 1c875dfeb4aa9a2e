"""Systems that are meant and not named: “a sheet”, “our site posts to a webhook”, an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.offline.lexicon import table
from pipeline.analysts.offline.request import Mention

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_BEFORE = (
    r"\b(?:an?|the|our|my|this|that|to|into|in|from|every|each|new|of)\s+(?:shared |new )?"
    r"(?:\"[^\"\n]{1,60}\"\s+)?"
)
_SENT_ON = re.compile(r"\b(?:to|at)\s+(?:\S+\s+){0,6}?https?://", re.I)  # where to, no sender
_SENT_TO_US = re.compile(
    r"\b(?:(?:posts?|sends?|pushes|push|calls?|hits?|fires?|delivers?)\b[^.;\n]{0,60}?"
    r"\b(?:an?|the|our|your|this|weft's)\s+(?:custom |own |generic |plain )?|"
    r"(?:an?|the|our|any|every|custom|generic)\s+(?:custom |generic )?"
    r"(?=web ?hook (?:from|of|sent))|\b(?:by|via|through|over|as)\s+(?:an?\s+)?"
    r"(?=web ?hooks? (?:calls? )?from))"
    r"(?P<name>web ?hooks?)\b",
    re.I,
)
_ADDRESS = re.compile(
    r"\b(?:poll|call|fetch|query|get|hit|from|to|post|into|at|against|read)\s+(?:\S+\s+){0,5}?"
    r"(?P<name>https?://[^\s,;)\"']+)",
    re.I,
)
_SENDER = re.compile(r"\s+(?:calls? )?(?:from|of|sent by)\s+(?:our |the |my )?", re.I)
_DOCUMENTS = re.compile(r"\b(?:docs?|documented|documentation|spec|swagger|openapi)\b", re.I)


def stand_ins(text: str, known: Sequence[Mention], catalogue: Catalogue) -> list[Mention]:
    """Mentions of systems that only what they hold, or how they are reached, is named of."""
    found = [*_things(text, known, catalogue)]
    for system, pattern in (("inbound-webhook", _SENT_TO_US), ("rest-endpoint", _ADDRESS)):
        wanted = system not in {one.system for one in known} and system in catalogue.names()
        if system == "inbound-webhook" and _SENT_ON.search(text):
            continue
        match = pattern.search(text) if wanted else None
        if match is None or _is_of_another(match, text, known):
            continue
        found.append(_mention(catalogue, system, *match.span("name")))
    return found


def _things(text: str, known: Sequence[Mention], catalogue: Catalogue) -> Iterator[Mention]:
    kinds = {one.entry.kind for one in known if one.entry}
    for system, things in table("stand_ins").items():
        if system not in catalogue.names() or catalogue.system(system).kind in kinds:
            continue
        match = re.search(rf"{_BEFORE}(?P<name>(?:{'|'.join(things)})s?)\b", text, re.I)
        if match is not None:
            yield _mention(catalogue, system, *match.span("name"))


def _is_of_another(match: re.Match[str], text: str, known: Sequence[Mention]) -> bool:
    """Whether a system that is named does the sending, or the address is of documents."""
    start = max(text.rfind(sign, 0, match.start()) for sign in (". ", "; ", "\n", ","))
    sender = _SENDER.match(text, match.end())
    end = sender.end() if sender else match.end() - 1
    named = any(start < one.start <= end for one in known)
    return named or bool(_DOCUMENTS.search(text[start + 1 : match.start("name")]))


def _mention(catalogue: Catalogue, system: str, start: int, end: int) -> Mention:
    entry = catalogue.system(system)
    return Mention(system, entry.display_name, start, end, entry, stands_in=True)
