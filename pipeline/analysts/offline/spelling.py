"""Mistyped names of entities, put right before a request is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.analysts.offline.naming import name_words
from pipeline.analysts.offline.words import plural

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_WORD = re.compile(r"(?<![\w\"'#@/.-])[a-z]{6,}(?![\w\"'@/-])")
_LONG = 8  # letters from which one wrong letter is a slip too; shorter, it is another word
_LONGER = 10  # letters from which two slips are put right


def corrected(text: str, catalogue: Catalogue) -> str:
    """The text with slips in the entities' names of its systems put right: “custmers”."""
    named = catalogue.recognise(text)
    known = _vocabulary(catalogue, {one.system for one in named})

    def right(match: re.Match[str]) -> str:
        inside = any(one.start <= match.start() < one.end for one in named)
        return match[0] if inside else _nearest(match[0], known)

    return _WORD.sub(right, text)


def _vocabulary(catalogue: Catalogue, systems: Iterable[str]) -> set[str]:
    words = {
        word
        for system in systems
        for entity in catalogue.system(system).entities
        for name in (entity.name, *entity.aliases)
        for word in name_words(name)
        if len(word) >= 5
    }
    return words | {plural(word) for word in words}


def _nearest(word: str, known: set[str]) -> str:
    if word in known or any(word.startswith(one) for one in known):
        return word  # “invoiced” is a word of its own
    same = [one for one in known if one[0] == word[0] and len(one) >= 6]
    allowed = 2 if len(word) >= _LONGER else 1
    found = process.extractOne(word, same, scorer=OSA.distance, score_cutoff=allowed)
    if found is None:
        return word
    replaced = len(found[0]) == len(word) and sorted(found[0]) != sorted(word)
    return word if replaced and len(word) < _LONG else found[0]
