"""The records that a document's calls read and write, put together from all of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipeline.catalogue.model import Entity
from pipeline.catalogue.naming import kebab
from pipeline.catalogue.openapi.access import mapping
from pipeline.catalogue.openapi.endpoints import Endpoint
from pipeline.catalogue.openapi.paging import items_path
from pipeline.catalogue.openapi.records import Records, with_keys
from pipeline.catalogue.shape import reference_of

_MAX_ENTITIES = 600
_ENVELOPES = {"data", "result", "item", "record", "response", "payload", "attributes"}
_WRITES = ("create", "update", "upsert")


@dataclass
class Bodies:
    """Where an endpoint's records stand, and their schemas as the document has them."""

    response_path: str = ""
    record: Any = None
    request_path: str = ""
    request: Any = None
    answer: dict[str, Any] = field(default_factory=dict)


def bodies_of(endpoint: Endpoint, records: Records) -> Bodies:
    found = Bodies()
    if endpoint.answer:
        if endpoint.action in ("list", "find"):
            found.answer = _shallow(endpoint.answer, records)
            path = items_path(found.answer, kebab(endpoint.collection.rsplit("/", 1)[-1]))
            if path is not None:
                found.response_path = path
                found.record = _at(endpoint.answer, f"{path}[]", records)
        else:
            found.response_path, found.record = _unwrapped(endpoint.answer, endpoint.noun, records)
    if endpoint.request and endpoint.action in _WRITES:
        found.request_path, found.request = _unwrapped(endpoint.request, endpoint.noun, records)
    return found


def entities_of(all_bodies: Iterable[tuple[Endpoint, Bodies]], records: Records) -> list[Entity]:
    """One entity for each noun of the paths; reading one record tells most of it."""
    grouped: dict[str, list[tuple[Endpoint, Bodies]]] = {}
    for endpoint, bodies in all_bodies:
        grouped.setdefault(endpoint.noun, []).append((endpoint, bodies))
    names = list(grouped)[:_MAX_ENTITIES]
    return [_entity(name, grouped[name], set(names), records) for name in names]


def _entity(
    name: str, members: list[tuple[Endpoint, Bodies]], names: set[str], records: Records
) -> Entity:
    read = [(each.action not in ("read", "list"), bodies) for each, bodies in members]
    answered = [b.record for _, b in sorted(read, key=lambda pair: pair[0]) if b.record]
    requests = [bodies.request for _, bodies in members if bodies.request]
    record = records.record((answered or requests or [{"type": "object"}])[0])
    if answered and requests:
        record = _merged(record, [records.record(request) for request in requests])
    component = (reference_of((answered or requests or [{}])[0]) or "").rsplit("/", 1)[-1]
    spoken = name.replace("-", " ")
    alias = kebab(component).replace("-", " ")
    return Entity(
        name=name,
        display_name=spoken.capitalize(),
        aliases=[alias] if alias and alias != spoken else [],
        record_schema=with_keys({"type": "object", **record}, name, names),
    )


def _merged(record: dict[str, Any], requests: list[dict[str, Any]]) -> dict[str, Any]:
    """What is answered but never sent is read-only; what is only sent is added.

    Of the fields that an answer always has, a body need only have those that a request demands.
    """
    sent: dict[str, Any] = {}
    for request in reversed(requests):
        sent |= mapping(request.get("properties"))
    if not sent:
        return record
    answered = mapping(record.get("properties"))
    properties = {
        name: child if name in sent else {**child, "readOnly": True}
        for name, child in answered.items()
    }
    properties |= {name: child for name, child in sent.items() if name not in answered}
    demanded = set(requests[0].get("required", []))
    required = [name for name in record.get("required", []) if name not in sent or name in demanded]
    return {**record, "properties": properties, "required": required}


def _unwrapped(schema: Any, noun: str, records: Records) -> tuple[str, Any]:
    """(path, schema) of the record in a body that may wrap it once (`{"data": {…}}`)."""
    properties = mapping(records.flat(schema).get("properties"))
    wrappers = {*_ENVELOPES, noun}
    for name, child in properties.items():
        inner = records.flat(child)
        wraps = kebab(name) in wrappers and (len(properties) == 1 or kebab(name) in _ENVELOPES)
        if wraps and inner.get("properties") and "." not in name:
            return name, child
    return "", schema


def _shallow(schema: Any, records: Records, depth: int = 2) -> dict[str, Any]:
    """The answer flattened as far down as a page's own fields stand."""
    node = records.flat(schema)
    if depth and "properties" in node:
        children = list(node["properties"].items())[:100]
        node["properties"] = {name: _shallow(child, records, depth - 1) for name, child in children}
    return node


def _at(schema: Any, path: str, records: Records) -> Any:
    for step in path.replace("[]", ".[]").split("."):
        if step == "[]":
            schema = records.flat(schema).get("items", {})
        elif step:
            schema = mapping(records.flat(schema).get("properties")).get(step, {})
    return schema
