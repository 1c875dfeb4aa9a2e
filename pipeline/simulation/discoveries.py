"""The read that lists an account's fields: the mock has those of its catalogue entry, no others."""

from typing import Any

from pipeline.catalogue.model import Discovery, SystemEntry
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.simulation.bodies import read_json
from pipeline.simulation.calls import HttpRequest
from pipeline.simulation.json_paths import put_at
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.templates import match_json, match_text


def discovery_answer(entry: SystemEntry, request: HttpRequest) -> Any:
    """The answer's body; None where the request is not the discovery, or names no entity."""
    rule = entry.discovery
    found = _asked(rule, request) if rule is not None else None
    if rule is None or found is None:
        return None
    named = found.get("object")
    entities = [entity for entity, name in rule.objects.items() if named in (None, name)]
    if not entities:
        return None
    schema = entry.entity(entities[0]).record_schema
    own = [one for one in fields(schema) if one.path.startswith(rule.prefix)]
    if schema.get("additionalProperties"):
        own = []  # the table or sheet of a mock has whatever is written into it
    answer = _listed(rule, own)
    if rule.within is None:
        return answer
    value = found.get(rule.within.value.strip("{}"), "")
    return put_at({}, rule.within.items_path, [{rule.within.keys[0]: value, **answer}])


def _asked(rule: Discovery, request: HttpRequest) -> dict[str, str] | None:
    """The values of the rule's placeholders; None where the request is another."""
    path = rule.path.partition("?")[0]
    found = match_text(path.strip("/"), request.path.strip("/"), r"[^/]+?")
    if rule.method != request.method or found is None:
        return None
    if rule.body is None:
        return found
    try:
        sent = match_json(rule.body, read_json(request))
    except Refusal:
        return None
    return None if sent is None else {**found, **sent}


def _listed(rule: Discovery, own: list[FieldInfo]) -> Any:
    names = [one.path.removeprefix(rule.prefix) for one in own]
    if rule.form == "names":
        return put_at({}, rule.items_path, [names])
    described = [_described(rule, name, info) for name, info in zip(names, own, strict=True)]
    if rule.form == "members":
        return put_at({}, rule.items_path, dict(zip(names, described, strict=True)))
    return put_at(None, rule.items_path, described)


def _described(rule: Discovery, name: str, info: FieldInfo) -> Any:
    item = {} if rule.form == "members" else put_at({}, rule.name_path, name)
    if rule.type_path:
        item = put_at(item, rule.type_path, info.type)
    if rule.values_path:
        outer, repeated, inner = rule.values_path.partition("[]")
        values = [put_at({}, inner.lstrip("."), value) for value in info.enum]
        item = put_at(item, outer, values)
    return item
