"""The fields that tell whether a record is there already."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.analysts.offline.keys import Writing
from pipeline.analysts.offline.naming import name_words, resolve
from pipeline.analysts.offline.own_columns import columns_home
from pipeline.analysts.offline.request import Pair
from pipeline.analysts.offline.words import singular, stem
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.mapping.match import candidates
from pipeline.plan.model import MATCHING, KeyPair, Mapping, Transform, WriteMode
from pipeline.plan.schemas import find_field, free_objects


def said_keys(writing: Writing, pairs: Sequence[Pair]) -> list[KeyPair]:
    """The key in the words of the text, by the explicit maps where they name it."""
    words = writing.key
    if not words:
        return []
    named = [
        pair
        for pair in pairs
        if not pair.tentative and stem(words) in (stem(pair.source), stem(pair.target))
    ]
    if named:
        return [KeyPair(target=named[0].target, source=named[0].source)]
    return [KeyPair(target=_slug(words), source=_slug(words))]


def match_on(
    writing: Writing,
    mappings: list[Mapping],
    source: Schema,
    target: Schema,
    mode: WriteMode,
    read: str = "",
) -> list[KeyPair]:
    """The pair of fields that records are matched on, where they are; `read` is of the source."""
    if mode not in MATCHING and writing.key is None:
        return []
    words = writing.key
    if words is None:
        return _natural_key(mappings, target) or _own_column(mappings, source, target)
    into, origin = resolve(words, target), resolve(words, source)
    if origin is None:  # the “opportunity id” of an opportunity is its id
        own = set(name_words(read))
        bare = " ".join(one for one in re.split(r"[\s_]+", words) if not {singular(one)} & own)
        origin = resolve(bare, source) if bare else None
    if origin is None and "external" in name_words(words):  # it names the record elsewhere
        origin = next((one for one in fields(source) if one.key == "id"), None)
    path = into.path if into else None
    free = free_objects(target)
    if path is None and (origin is not None or (free and columns_home(source) is not None)):
        mapped = next(
            (one.target for one in mappings if origin and one.source == origin.path), None
        )
        # A column of one's own is called as the text calls it, not as the source does.
        path = ".".join([*filter(None, free[:1]), _slug(words)]) if free else mapped
    value = next((one.source for one in mappings if one.target == path), None)
    value = value or (origin.path if origin else None)
    home = columns_home(source)
    if value is None and path and home is not None:  # a row has the column that is named
        value = ".".join([*filter(None, [home]), _slug(words)])
    return [KeyPair(target=path, source=value)] if path and value else []


def with_keys(
    mappings: list[Mapping], keys: Sequence[KeyPair], target: Schema, mode: WriteMode
) -> list[Mapping]:
    """Columns that records are matched on are written too, once."""
    free = [f"{path}." if path else "" for path in free_objects(target)]
    for key in keys:
        field = find_field(target, key.target)
        mine = any(field is None or key.target.startswith(one) for one in free)
        mine = mine or (mode != "update" and field is not None and not field.read_only)
        if mine and key.target not in [one.target for one in mappings]:
            several = "[]" in key.source and "[]" not in key.target
            own = Mapping(target=key.target, source=key.source, confidence=0.9,
                          transform=Transform(name="first_of") if several else None)  # fmt: skip
            mappings = [own, *(one for one in mappings if one.source != key.source)]
    return mappings


def shared_key(source: Schema, target: Schema) -> list[KeyPair]:
    """The best match of a natural key of the target, in the source."""
    found = candidates(source, target, k=1)
    scored = [
        (options[0].score, KeyPair(target=one.path, source=options[0].source))
        for one in fields(target)
        if one.key == "natural" and (options := found.get(one.path, []))
    ]
    return [max(scored, key=lambda pair: pair[0])[1]] if scored else []


def _natural_key(mappings: list[Mapping], target: Schema) -> list[KeyPair]:
    """The natural key that is mapped from the source, an address before a name."""
    keys = [
        one for one in mappings
        if one.source and (field := find_field(target, one.target)) and _identifies(field)
    ]  # fmt: skip
    keys.sort(key=lambda one: "mail" not in one.target.lower())
    return [KeyPair(target=one.target, source=one.source) for one in keys[:1] if one.source]


def _identifies(field: FieldInfo) -> bool:
    """Whether a field tells a record apart on both sides: one that people know, not a given id."""
    return field.key == "natural" or (field.key == "id" and field.required and not field.read_only)


def _own_column(mappings: list[Mapping], source: Schema, target: Schema) -> list[KeyPair]:
    """The free column that has the id of the source's record, as in a sheet or a table."""
    ids = {one.path for one in fields(source) if one.key == "id"}
    homes = free_objects(target)
    return [
        KeyPair(target=one.target, source=one.source)
        for one in mappings
        if one.source in ids and one.target.rpartition(".")[0] in homes
    ][:1]


def _slug(words: str) -> str:
    return "_".join(words.lower().split())
