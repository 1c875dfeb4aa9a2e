"""Finds the calls and events that a few words describe.

SQLite's full-text index proposes; how REST paths are shaped decides: the verb must suit the
method, and the thing that is asked for is what the path ends in, not what it passes through.
"""

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Container, Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import yaml

from pipeline.catalogue.model import Event, SystemEntry
from pipeline.catalogue.naming import kebab, singular
from pipeline.catalogue.operation import Operation
from pipeline.model import Value

_PROPOSED = 250
_LONGEST = 60
_PERFECT = 7.2
_EVENT = "EVENT"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_WORD = re.compile(r"[a-z0-9]+")


class Hit(Value):
    """One call or event; `method` is EVENT for an event, whose name is then the path."""

    system: str
    operation: str
    method: str
    path: str
    score: float


Stems = frozenset[str]


class _Row(NamedTuple):
    """A call as words: what its path ends in, what it passes through, what it is called."""

    hit: Hit
    action: str
    nouns: Stems
    passed: Stems
    titles: tuple[Stems, ...]
    aliases: Stems
    depth: int

    @property
    def said(self) -> Stems:
        return self.aliases.union(*self.titles)


class _Question(NamedTuple):
    """What is asked for (`head`), and what it belongs to: "comments (head) of an issue (rest)"."""

    asked: list[str]
    head: Stems
    rest: Stems
    verbs: frozenset[str]

    @classmethod
    def of(cls, text: str, nouns: Container[str]) -> "_Question":
        """The first verb is one; a later word that can be both is a thing where paths name it."""
        lexicon = _lexicon()
        words = _words(text)[:_LONGEST]
        asked = [word for word in words if word not in lexicon.ignored]
        doing = [word for word in asked if word in lexicon.verbs]
        doing = doing[:1] + [word for word in doing[1:] if _stem(word) not in nouns]
        named = [word for word in asked if word not in doing] or asked
        places = [at for at, word in enumerate(words) if word in lexicon.belongs]
        behind = [at for at in places if set(words[:at]) & set(named)]
        before = set(words[: behind[0]]) if behind else set(words)
        head = frozenset(_stem(word) for word in named if word in before)
        rest = frozenset(map(_stem, named)) - head
        verbs = frozenset(action for word in doing for action in lexicon.verbs[word])
        return cls(asked, head, rest, verbs)


class Search:
    """An index over some systems; built once, then a query takes a few milliseconds."""

    def __init__(self, systems: Iterable[SystemEntry]) -> None:
        self._rows: list[_Row] = []
        self._seen: Counter[str] = Counter()
        self._nouns: set[str] = set()
        self._lock = Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute(
            "create virtual table calls using fts5(nouns, path, said, system, "
            "tokenize = 'porter unicode61')"
        )
        for entry in systems:
            self._add(entry)

    def find(self, text: str, limit: int = 5) -> list[Hit]:
        question = _Question.of(text, self._nouns)
        if not question.asked:
            return []
        ranked = [
            (self._score(self._rows[number], question, matched), number)
            for number, matched in self._proposed(question.asked)
        ]
        ranked.sort(key=lambda pair: (-pair[0], pair[1]))
        return [
            self._rows[number].hit.model_copy(update={"score": round(score / _PERFECT, 4)})
            for score, number in ranked[: max(0, limit)]
            if score > 0
        ]

    def _proposed(self, asked: list[str]) -> list[tuple[int, float]]:
        """(row, how well its words match, 0 to 1) of the best by BM25."""
        either = " OR ".join(f'"{word}"' for word in {*asked, *map(_stem, asked)})
        statement = (
            "select rowid, bm25(calls, 6, 3, 2, 1) from calls where calls match ? "
            "order by bm25(calls, 6, 3, 2, 1) limit ?"
        )
        with self._lock:
            found = self._index.execute(statement, (either, _PROPOSED)).fetchall()
        found = [(row, -rank) for row, rank in found]
        top = max((rank for _, rank in found), default=1.0) or 1.0
        return [(row, rank / top) for row, rank in found]

    def _score(self, row: _Row, question: "_Question", matched: float) -> float:
        asked, head, rest, verbs = question
        stems = frozenset(map(_stem, asked))
        score = matched
        score += 2.0 * max((self._likeness(stems, title) for title in row.titles), default=0.0)
        score += 1.5 * self._share(head, row.nouns) + self._share(row.nouns, head)
        score += 0.5 * self._share(head, row.passed | row.aliases)
        score += 0.7 * self._share(rest, row.passed | row.aliases | row.nouns)
        if verbs:
            score += 1.2 if row.action in verbs else -0.8
        if {"read", "list"} <= verbs and row.action in ("read", "list"):
            several = any(word != singular(word) for word in asked)
            score += 0.4 if several == (row.action == "list") else -0.4
        if row.action == "event" and "event" not in verbs:
            score -= 1.0
        return score - 0.08 * row.depth

    def _share(self, wanted: Stems, present: Stems) -> float:
        """How much of the wanted words' weight is present, 0 to 1; rare words weigh more."""
        whole = sum(map(self._weight, wanted))
        return sum(map(self._weight, wanted & present)) / whole if whole else 0.0

    def _likeness(self, asked: Stems, title: Stems) -> float:
        return (self._share(asked, title) + self._share(title, asked)) / 2

    def _weight(self, stem: str) -> float:
        return math.log((len(self._rows) + 2) / (self._seen[stem] + 1))

    def _add(self, entry: SystemEntry) -> None:
        aliases = {entity.name: [entity.display_name, *entity.aliases] for entity in entry.entities}
        for operation in entry.operations:
            self._insert(_of_operation(entry, operation, aliases.get(operation.entity, [])), entry)
        for event in entry.events:
            self._insert(_of_event(entry, event, aliases.get(event.entity, [])), entry)

    def _insert(self, row: _Row, entry: SystemEntry) -> None:
        self._index.execute(
            "insert into calls (rowid, nouns, path, said, system) values (?, ?, ?, ?, ?)",
            (
                len(self._rows),
                " ".join(row.nouns),
                " ".join(row.passed),
                " ".join(row.said),
                f"{entry.name} {entry.display_name}",
            ),
        )
        self._rows.append(row)
        self._nouns |= row.nouns
        self._seen.update(row.nouns | row.passed | row.said)


