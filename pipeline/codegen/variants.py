"""Variants of a sample input that a mapping has to withstand, and what it must make of each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.codegen.samples import REMOVED, changed, leaves
from pipeline.mapping.custom import Unforeseen
from pipeline.mapping.evaluate import MissingValue
from pipeline.mapping.reference import InvalidValue

Place = tuple[str | int, ...]
Evaluate = Callable[[dict[str, Any]], Any]

_UNICODE = "Zoë 東京 🧵 “it's” \\ &"
_EMOJI = "🧵"
_LONGEST = 50_000
ALL_MISSING = "optional fields missing"


@dataclass(frozen=True)
class Case:
    """A variant of an input (parameter -> value) as changes, and what comes of it.

    `error` is the name of the error that is thrown instead of an `expected` output.
    """

    title: str
    changes: dict[Place, Any] = field(default_factory=dict)
    expected: Any = None
    error: str | None = None


def cases(base: dict[str, Any], evaluate: Evaluate, fixed: frozenset[Place]) -> list[Case]:
    """The cases of one mapping function; `fixed` are places that by their type always hold."""
    found: list[Case] = []
    seen: list[Any] = []
    for title, changes in _variants(base, evaluate, fixed):
        if found and not changes:
            continue
        try:
            case = _case(title, changes, changed(base, changes), evaluate)
        except Unforeseen:
            continue  # no example of a custom transform says what is right
        key = (case.changes, case.error)
        if key not in seen:
            seen.append(key)
            found.append(case)
    return found


def _case(
    title: str, changes: dict[Place, Any], inputs: dict[str, Any], evaluate: Evaluate
) -> Case:
    try:
        return Case(title, changes, evaluate(inputs))
    except (MissingValue, InvalidValue) as error:
        return Case(title, changes, error=type(error).__name__)


def _variants(
    base: dict[str, Any], evaluate: Evaluate, fixed: frozenset[Place]
) -> Iterator[tuple[str, dict[Place, Any]]]:
    normal = evaluate(base)
    places = [
        place
        for place in leaves(base)
        if len(place) > 1
        and not any(place[: len(one)] == one for one in fixed)
        and _outcome(changed(base, {place: REMOVED}), evaluate) != normal
    ]
    texts = [place for place in places if isinstance(_at(base, place), str)]
    plain = [place for place in texts if _survives(base, {place: _UNICODE}, evaluate)]
    optional = [place for place in places if _survives(base, {place: REMOVED}, evaluate)]
    yield "all there", {}
    yield ALL_MISSING, _top(base, optional)
    yield "optional fields null", dict.fromkeys(optional)
    yield "optional texts empty", {place: "" for place in optional if place in plain}
    yield "any characters", {place: f"{_UNICODE} {number}" for number, place in enumerate(plain)}
    yield from _long_texts(base, plain, evaluate)
    for place in _parents(base, places):
        yield f"{_shown(place)} missing", {place: REMOVED}
    for place in places:
        yield f"{_shown(place)} missing", {place: REMOVED}
    for place in _arrays(base):
        yield f"{_shown(place)} empty", {place: []}
    for place in texts:
        if place not in plain:
            yield f"{_shown(place)} unreadable", {place: "no such value"}
    yield from _numbers(base, texts, plain)
    yield from _dates(base, texts)


def _outcome(inputs: dict[str, Any], evaluate: Evaluate) -> Any:
    try:
        return evaluate(inputs)
    except (MissingValue, InvalidValue, Unforeseen) as error:
        return type(error).__name__


def _long_texts(
    base: dict[str, Any], plain: list[Place], evaluate: Evaluate
) -> Iterator[tuple[str, dict[Place, Any]]]:
    """Texts longer than fits, and texts with an emoji just where they are cut."""
    cut: dict[Place, int] = {}
    for place in plain:
        runs = _runs(evaluate(changed(base, {place: "x" * _LONGEST})))
        if limits := [run for run in runs if run < _LONGEST]:
            cut[place] = min(limits)
    yield "texts longer than fit", {place: "x" * (limit + 1) for place, limit in cut.items()}
    across = {place: "x" * (limit - 1) + _EMOJI for place, limit in cut.items()}
    yield "emoji across the limits", across


def _runs(value: Any) -> list[int]:
    """The lengths of the texts of x in an output."""
    if isinstance(value, dict):
        return [run for one in value.values() for run in _runs(one)]
    if isinstance(value, list):
        return [run for one in value for run in _runs(one)]
    return [len(run) for run in re.findall("x{9,}", value)] if isinstance(value, str) else []


def _numbers(
    base: dict[str, Any], texts: list[Place], plain: list[Place]
) -> Iterator[tuple[str, dict[Place, Any]]]:
    amounts = [place for place in texts if place not in plain and _is_number(str(_at(base, place)))]
    for amount in ("0.00", "0.1", "1.005", "-3.50", "123456789.99", " 7 "):
        yield f"amounts of {amount}", dict.fromkeys(amounts, amount)


def _dates(base: dict[str, Any], texts: list[Place]) -> Iterator[tuple[str, dict[Place, Any]]]:
    times = [place for place in texts if "T23:30" in str(_at(base, place))]
    for time in ("2026-12-31T23:59:59-08:00", "2026-03-29T01:30:00Z", "2024-02-29T00:00:00+14:00"):
        yield f"times like {time}", dict.fromkeys(times, time)


def _survives(base: dict[str, Any], changes: dict[Place, Any], evaluate: Evaluate) -> bool:
    return not isinstance(_outcome(changed(base, changes), evaluate), str)


def _top(base: dict[str, Any], optional: list[Place]) -> dict[Place, Any]:
    """The highest places to remove, so that only what is needed is left."""
    gone = set(optional)
    changes: dict[Place, Any] = {}
    for place in optional:
        top = place
        while len(top) > 2 and isinstance(top[-2], str) and _all_gone(base, top[:-1], gone):
            top = top[:-1]
        if isinstance(top[-1], str):
            changes[top] = REMOVED
    return changes


def _all_gone(base: dict[str, Any], place: Place, gone: set[Place]) -> bool:
    return all((*place, *rest) in gone for rest in leaves(_at(base, place)))


def _parents(base: dict[str, Any], places: list[Place]) -> list[Place]:
    """Objects and arrays inside the inputs."""
    found = {place[:end]: None for place in places for end in range(2, len(place))}
    return [place for place in found if isinstance(place[-1], str)]


def _arrays(base: dict[str, Any]) -> list[Place]:
    parents = _parents(base, leaves(base))
    return [place for place in parents if isinstance(_at(base, place), list)]


def _at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _shown(place: Place) -> str:
    return ".".join(map(str, place[1:]))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
