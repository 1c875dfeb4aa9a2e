"""Systems named in free text, whatever the case, the punctuation or the typing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.catalogue.files import Names
from pipeline.model import Value

# Addresses, channels and mentions name people and places, not systems.
_SKIPPED = re.compile(r"[^\s@]{1,64}@\S+|[#@][\w-]+|['’]s\b", re.I)
_WORD = re.compile(r"[^\W_]+")
_ENDS_SENTENCE = re.compile(r"(^|[.!?:\n])[\s\"'(*_>-]*$")
_ENDS_CLAUSE = re.compile(r"\s*($|[.,;:!?()\n/→]|->|=>)")
_ARROW_BEHIND = re.compile(r"\s*(?:→|↔|[-=]>)")
_ARROW_BEFORE = re.compile(r"(?:→|↔|[-=]>)\s*$")
_DOUBLED = re.compile(r"(\w)\1")
_FEWEST_LETTERS_TO_MISTYPE = 5
_LETTERS_FOR_A_SECOND_TYPO = 8
_CONTEXT = 80
_LONGEST_INITIALS = 5
_SHORTEST_PART = 3


class Recognised(Value):
    """A system named at text[start:end]; the score says how surely, 1 being its exact name."""

    system: str
    start: int
    end: int
    text: str
    score: float


class _Alias(NamedTuple):
    system: str
    words: tuple[str, ...]
    ambiguous: bool


class _Token(NamedTuple):
    start: int
    end: int
    word: str


class Recogniser:
    def __init__(self, systems: Iterable[Names]) -> None:
        systems = list(systems)
        self._kinds = {names.name: names.kind for names in systems}
        self._signs = {names.place_sign: names for names in systems if names.place_sign}
        self._exact: dict[str, _Alias] = {}
        self._near: dict[tuple[int, str], dict[str, _Alias]] = defaultdict(dict)
        for names in systems:
            for alias in _aliases(names):
                self._exact.setdefault(_key(alias.words), alias)
                if not alias.ambiguous:
                    spoken = " ".join(alias.words)
                    self._near[len(alias.words), spoken[0]].setdefault(spoken, alias)
        self._longest = max((len(alias.words) for alias in self._exact.values()), default=0)

    def find(self, text: str) -> list[Recognised]:
        """In the order of the text; an exact name beats a mistyped one, a longer one a shorter."""
        tokens = _tokens(text)
        taken = [False] * len(tokens)
        found: list[Recognised] = []
        for matcher in (self._exactly, self._mistyped):
            for size in range(self._longest + 1, 0, -1):
                for at in range(len(tokens) - size + 1):
                    window = tokens[at : at + size]
                    if any(taken[at : at + size]) or not _adjacent(text, window):
                        continue
                    match = matcher(text, window)
                    if match:
                        taken[at : at + size] = [True] * size
                        found.append(match)
        found += self._by_place(text, {self._kinds[match.system] for match in found})
        return sorted(found, key=lambda match: match.start)

    def _by_place(self, text: str, kinds: set[str]) -> list[Recognised]:
        """Systems that only a place is named of: a `#channel` where no messaging is named."""
        return [
            Recognised(
                system=names.name, start=match.start(), end=match.end(), text=match[0], score=0.7
            )
            for sign, names in self._signs.items()
            if names.kind not in kinds
            for match in re.finditer(rf"(?<![\w&/]){re.escape(sign)}[a-z][\w-]+", text)
        ]

    def _exactly(self, text: str, window: list[_Token]) -> Recognised | None:
        words = tuple(token.word for token in window)
        alias = self._exact.get(_key(words))
        if alias is None or (
            words != alias.words and len(words) > 1 and min(map(len, words)) < _SHORTEST_PART
        ):
            return None
        if not alias.ambiguous:
            return _recognised(alias, text, window, 1.0)
        if alias.words[-1].endswith("s") and not words[-1].endswith("s"):
            return None  # “our team” is not Teams
        evidence = _evidence(text, window)
        return _recognised(alias, text, window, evidence) if evidence else None

    def _mistyped(self, text: str, window: list[_Token]) -> Recognised | None:
        spoken = " ".join(token.word for token in window)
        letters = len(spoken)
        if letters < _FEWEST_LETTERS_TO_MISTYPE or spoken in _words()["not_typos"]:
            return None
        allowed = 2 if letters >= _LETTERS_FOR_A_SECOND_TYPO else 1
        aliases = self._near.get((len(window), spoken[0]), {})
        single = aliases.get(_DOUBLED.sub(r"\1", spoken))
        if single is not None:
            return _recognised(single, text, window, 1 - 1 / letters)
        near = process.extractOne(spoken, aliases.keys(), scorer=OSA.distance, score_cutoff=allowed)
        if near is None or len(near[0]) < _FEWEST_LETTERS_TO_MISTYPE:
            return None
        if _meant_as_said(window, aliases[near[0]]):
            return None
        return _recognised(aliases[near[0]], text, window, 1 - near[1] / letters)


def _meant_as_said(window: list[_Token], alias: _Alias) -> bool:
    """Whether what differs from a name is a word in its own right: “OpenAPI”, “sales for”."""
    differing = {token.word for token in window} - set(alias.words)
    if differing & _words()["subject"]:
        return True
    return len(window) > 1 and any(
        len(word) < _SHORTEST_PART or word in _words()["beside"] for word in differing
    )


def _aliases(names: Names) -> Iterator[_Alias]:
    ambiguous = {_key(_split(alias)) for alias in names.ambiguous_aliases}
    spellings = [names.display_name, names.name, *names.aliases, *names.ambiguous_aliases]
    for spelling in spellings:
        words = _split(spelling)
        if words:
            yield _Alias(names.name, words, _key(words) in ambiguous)


def _split(spelling: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(spelling.lower()))


def _key(words: tuple[str, ...]) -> str:
    """Equal for "QuickBooks", "quick books", and for a plural and its singular."""
    joined = "".join(words)
    return joined[:-1] if joined.endswith("s") and not joined.endswith("ss") else joined


def _tokens(text: str) -> list[_Token]:
    masked = _SKIPPED.sub(lambda match: " " * len(match.group()), text)
    words = _WORD.finditer(masked)
    return [_Token(match.start(), match.end(), match.group().lower()) for match in words]


def _adjacent(text: str, window: list[_Token]) -> bool:
    """Whether nothing but a space, a dot or a hyphen stands between the words."""
    pairs = zip(window, window[1:], strict=False)
    return all(text[left.end : right.start] in (" ", "-", ".", "_", "") for left, right in pairs)


def _evidence(text: str, window: list[_Token]) -> float:
    """How surely an ordinary word is meant as a name here; 0 where it is not."""
    start, end = window[0].start, window[-1].end
    left, right = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    before, after = _WORD.findall(left.lower())[-1:], _WORD.match(right.lstrip().lower())
    follows = after.group() if after and right[:1].isspace() else ""
    ends = bool(_ENDS_CLAUSE.match(right))
    words = _words()
    day = _key((window[0].word,)) in words["always_capitalised"]
    if day and before and before[0] in words["before_days"]:
        return 0.0
    if text[start:end].isupper() and end - start < _LONGEST_INITIALS and not text.isupper():
        return 0.9  # “GH releases”
    if _ARROW_BEHIND.match(right) or _ARROW_BEFORE.search(left):
        return 0.9
    capital = text[start].isupper() and not day
    if capital and not _ENDS_SENTENCE.search(left):
        return 0.95
    if follows in words["after"]:
        return 0.9
    introduced = bool(before) and before[0] in words["before"]
    if capital and (follows in words["links"] or ends):
        return 0.85
    return 0.8 if introduced and (ends or follows in words["joins"]) else 0.0


def _recognised(alias: _Alias, text: str, window: list[_Token], score: float) -> Recognised:
    start, end = window[0].start, window[-1].end
    return Recognised(
        system=alias.system, start=start, end=end, text=text[start:end], score=round(score, 3)
    )


@cache
def _words() -> dict[str, frozenset[str]]:
    path = Path(__file__).with_name("words.yaml")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {kind: frozenset(listed) for kind, listed in content.items()}
