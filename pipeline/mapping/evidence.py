"""What speaks for and against one field being the source of another, as numbers from -1 to 1."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.catalogue.schema import FieldInfo
from pipeline.mapping.vocabulary import Vocabulary

Names = frozenset[str]

_LEAF, _PARENT = 1.0, 0.5
_NUMBERS = ("number", "integer")


class Evidence(NamedTuple):
    """The features of one pair; `weights.yaml` has a coefficient for each."""

    name: float
    head: float
    path: float
    context: float
    known: float
    spelling: float
    types: float
    format: float
    arrays: float
    contrast: float
    identity: float
    affinity: float = 0.0
    lead: float = 0.0


class Described:
    """A field as its words: what it is called, where it stands, and what else it is known as."""

    def __init__(self, info: FieldInfo, vocabulary: Vocabulary) -> None:
        self.info = info
        self.array = info.path[: info.path.rfind("[]") + 2] if "[]" in info.path else ""
        *containers, last = info.path.split(".")
        telling = [
            each for each in containers if not set(vocabulary.terms(each)) <= vocabulary.filler
        ]
        self.spelling = last.lower()
        own = alone = vocabulary.terms(last)
        if telling and set(own) <= vocabulary.empty:
            own = vocabulary.terms(f"{telling[-1]}.{last}")
        self.own: Names = frozenset(own)
        self.head: Names = frozenset(([t for t in own if t not in vocabulary.hollow] or own)[-1:])
        self.is_identity = info.key == "id" or alone[-1:] == ("id",)
        self.names = [self.own, *(frozenset(vocabulary.terms(word)) for word in info.synonyms)]
        self.context: Names = frozenset(vocabulary.terms(".".join(telling)))
        terms = vocabulary.terms(".".join([*telling, last]))
        self.path = {term: _LEAF if term in self.own else _PARENT for term in terms}

    @cached_property
    def terms(self) -> Names:
        return self.context.union(self.path, *self.names)


class Comparison:
    """Compares the fields of two records; rare words count for more than common ones."""

    def __init__(
        self, sources: list[Described], targets: list[Described], vocabulary: Vocabulary
    ) -> None:
        self._vocabulary = vocabulary
        seen = Counter(term for field in [*sources, *targets] for term in field.path)
        count = len(sources) + len(targets) + 1
        self._rarest = math.log(count)
        self._weight = {term: math.log(count / (times + 0.5)) for term, times in seen.items()}
        self._near = vocabulary.neighbours(_terms(targets), _terms(sources))
        self._named: dict[str, list[Described]] = defaultdict(list)
        for source in sources:
            for term in frozenset().union(*source.names):
                self._named[term].append(source)
        self._remembered: dict[tuple[Names, Names], float] = {}

    def namesakes(self, target: Described) -> list[Described]:
        """The sources that share a word, or a near one, with the target."""
        words = frozenset().union(*target.names)
        found = {
            id(source): source
            for word in words
            for near in self._near[word]
            for source in self._named[near]
        }
        return list(found.values())

    def evidence(self, source: Described, target: Described) -> Evidence:
        pairs = [(mine, theirs) for mine in target.names for theirs in source.names]
        source_words, target_words = source.own | source.context, target.own | target.context
        return Evidence(
            name=max(self._alike(*pair) for pair in pairs),
            head=self._alike(target.head, source.head),
            path=self._overlap(target.path, source.path),
            context=self._alike(target.context, source.context),
            known=float(any(mine == theirs for mine, theirs in pairs[1:])),
            spelling=fuzz.ratio(source.spelling, target.spelling) / 100,
            types=_types(source.info, target.info),
            format=_format(source.info, target.info),
            arrays=_arrays(source, target),
            contrast=float(self._vocabulary.contrast(target_words, source_words)),
            identity=float(source.is_identity and not target.is_identity),
        )

    def _alike(self, mine: Names, theirs: Names) -> float:
        key = (mine, theirs)
        if key not in self._remembered:
            self._remembered[key] = self._overlap(
                dict.fromkeys(mine, _LEAF), dict.fromkeys(theirs, _LEAF)
            )
        return self._remembered[key]

    def _overlap(self, mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
        """Share of the weight on both sides that finds its like on the other, 0 to 1."""
        whole = matched = 0.0
        found = dict.fromkeys(theirs, 0.0)
        for term, emphasis in mine.items():
            weight = emphasis * self._weight.get(term, self._rarest)
            near = self._near[term]
            best = 0.0
            for other in theirs:
                score = near.get(other, 0.0)
                best = max(best, score)
                found[other] = max(found[other], score)
            whole += weight
            matched += weight * best
        for term, emphasis in theirs.items():
            weight = emphasis * self._weight.get(term, self._rarest)
            whole += weight
            matched += weight * found[term]
        return matched / whole if whole else 0.0


def _terms(fields: Iterable[Described]) -> set[str]:
    return {term for field in fields for term in field.terms}


def _types(source: FieldInfo, target: FieldInfo) -> float:
    """1 for the same type, 0.5 for one that can be converted, -1 for none."""
    if "any" in (source.type, target.type) or source.type == target.type:
        return 1.0
    kinds = {source.type, target.type}
    if kinds <= set(_NUMBERS):
        return 1.0
    if "object" in kinds or "array" in kinds:
        return -1.0
    return -0.5 if "boolean" in kinds else 0.5


def _format(source: FieldInfo, target: FieldInfo) -> float:
    if source.format and target.format:
        dates = source.format.startswith("date") and target.format.startswith("date")
        return 1.0 if dates or source.format == target.format else -1.0
    return 0.0


def _arrays(source: Described, target: Described) -> float:
    """1 where both stand in arrays or neither does; a whole array has no single value."""
    if bool(source.array) == bool(target.array):
        return 1.0
    return -1.0 if source.array else -0.5
