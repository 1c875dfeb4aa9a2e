"""From a phrase to the call or event, beside SQLite's full-text search alone.

python -m tests.bench retrieval
"""

import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from pipeline.catalogue.catalogue import Catalogue

LABELLED = Path(__file__).with_name("retrieval.yaml")
_DEEP = 5

Find = Callable[[str], list[str]]
Cases = list[tuple[str, set[str]]]


def labelled() -> Cases:
    """Phrase -> the calls that are right, as `system operation`."""
    content = yaml.safe_load(LABELLED.read_text(encoding="utf-8"))
    return [(phrase, set(right)) for phrase, right in content]


def weft(catalogue: Catalogue) -> Find:
    def find(text: str) -> list[str]:
        return [f"{hit.system} {hit.operation}" for hit in catalogue.search(text, limit=_DEEP)]

    return find


def plain(catalogue: Catalogue) -> Find:
    """FTS5 with its own ranking over everything that is said of a call."""
    index = sqlite3.connect(":memory:")
    index.execute("create virtual table calls using fts5(name unindexed, said, tokenize=porter)")
    for entry in catalogue.systems():
        for one in entry.operations:
            said = [entry.display_name, one.id, one.entity, one.path, one.summary, *one.phrases]
            _insert(index, f"{entry.name} {one.id}", said)
        for event in entry.events:
            said = [entry.display_name, event.name, event.entity, event.action, *event.phrases]
            _insert(index, f"{entry.name} {event.name}", said)

    def find(text: str) -> list[str]:
        either = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text.lower()))
        found = index.execute(
            "select name from calls where calls match ? order by rank limit ?", (either, _DEEP)
        )
        return [name for (name,) in found]

    return find


def _insert(index: sqlite3.Connection, name: str, said: list[str]) -> None:
    words = re.sub(r"[^\w]+|_", " ", " ".join(said))
    index.execute("insert into calls values (?, ?)", (name, words))


def measure(find: Find, cases: Cases) -> tuple[float, float, float, list[str]]:
    """Share found first, share found in the first five, milliseconds a query, and what was not."""
    find(cases[0][0])  # builds what is built once
    started = time.perf_counter()
    found = [find(phrase) for phrase, _ in cases]
    took = (time.perf_counter() - started) * 1000 / len(cases)
    rights = [right for _, right in cases]
    first = sum(bool(set(one[:1]) & right) for one, right in zip(found, rights, strict=True))
    five = sum(bool(set(one) & right) for one, right in zip(found, rights, strict=True))
    missed = [
        phrase
        for (phrase, right), one in zip(cases, found, strict=True)
        if not set(one[:1]) & right
    ]
    return first / len(cases), five / len(cases), took, missed


def main() -> None:
    catalogue = Catalogue.load()
    known = {
        f"{entry.name} {name}"
        for entry in catalogue.systems()
        for name in (*(o.id for o in entry.operations), *(e.name for e in entry.events))
    }
    unknown = {name for _, right in labelled() for name in right} - known
    if unknown:
        raise ValueError(f"Labels name no call: {sorted(unknown)}")
    print(f"{len(labelled())} phrases over {len(known)} calls and events")
    halves = {"tuning": labelled()[::2], "set aside": labelled()[1::2]}
    for half, cases in halves.items():
        for name, find in (("weft", weft(catalogue)), ("plain FTS5", plain(catalogue))):
            first, five, took, missed = measure(find, cases)
            print(f"{half}, {name}: {first:.0%} first, {five:.0%} in five, {took:.1f} ms a query")
            if half == "tuning" and name == "weft" and missed:
                print(f"  not first: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
