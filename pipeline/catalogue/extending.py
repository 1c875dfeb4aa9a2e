"""An entry with a field more than its data has: one that a real answer showed."""

from typing import Any

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import node_at, steps
from pipeline.catalogue.shapes import LEARNED, shapes_at
from pipeline.plan.model import Learned


def extended(entry: SystemEntry, learned: Learned) -> SystemEntry:
    """The entry with that field in its entity, and in the events that have a form of their own."""
    entities = [
        one.model_copy(update={"record_schema": _with(one.record_schema, learned)})
        if one.name == learned.entity else one
        for one in entry.entities
    ]  # fmt: skip
    events = [
        one.model_copy(update={"record_schema": _with(one.record_schema, learned)})
        if one.entity == learned.entity and one.record_schema is not None else one
        for one in entry.events
    ]  # fmt: skip
    return entry.model_copy(update={"entities": entities, "events": events})


def _with(schema: dict[str, Any], learned: Learned) -> dict[str, Any]:
    resembled = node_at(schema, learned.like) if learned.like else None
    node = dict(resembled[0]) if resembled else {"type": learned.type}
    home = learned.path.rpartition(".")[0]
    if home and learned.kind in shapes_at(schema, home):
        node = {**_member(schema, home), LEARNED: learned.kind}
    return _put(schema, steps(learned.path), node)


def _member(schema: dict[str, Any], home: str) -> dict[str, Any]:
    """What any member of a free map is."""
    found = node_at(schema, home)
    return dict(found[0]["additionalProperties"]) if found else {}


def _put(schema: dict[str, Any], path: list[str], node: dict[str, Any]) -> dict[str, Any]:
    """The schema with a node there, beside what it says already; references stay in place."""
    if not path:
        return node
    first, rest = path[0], path[1:]
    if first == "[]":
        return {**schema, "items": _put(dict(schema.get("items", {})), rest, node)}
    properties = dict(schema.get("properties", {}))
    if rest or first not in properties:
        properties[first] = _put(dict(properties.get(first, {})), rest, node)
    return {**schema, "properties": properties}
