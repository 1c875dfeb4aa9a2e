"""Fits `pipeline/mapping/weights.yaml` and says how good the matching is.

    python -m tests.bench.fit_matching          fit, and measure
    python -m tests.bench.fit_matching --write  also store the weights

The coefficients are those of a logistic regression (ridge penalty, Newton's method) over every
pair of fields that the matcher compares, right or wrong, so that a score is a probability. The
numbers of a pair of records that count are those fitted without that pair.
"""

import math
import sys
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from pipeline.analysts.offline.sides import ACCEPTED
from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.naming import words_of
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.mapping.evidence import Evidence
from pipeline.mapping.match import Pair, pairs, probability

LABELLED = Path(__file__).with_name("matching.yaml")
WEIGHTS = Path(__file__).parents[2] / "pipeline" / "mapping" / "weights.yaml"
_STEPS = 8
_PENALTY = 2.0

Labels = dict[str, list[str]]
Example = tuple[list[float], float]


def labelled() -> dict[str, tuple[list[Pair], Labels]]:
    """Name of a pair of records -> its compared fields, and target -> right sources."""
    content = yaml.safe_load(LABELLED.read_text(encoding="utf-8"))
    return {each["name"]: _read(each) for each in content}


def _read(entry: dict[str, Any]) -> tuple[list[Pair], Labels]:
    sources = _fields(entry["source"])
    targets = [field for field in _fields(entry["target"]) if not field.read_only]
    right = {target: _listed(listed) for target, listed in entry["pairs"].items()}
    named = {*right, *(source for listed in right.values() for source in listed)}
    unknown = named - {field.path for field in [*sources, *targets]}
    if unknown:
        raise ValueError(f"{entry['name']}: labels name no field: {sorted(unknown)}")
    return pairs(sources, targets), right


def naive() -> dict[str, tuple[int, int]]:
    """The same numbers of a plain comparison: rapidfuzz's token_set_ratio of the paths' words."""
    content = yaml.safe_load(LABELLED.read_text(encoding="utf-8"))
    return {each["name"]: _naive(each) for each in content}


def _naive(entry: dict[str, Any]) -> tuple[int, int]:
    said = {field.path: " ".join(words_of(field.path)) for field in _fields(entry["source"])}
    first = third = 0
    for target, listed in entry["pairs"].items():
        query = " ".join(words_of(target))
        best = process.extract(query, said, scorer=fuzz.token_set_ratio, limit=3)
        ranked = [path for _, _, path in best]
        first += bool(set(ranked[:1]) & set(_listed(listed)))
        third += bool(set(ranked) & set(_listed(listed)))
    return first, third


def stored_weights() -> dict[str, float]:
    content: dict[str, float] = yaml.safe_load(WEIGHTS.read_text(encoding="utf-8"))
    return content


def ranking(compared: list[Pair], right: Labels, weights: dict[str, float]) -> tuple[int, int]:
    """How many targets have a right source first, and among the first three."""
    first = third = 0
    for target, sources in right.items():
        scored = [(probability(p.evidence, weights), p) for p in compared if p.target == target]
        scored.sort(key=lambda pair: -pair[0])
        ranked = [pair.source for _, pair in scored]
        first += bool(set(ranked[:1]) & set(sources))
        third += bool(set(ranked[:3]) & set(sources))
    return first, third


def fit(data: list[tuple[list[Pair], Labels]]) -> dict[str, float]:
    """Coefficients; a feature whose own would contradict its sense is left out (0)."""
    examples: list[Example] = [
        ([1.0, *pair.evidence], float(pair.source in right.get(pair.target, [])))
        for compared, right in data
        for pair in compared
    ]
    names = ["bias", *Evidence._fields]
    kept = list(range(len(names)))
    while True:
        weights = _newton([([values[at] for at in kept], truth) for values, truth in examples])
        wrong = [at for at, weight in zip(kept, weights, strict=True) if _senseless(at, weight)]
        if not wrong:
            found = dict(zip(kept, weights, strict=True))
            return {name: round(found.get(at, 0.0), 3) for at, name in enumerate(names)}
        kept = [at for at in kept if at not in wrong]


def _senseless(at: int, weight: float) -> bool:
    """What speaks for a pair may not count against it, however few the examples."""
    if at == 0:
        return False
    return weight > 0 if Evidence._fields[at - 1] in ("contrast", "identity") else weight < 0


