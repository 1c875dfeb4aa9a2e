"""Proposes, for each field of a target record, the source fields that it may be filled from."""

import math
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.mapping.evidence import Comparison, Described, Evidence
from pipeline.mapping.vocabulary import vocabulary
from pipeline.plan.model import Alternative


class Pair(NamedTuple):
    source: str
    target: str
    evidence: Evidence


def candidates(
    source_schema: Schema, target_schema: Schema, k: int = 3
) -> dict[str, list[Alternative]]:
    """Writable target path -> at most k source paths, best first; none where no name is alike.

    A score is a probability: of pairs scored 0.8, four in five are right. `weights.yaml` was
    fitted for that on labelled pairs of records (tests/bench/fit_matching.py).
    """
    writable = [info for info in fields(target_schema) if not info.read_only]
    into = {info.path: info for info in writable}
    found: dict[str, list[Alternative]] = {path: [] for path in into}
    readable = [info for info in fields(source_schema) if not info.write_only]
    out_of = {info.path: info for info in readable}
    ranked = sorted(
        pairs(readable, writable),
        key=lambda pair: (-probability(pair.evidence), -pair.evidence.spelling),
    )
    for source, target, evidence in ranked:
        if len(found[target]) < k and has_form(out_of[source], into[target]):
            score = round(probability(evidence), 4)
            found[target].append(Alternative(source=source, score=score))
    return found


_FORMS = {
    "email": {"email", "mail"},
    "uri": {"url", "uri", "link", "href", "website", "site", "homepage"},
}


def has_form(source: FieldInfo, target: FieldInfo) -> bool:
    """Whether a text may be taken for an address where only an address will do: a login is none.

    A field that no schema says more of is one by what it is called.
    """
    told = _FORMS.get(target.format or "")
    if told is None or source.type == "any" or source.format == target.format:
        return True
    names = [source.path.rpartition(".")[2], *source.synonyms]
    words = {word for name in names for word in vocabulary().terms(name)}
    return source.format is None and bool(words & told)


def pairs(sources: list[FieldInfo], targets: list[FieldInfo]) -> list[Pair]:
    """Every pair with a word in common, and its evidence."""
    words = vocabulary()
    described_sources = [Described(info, words) for info in sources]
    described_targets = [Described(info, words) for info in targets]
    comparison = Comparison(described_sources, described_targets, words)
    arrays = {field.info.path: field.array for field in [*described_sources, *described_targets]}
    alone = [
        Pair(source.info.path, target.info.path, comparison.evidence(source, target))
        for target in described_targets
        for source in comparison.namesakes(target)
    ]
    return _in_company(alone, arrays)


def probability(evidence: Evidence, weights: Mapping[str, float] | None = None) -> float:
    weights = weights or _weights()
    total = weights["bias"] + sum(
        weights[name] * value for name, value in evidence._asdict().items()
    )
    return 1 / (1 + math.exp(-total))


def _in_company(alone: list[Pair], arrays: Mapping[str, str]) -> list[Pair]:
    """Add what only shows beside the other pairs: which arrays belong together (`affinity`), and
    how far a source leads its rivals for the same target (`lead`)."""
    best: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    rivals: dict[str, list[float]] = defaultdict(list)
    for pair in alone:
        strength = _strength(pair.evidence)
        rivals[pair.target].append(strength)
        together = best[arrays[pair.target], arrays[pair.source]]
        together[pair.target] = max(together.get(pair.target, 0.0), strength)
    sums = {key: sum(matched.values()) for key, matched in best.items()}
    tops: dict[str, float] = defaultdict(float)
    for (target_array, _), total in sums.items():
        tops[target_array] = max(tops[target_array], total)
    for strengths in rivals.values():
        strengths.sort(reverse=True)
    finished: list[Pair] = []
    for source, target, evidence in alone:
        key = arrays[target], arrays[source]
        affinity = sums[key] / tops[key[0]] if tops[key[0]] else 0.0
        lead = _lead(_strength(evidence), rivals[target])
        finished.append(Pair(source, target, evidence._replace(affinity=affinity, lead=lead)))
    return finished


def _strength(evidence: Evidence) -> float:
    return max(0.0, (evidence.name + evidence.path + evidence.context - evidence.contrast) / 3)


def _lead(strength: float, rivals: list[float]) -> float:
    """Distance to the best other; `rivals` has all strengths, the best first."""
    best_other = rivals[0] if strength < rivals[0] else rivals[1] if len(rivals) > 1 else 0.0
    return strength - best_other


@cache
def _weights() -> dict[str, float]:
    path = Path(__file__).with_name("weights.yaml")
    content: dict[str, float] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content
