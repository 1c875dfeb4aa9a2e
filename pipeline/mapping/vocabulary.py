"""Words of field names in one form: `custAddr.zip_code` -> customer, address, postal code."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from pipeline.catalogue.naming import singular, words_of

_SAME = 1.0
_RELATED = 0.6
_PART = 0.5
_ALIKE = 0.9
_LONGEST_PHRASE = 5
_SHORTEST_GLUED = 7
_LONGEST_WORD = 15


class Vocabulary:
    """The versioned synonym file, ready for lookups. A term is a word or a known phrase."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._abbreviations: dict[str, str] = content["abbreviations"]
        phrases = [phrase for group in content["concepts"] for phrase in group]
        self._known = {word for phrase in (*phrases, *content["words"]) for word in phrase.split()}
        self._concepts = {
            self._words(phrase): " ".join(self._words(phrases[0]))
            for phrases in content["concepts"]
            for phrase in phrases
        }
        self._related = self._groups(content["related"])
        self._contrasts = self._groups(content["contrasts"])
        self._stop = frozenset(content["stop"])
        self.empty = frozenset(self._term(word) for word in content["empty"])
        self.hollow = frozenset(self._term(word) for word in content["hollow"])
        self.filler = frozenset(self._term(word) for word in content["filler"])

    def terms(self, name: str) -> tuple[str, ...]:
        """Terms of a name or a path, in order; the longest known phrase wins."""
        words = self._words(name)
        terms: list[str] = []
        at = 0
        while at < len(words):
            for size in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
                concept = self._concepts.get(words[at : at + size])
                if concept or size == 1:
                    terms.append(concept or words[at])
                    at += size
                    break
        telling = [term for term in terms if term not in self._stop]
        return tuple(dict.fromkeys(telling or terms))

    def contrast(self, first: frozenset[str], second: frozenset[str]) -> bool:
        """Whether each side has a term of a group of which only one can be meant."""
        groups_of_second = {group: term for term in second for group in self._contrasts[term]}
        return any(
            group in groups_of_second and not {term, groups_of_second[group]} <= first & second
            for term in first - second
            for group in self._contrasts[term]
        )

    def neighbours(
        self, terms: Iterable[str], others: Iterable[str]
    ) -> dict[str, dict[str, float]]:
        """term -> other term -> how near, 0 (left out) to 1."""
        others = list(others)
        near: dict[str, dict[str, float]] = {}
        for term in terms:
            alike = process.extract(
                term, others, scorer=JaroWinkler.similarity, score_cutoff=_ALIKE, limit=None
            )
            found = {other: score * score for other, score, _ in alike}
            for other in others:
                score = self._meaning(term, other)
                if score > found.get(other, 0):
                    found[other] = score
            near[term] = found
        return near

    def _meaning(self, term: str, other: str) -> float:
        if term == other:
            return _SAME
        if self._related[term] & self._related[other]:
            return _RELATED
        words, other_words = set(term.split()), set(other.split())
        return _PART if words <= other_words or other_words <= words else 0.0

    def _words(self, name: str) -> tuple[str, ...]:
        words: list[str] = []
        for word in words_of(name):
            full = self._abbreviations.get(word, word)
            parts = full.split() if full != word else self._taken_apart(full)
            words += [singular(part) for part in parts]
        return tuple(words)

    def _taken_apart(self, word: str) -> list[str]:
        """`numberofemployees` -> number, of, employees; a word that is known, or has no such parts,
        stays whole."""
        if word in self._known or singular(word) in self._known or len(word) < _SHORTEST_GLUED:
            return [word]
        best: list[list[str] | None] = [[], *([None] * len(word))]
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                before, part = best[start], word[start:end]
                if before is not None and (part in self._known or singular(part) in self._known):
                    candidate = [*before, part]
                    if best[end] is None or len(candidate) < len(best[end] or []):
                        best[end] = candidate
        return best[-1] or [word]

    def _term(self, phrase: str) -> str:
        words = self._words(phrase)
        return self._concepts.get(words, " ".join(words))

    def _groups(self, groups: list[list[str]]) -> defaultdict[str, frozenset[int]]:
        """term -> the numbers of the groups that it belongs to."""
        numbers: defaultdict[str, frozenset[int]] = defaultdict(frozenset)
        for number, group in enumerate(groups):
            for phrase in group:
                numbers[self._term(phrase)] |= {number}
        return numbers


@cache
def vocabulary() -> Vocabulary:
    path = Path(__file__).with_name("synonyms.yaml")
    return Vocabulary(yaml.safe_load(path.read_text(encoding="utf-8")))