def _newton(examples: list[Example]) -> list[float]:
    size = len(examples[0][0])
    weights = [0.0] * size
    for _ in range(_STEPS):
        slope = [-_PENALTY * weight for weight in weights]
        curve = [[_PENALTY * (row == column) for column in range(size)] for row in range(size)]
        for values, truth in examples:
            total = sum(map(float.__mul__, weights, values))
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            spread = chance * (1 - chance)
            for row, value in enumerate(values):
                slope[row] += (truth - chance) * value
                for column in range(row + 1):
                    curve[row][column] += spread * value * values[column]
        for row in range(size):
            for column in range(row):
                curve[column][row] = curve[row][column]
        weights = [old + step for old, step in zip(weights, _solved(curve, slope), strict=True)]
    return weights


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination; the ridge penalty keeps the matrix positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, pivot in enumerate(rows):
        for row in rows[at + 1 :]:
            factor = row[at] / pivot[at]
            for column in range(at, len(row)):
                row[column] -= factor * pivot[column]
    solution = [0.0] * len(rows)
    for at in reversed(range(len(rows))):
        known = sum(rows[at][c] * solution[c] for c in range(at + 1, len(rows)))
        solution[at] = (rows[at][-1] - known) / rows[at][at]
    return solution


def calibration(
    data: list[tuple[list[Pair], Labels]], weights: dict[str, float]
) -> list[tuple[float, float, int]]:
    """(mean score, share that is right, number) of best candidates in five bands of score."""
    bands: list[list[tuple[float, bool]]] = [[] for _ in range(5)]
    for compared, right in data:
        best: dict[str, tuple[float, str]] = {}
        for pair in compared:
            scored = (probability(pair.evidence, weights), pair.source)
            best[pair.target] = max(best.get(pair.target, scored), scored)
        for target, (score, source) in best.items():
            bands[min(4, int(score * 5))].append((score, source in right.get(target, [])))
    return [
        (sum(s for s, _ in band) / len(band), sum(r for _, r in band) / len(band), len(band))
        for band in bands
        if band
    ]


def accepted(compared: list[Pair], right: Labels, weights: dict[str, float]) -> tuple[int, int]:
    """Of the best candidates, those that are taken without asking: how many are right, of all."""
    best: dict[str, tuple[float, str]] = {}
    for pair in compared:
        scored = (probability(pair.evidence, weights), pair.source)
        best[pair.target] = max(best.get(pair.target, scored), scored)
    taken = [source in right.get(target, []) for target, (score, source) in best.items()
             if score >= ACCEPTED]  # fmt: skip
    return sum(taken), len(taken)


def main() -> None:
    data = labelled()
    plain = naive()
    total = firsts = thirds = sure = taken = 0
    for name, (compared, right) in data.items():
        rest = [each for other, each in data.items() if other != name]
        without = fit(rest)
        first, third = ranking(compared, right, without)
        counted = accepted(compared, right, without)
        sure, taken = sure + counted[0], taken + counted[1]
        print(
            f"{name}: {first}/{len(right)} first, {third} in three; "
            f"token_set_ratio {plain[name][0]} first, {plain[name][1]} in three"
        )
        total, firsts, thirds = total + len(right), firsts + first, thirds + third
    print(f"held out: {firsts / total:.0%} first, {thirds / total:.0%} in three, of {total}")
    print(f"taken without asking (scored {ACCEPTED} or more): {sure / taken:.1%} right, of {taken}")
    plain_first, plain_third = (sum(pair[at] for pair in plain.values()) for at in (0, 1))
    print(f"token_set_ratio: {plain_first / total:.0%} first, {plain_third / total:.0%} in three")
    weights = fit(list(data.values()))
    for mean, share, count in calibration(list(data.values()), weights):
        print(f"scored {mean:.2f} on average: {share:.2f} right, of {count}")
    if "--write" in sys.argv:
        WEIGHTS.write_text(yaml.safe_dump(weights, sort_keys=False), encoding="utf-8")


def _fields(listed: str | list[str]) -> list[FieldInfo]:
    """Fields as they are listed, or those of `system.entity`."""
    if not isinstance(listed, str):
        return [_field(text) for text in listed]
    system, _, entity = listed.partition(".")
    return fields(Catalogue.load().system(system).entity(entity).record_schema)


def _field(text: str) -> FieldInfo:
    path, _, kind = text.partition(":")
    name, _, form = kind.partition("/")
    return FieldInfo(path=path, type=name or "string", format=form or None)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


if __name__ == "__main__":
    main()
