"""The filters that the conditions in a request mean, each field and value once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.analysts.offline import comparisons, states
from pipeline.analysts.offline.conditions import Conditions, singulars
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import Filter

# Of two readers that find the same field and value, the first is believed.
_READERS: list[Callable[[Conditions], Iterator[Filter]]] = [
    comparisons.tags, states.left_out, comparisons.comparisons, comparisons.signed, states.beside,
    comparisons.named_states, comparisons.amounts, comparisons.lacking, comparisons.countries,
    comparisons.currencies, comparisons.quoted, comparisons.counts,
    comparisons.durations,
    states.changes, states.become, states.kinds, states.adjectives,
]  # fmt: skip


def read_filters(text: str, schema: Schema, nouns: list[str], said_by_event: str) -> list[Filter]:
    """Filters on the source's records; the event's own words are left out."""
    about = Conditions(text, schema, singulars([*nouns, "one", "record"]), said_by_event)
    found: dict[tuple[str, str], Filter] = {}
    for read in _READERS:
        for one in read(about):
            found.setdefault((one.field, str(one.value).lower()), one)
    return list(found.values())
