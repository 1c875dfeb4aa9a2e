"""The read that lists an account's fields: the mock has those of its catalogue entry, no others."""

from typing import Any

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.simulation.calls import HttpRequest
from pipeline.simulation.json_paths import put_at
from pipeline.simulation.templates import match_text


def discovery_answer(entry: SystemEntry, request: HttpRequest) -> Any:
    """The answer's body; None where the request is not the discovery, or names no entity."""
    rule = entry.discovery
    if rule is None or rule.method != request.method:
        return None
    found = match_text(rule.path.strip("/"), request.path.strip("/"), r"[^/]+?")
    names = [entity for entity, name in rule.objects.items() if found == {"object": name}]
    if not names:
        return None
    own = fields(entry.entity(names[0]).record_schema)
    return put_at(None, rule.items_path, [_described(entry, info) for info in own])


def _described(entry: SystemEntry, info: FieldInfo) -> Any:
    rule = entry.discovery
    assert rule is not None
    item = put_at({}, rule.name_path, info.path)
    if rule.type_path:
        item = put_at(item, rule.type_path, info.type)
    if rule.values_path:
        outer, _, inner = rule.values_path.partition("[]")
        values = [put_at({}, inner.lstrip("."), value) for value in info.enum]
        item = put_at(item, outer, values)
    return item