def _of_operation(entry: SystemEntry, operation: Operation, aliases: list[str]) -> _Row:
    segments = [each for each in operation.path.split("?")[0].split("/") if each]
    named = [each for each in segments if not _PLACEHOLDER.fullmatch(each)]
    last = named[-1] if named else ""
    # A call that all entities share (a query language, GraphQL) is told apart by its entity.
    nouns = _stems([operation.entity, last] if entry.tier != "user" else [last, operation.entity])
    return _Row(
        hit=_hit(
            entry, operation.id, operation.method, operation.documented_path or operation.path
        ),
        action=operation.action,
        nouns=nouns,
        passed=_stems(named[:-1]) - nouns,
        titles=_titles([operation.id, operation.summary, *operation.phrases]),
        aliases=_stems(aliases) - nouns,
        depth=len(segments),
    )


def _of_event(entry: SystemEntry, event: Event, aliases: list[str]) -> _Row:
    nouns = _stems([event.entity])
    return _Row(
        hit=_hit(entry, event.name, _EVENT, event.name),
        action="event",
        nouns=nouns,
        passed=frozenset(),
        titles=_titles([event.name, *event.phrases]),
        aliases=_stems([*aliases, event.action]) - nouns,
        depth=1,
    )


def _hit(entry: SystemEntry, operation: str, method: str, path: str) -> Hit:
    return Hit(system=entry.name, operation=operation, method=method, path=path, score=0)


def _words(text: str) -> list[str]:
    return _WORD.findall(kebab(text, 2_000))


def _titles(texts: list[str]) -> tuple[Stems, ...]:
    ignored = _lexicon().ignored
    return tuple(_stems([text]) - ignored for text in texts if text)


def _stem(word: str) -> str:
    word = singular(word)
    return _lexicon().same.get(word, word)


def _stems(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(_stem(word) for text in texts for word in _words(text))


class _Lexicon(NamedTuple):
    """verbs: word -> actions that it may mean; ignored: words that say nothing; belongs: words
    before what the thing belongs to; same: word -> the word that stands for it."""

    verbs: dict[str, frozenset[str]]
    ignored: frozenset[str]
    belongs: frozenset[str]
    same: dict[str, str]


@cache
def _lexicon() -> _Lexicon:
    path = Path(__file__).with_name("verbs.yaml")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    verbs: dict[str, frozenset[str]] = {}
    for action, listed in content["verbs"].items():
        for word in listed:
            verbs[word] = verbs.get(word, frozenset()) | {action}
    ignored, belongs = frozenset(content["ignored"]), frozenset(content["belongs"])
    return _Lexicon(verbs, ignored, belongs, content["same"])
