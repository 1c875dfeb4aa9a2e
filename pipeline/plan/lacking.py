"""What a record must have and does not get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.catalogue.shape import Schema
from pipeline.plan.model import Mapping
from pipeline.plan.paths import array_of
from pipeline.plan.schemas import demands


def lacking(
    mappings: Sequence[Mapping], schema: Schema, required: Sequence[str]
) -> Iterator[tuple[str, str | None]]:
    """Required fields that no mapping fills; in a target array, each with the group lacking it.

    `required` are those that the call wants beyond the schema.
    """
    for home, needed in demands(schema):
        inside = [one for one in mappings if one.target.startswith(f"{home}.") or not home]
        if home and not inside:
            continue
        groups: list[str | None] = [None]
        if array_of(home) is not None:
            groups = list(dict.fromkeys(_group(one) for one in inside))
        for path in [*needed, *([] if home else (one for one in required if one not in needed))]:
            for group in groups:
                if not any(_covers(one, path, group) for one in mappings):
                    yield path, group


def _group(mapping: Mapping) -> str | None:
    return mapping.each or array_of(mapping.source or "")


def _covers(mapping: Mapping, path: str, group: str | None) -> bool:
    inside = mapping.target == path or mapping.target.startswith((f"{path}.", f"{path}[]"))
    around = path.startswith(f"{mapping.target}.")  # a whole object is written at once
    return (inside or around) and (group is None or _group(mapping) == group)
