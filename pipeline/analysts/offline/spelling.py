"""Slips of the keyboard, put right before a request is read: “sned a mesage evry tiem”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.analysts.offline.clauses import CREATE, MOVE
from pipeline.analysts.offline.dictionary import frequency
from pipeline.analysts.offline.lexicon import listed
from pipeline.analysts.offline.naming import name_words
from pipeline.analysts.offline.words import plural

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_WORD = re.compile(r"(?<![\w\"'#@/.-])[a-z]{4,}(?![\w\"'@/-])")
_TWO_SLIPS = 7  # letters from which two slips are put right
_GROWS = 5  # letters of a word that longer ones are made of: “invoiceable” is no slip
_ENDINGS = ("", "s", "es", "d", "ed", "ing")


def corrected(text: str, catalogue: Catalogue) -> str:
    """The text with slips in the words that carry a request put right."""
    named = catalogue.recognise(text)
    known = _plain() | _entities(catalogue, {one.system for one in named}) | _short(catalogue)

    def right(match: re.Match[str]) -> str:
        inside = any(one.start <= match.start() < one.end for one in named)
        return match[0] if inside else _nearest(match[0], known)

    return _WORD.sub(right, text)


def _nearest(word: str, known: frozenset[str]) -> str:
    """The word that is meant; the word itself where it is one, or like none."""
    grown = any(word.startswith(one) for one in known if len(one) >= _GROWS)
    if word in known or frequency(word) or grown:
        return word
    allowed = 2 if len(word) >= _TWO_SLIPS else 1
    alike = [one for one in known if set(one[:2]) & {word[0]} and set(word[:2]) & {one[0]}]
    found = process.extract(word, alike, scorer=OSA.distance, score_cutoff=allowed, limit=5)
    if not found:
        return word
    return min(found, key=lambda one: (one[1], -frequency(one[0])))[0]


@cache
def _plain() -> frozenset[str]:
    """Verbs in all their forms, and the words that say when and of what."""
    verbs = [verb for verb in (*CREATE, *MOVE) if " " not in verb]
    forms = [form for verb in verbs for form in _forms(verb) if frequency(form)]
    return frozenset([*forms, *listed("spelt")])


def _forms(verb: str) -> Iterator[str]:
    bare = verb.removesuffix("e")
    for ending in _ENDINGS:
        yield verb + ending
        yield bare + ending


def _entities(catalogue: Catalogue, systems: Iterable[str]) -> frozenset[str]:
    words = {
        word
        for system in systems
        for entity in catalogue.system(system).entities
        for name in (entity.name, *entity.aliases)
        for word in name_words(name)
        if len(word) >= 4
    }
    return frozenset(words | {plural(word) for word in words})


def _short(catalogue: Catalogue) -> frozenset[str]:
    """Names of systems that are too short to be guessed at without an English dictionary."""
    return frozenset(name for name in catalogue.known_in_depth() if 4 <= len(name) <= 5)
