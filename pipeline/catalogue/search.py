"""Finds the calls and events that a few words describe.

SQLite's full-text index proposes; how REST paths are shaped decides: the verb must suit the
method, and the thing that is asked for is what the path ends in, not what it passes through.
"""

import re
import sqlite3
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import yaml

from pipeline.catalogue.model import Event, Operation, SystemEntry
from pipeline.catalogue.openapi.access import kebab, singular
from pipeline.model import Value

_PROPOSED = 60
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


class _Row(NamedTuple):
    hit: Hit
    action: str
    nouns: frozenset[str]
    passed: frozenset[str]
    said: frozenset[str]
    depth: int


class Search:
    """An index over some systems; built once, then a query takes a few milliseconds."""

    def __init__(self, systems: Iterable[SystemEntry]) -> None:
        self._rows: list[_Row] = []
        self._lock = Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute(
            "create virtual table calls using fts5(nouns, path, said, system, "
            "tokenize = 'porter unicode61')"
        )
        for entry in systems:
            self._add(entry)

    def find(self, text: str, system: str | None = None, limit: int = 5) -> list[Hit]:
        words = _words(text)
        asked = [word for word in words if word not in _lexicon()["ignored"]]
        if not asked:
            return []
        ranked = [
            (self._score(self._rows[number], asked, matched), number)
            for number, matched in self._proposed(asked, system)
        ]
        ranked.sort(key=lambda pair: (-pair[0], pair[1]))
        best = max((score for score, _ in ranked), default=1.0)
        return [
            self._rows[number].hit.model_copy(update={"score": round(score / max(best, 1.0), 4)})
            for score, number in ranked[: max(0, limit)]
            if score > 0
        ]

    def _proposed(self, asked: list[str], system: str | None) -> list[tuple[int, float]]:
        """(row, how well its words match, 0 to 1) of the best by BM25."""
        either = " OR ".join(f'"{word}"' for word in dict.fromkeys(asked))
        statement = (
            "select rowid, bm25(calls, 6, 3, 2, 1) from calls where calls match ? "
            "order by bm25(calls, 6, 3, 2, 1) limit ?"
        )
        with self._lock:
            found = self._index.execute(statement, (either, _PROPOSED * 20)).fetchall()
        found = [
            (row, -rank)
            for row, rank in found
            if system is None or self._rows[row].hit.system == system
        ][: _PROPOSED * 4]
        top = max((rank for _, rank in found), default=1.0) or 1.0
        return [(row, rank / top) for row, rank in found]

    def _score(self, row: _Row, asked: list[str], matched: float) -> float:
        lexicon = _lexicon()
        verbs = {action for word in asked for action in lexicon["verbs"].get(word, ())}
        things = {singular(word) for word in asked if word not in lexicon["verbs"]}
        things = things or {singular(word) for word in asked}
        score = matched
        if things:
            score += 2.0 * len(things & row.nouns) / len(things)
            score += 0.5 * len(things & row.passed) / len(things)
            score += 0.5 * len(things & row.said) / len(things)
            score += 1.0 * len(things & row.nouns) / max(1, len(row.nouns))
        if verbs:
            score += 1.2 if row.action in verbs else -0.8
        if row.action == "event" and "event" not in verbs:
            score -= 1.0
        return score - 0.08 * row.depth

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


def _of_operation(entry: SystemEntry, operation: Operation, aliases: list[str]) -> _Row:
    segments = [each for each in operation.path.split("?")[0].split("/") if each]
    named = [each for each in segments if not _PLACEHOLDER.fullmatch(each)]
    last = named[-1] if named else ""
    # A call that all entities share (a query language, GraphQL) is told apart by its entity.
    nouns = _stems([operation.entity, last] if entry.tier != "user" else [last, operation.entity])
    return _Row(
        hit=_hit(entry, operation.id, operation.method, operation.path),
        action="list" if operation.action == "find" else operation.action,
        nouns=nouns,
        passed=_stems(named[:-1]) - nouns,
        said=_stems([operation.id, operation.summary, *operation.phrases, *aliases]) - nouns,
        depth=len(segments),
    )


def _of_event(entry: SystemEntry, event: Event, aliases: list[str]) -> _Row:
    nouns = _stems([event.entity])
    return _Row(
        hit=_hit(entry, event.name, _EVENT, event.name),
        action="event",
        nouns=nouns,
        passed=frozenset(),
        said=_stems([event.name, event.action, *event.phrases, *aliases]) - nouns,
        depth=1,
    )


def _hit(entry: SystemEntry, operation: str, method: str, path: str) -> Hit:
    return Hit(system=entry.name, operation=operation, method=method, path=path, score=0)


def _words(text: str) -> list[str]:
    return _WORD.findall(kebab(text, 2_000))


def _stems(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(singular(word) for text in texts for word in _words(text))


@cache
def _lexicon() -> dict[str, dict[str, tuple[str, ...]]]:
    """`verbs`: word -> actions that it may mean; `ignored`: words that say nothing."""
    path = Path(__file__).with_name("verbs.yaml")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    verbs: dict[str, tuple[str, ...]] = {}
    for action, listed in content["verbs"].items():
        for word in listed:
            verbs[word] = (*verbs.get(word, ()), action)
    return {"verbs": verbs, "ignored": dict.fromkeys(content["ignored"], ())}
