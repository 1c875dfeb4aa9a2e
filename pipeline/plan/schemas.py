"""Which schema each part of a plan speaks of, as the catalogue knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rapidfuzz import process

from pipeline.catalogue.model import Event, SystemEntry
from pipeline.catalogue.operation import Action
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.selection import selected
from pipeline.catalogue.shape import Schema, flatten
from pipeline.catalogue.shapes import plain_field
from pipeline.plan.grouping import grouped
from pipeline.plan.model import Workflow

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def entry_of(catalogue: Catalogue, system: str) -> SystemEntry | None:
    """The catalogue's entry of a system; None where it has none."""
    try:
        return catalogue.system(system)
    except KeyError:
        return None


def entity_schema(catalogue: Catalogue, system: str, entity: str) -> Schema | None:
    """The schema of an entity's record; None where the catalogue does not know it."""
    entry = entry_of(catalogue, system)
    if entry is None:
        return None
    return next((one.record_schema for one in entry.entities if one.name == entity), None)


def event_of(catalogue: Catalogue, workflow: Workflow) -> Event | None:
    entry = entry_of(catalogue, workflow.source.system)
    events = entry.events if entry else []
    return next((event for event in events if event.name == workflow.trigger.event), None)


def is_notification(event: Event, entry: SystemEntry) -> bool:
    """Whether an event only names a record, which is then read by its id; not one that is gone."""
    if event.action == "deleted":
        return False
    if event.read_id is not None:
        return True
    known = next((one.record_schema for one in entry.entities if one.name == event.entity), None)
    if event.record_schema is None or known is None:
        return False
    shared = set(event.record_schema.get("properties", {})) & set(known.get("properties", {}))
    return not shared and any(field.key == "id" for field in fields(event.record_schema))


def source_schema(catalogue: Catalogue, workflow: Workflow) -> Schema | None:
    """The schema of the record that mappings start at: what is read, or several rows of it."""
    row = read_schema(catalogue, workflow)
    return row if row is None or workflow.group_by is None else grouped(row)


def read_schema(catalogue: Catalogue, workflow: Workflow) -> Schema | None:
    """The schema of what comes in, which filters see: an event's own, or the entity's.

    A record that is listed, or read because an event named it, has what the call asks for.
    """
    source = workflow.source
    schema = entity_schema(catalogue, source.system, source.entity)
    entry = entry_of(catalogue, source.system)
    if entry is None:
        return schema
    action: Action = "list"
    if workflow.trigger.kind == "webhook":
        event = event_of(catalogue, workflow)
        if event is None or not is_notification(event, entry):
            return (event.record_schema if event else None) or schema
        action = "read"
    operation = entry.operation(source.entity, action)
    return selected(schema, operation) if schema and operation else schema


def free_objects(schema: Schema | None) -> list[str]:
    """Paths of the objects that may hold fields beyond those named; "" is the record itself."""
    return [""] if schema is None else _free(schema, schema, "", 5)


def _free(schema: Schema, root: Schema, path: str, depth: int) -> list[str]:
    node = flatten(schema, root)
    free = [path] if node.get("additionalProperties") not in (None, False) else []
    if depth:
        for name, inner in node.get("properties", {}).items():
            free += _free(inner, root, f"{path}.{name}" if path else name, depth - 1)
    return free


def demands(schema: Schema) -> list[tuple[str, list[str]]]:
    """Each object with the fields that it requires, as paths: the record first, as ""."""
    return list(_demands(schema, schema, "", 6))


def _demands(
    schema: Schema, root: Schema, path: str, depth: int
) -> Iterator[tuple[str, list[str]]]:
    node = flatten(schema, root)
    if "items" in node:
        yield from _demands(node["items"], root, f"{path}[]", depth - 1)
        return
    properties = node.get("properties", {})
    inner = {name: f"{path}.{name}" if path else name for name in properties}
    if properties or not path:
        needed = [name for name in node.get("required", []) if name in properties]
        yield (
            path,
            [inner[name] for name in needed
             if flatten(properties[name], root).get("readOnly") is not True],
        )  # fmt: skip
    for name, child in properties.items() if depth > 0 else ():
        yield from _demands(child, root, inner[name], depth - 1)


def find_field(schema: Schema | None, path: str) -> FieldInfo | None:
    """What stands at a path, fields of free objects included; None where nothing may."""
    known = plain_field(schema, path) if schema is not None else None
    if known is not None:
        return known
    if any(path.startswith(f"{free}." if free else "") for free in free_objects(schema)):
        return FieldInfo(path=path, type="any")
    return None


def paths_of(schema: Schema | None) -> list[str]:
    return [field.path for field in fields(schema)] if schema is not None else []


def closest(name: str, names: Sequence[str], count: int = 3) -> list[str]:
    """The names most like a misspelt one, best first."""
    return [found for found, _, _ in process.extract(name, names, limit=count)]


def did_you_mean(name: str, names: Sequence[str]) -> str:
    """“ Closest: a, b, c.”, or nothing where there is nothing to offer."""
    near = closest(name, names)
    return f" Closest: {', '.join(near)}." if near else ""
