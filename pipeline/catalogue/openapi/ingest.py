"""From a document's text to a system entry."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from pipeline.catalogue.model import Entity, ErrorRule, Event, Probe, SystemEntry
from pipeline.catalogue.naming import kebab
from pipeline.catalogue.openapi.access import json_schema, mapping, resolved, words
from pipeline.catalogue.openapi.auth import auth_of, server_of
from pipeline.catalogue.openapi.document import read_document
from pipeline.catalogue.openapi.endpoints import Endpoint, endpoints
from pipeline.catalogue.openapi.entities import Bodies, bodies_of, entities_of
from pipeline.catalogue.openapi.paging import pagination_of, since_of
from pipeline.catalogue.openapi.records import Records
from pipeline.catalogue.operation import Operation
from pipeline.errors import InvalidSpec
from pipeline.plan.model import ConfigItem, Fact, Pagination

_UNSAID = re.compile(r"\b(open ?api|rest|api|service|spec(ification)?|v?\d+(\.\d+)*)\b", re.I)
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_MAX_EVENTS = 200
_EVENTS = {"creat": "created", "add": "created", "updat": "updated", "delet": "deleted",
           "remov": "deleted", "chang": "changed"}  # fmt: skip


def ingest(file_name: str, text: str, today: date | None = None) -> SystemEntry:
    """The system that a user's OpenAPI 3 document describes; InvalidSpec says what is wrong."""
    file_name = words(PurePath(file_name).name, 100) or "The attachment"
    document = read_document(file_name, text)
    try:
        entry = _entry(file_name, document, today or datetime.now(UTC).date())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidSpec(f"{file_name} cannot be used: {first['msg']} at {place}.") from error
    if not entry.operations and not entry.events:
        raise InvalidSpec(
            f"{file_name} describes no call and no webhook. Attach the document that has the "
            "API's `paths`."
        )
    return entry


def _entry(file_name: str, document: Mapping[str, Any], today: date) -> SystemEntry:
    info = mapping(document.get("info"))
    title = words(info.get("title"), 80)
    name = _slug(_UNSAID.sub(" ", title)) or _slug(PurePath(file_name).stem) or "your-api"
    base_url, config = server_of(document)
    records = Records(document)
    calls = [(endpoint, bodies_of(endpoint, records)) for endpoint in endpoints(document)]
    entities = {entity.name: entity for entity in entities_of(calls, records)}
    operations = [
        _operation(endpoint, bodies, entities[endpoint.noun])
        for endpoint, bodies in calls
        if endpoint.noun in entities
    ]
    events = list(_events(document, entities, records))
    display_name = _UNSAID.sub("", title).strip(" -–:") or title or name
    return SystemEntry(
        name=name,
        display_name=display_name,
        aliases=[title] if title and title != display_name else [],
        tier="user",
        base_url=base_url,
        config=[*config, *_tenants(operations, entities, config)],
        auth=auth_of(document, base_url),
        errors=list(_errors(document)),
        probe=_probe(operations),
        entities=list(entities.values()),
        operations=operations,
        events=events,
        facts=_facts(file_name, name, info, operations, today),
        verified_on=today,
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", ""))[:40].strip("-")


def _probe(operations: list[Operation]) -> Probe | None:
    """A read that needs no id."""
    for operation in operations:
        if operation.action in ("list", "read") and not _PLACEHOLDER.search(operation.path):
            size = operation.pagination.size_parameter
            return Probe(path=f"{operation.path}?{size}=1" if size else operation.path)
    return None


def _operation(endpoint: Endpoint, bodies: Bodies, entity: Entity) -> Operation:
    properties = mapping(entity.record_schema.get("properties"))
    action, reads = endpoint.action, endpoint.action in ("list", "find")
    since = since_of(endpoint.parameters, entity.record_schema) if reads else None
    filters = {name: "{value}" for name in endpoint.parameters if name in properties}
    find = filters if action == "find" else {}
    demanded = mapping(bodies.request).get("required")
    path = _own_path(endpoint, properties)
    return Operation(
        id=endpoint.id,
        entity=entity.name,
        action=action,
        method=endpoint.method.upper(),
        path=path,
        documented_path=endpoint.path if path != endpoint.path else None,
        summary=endpoint.summary,
        query=_constants(endpoint),
        find_by=dict(list(find.items())[:1]),
        since_by={since[1]: "{value}"} if since else {},
        query_parameter=since[0] if since else next(iter(find), None),
        request_path=bodies.request_path,
        replaces=endpoint.method == "put" and action == "update",
        response_path=bodies.response_path,
        required=[name for name in demanded if isinstance(name, str) and name in properties]
        if isinstance(demanded, list)
        else [],
        pagination=pagination_of(
            endpoint.parameters, bodies.answer, bodies.response_path, endpoint.has_link_header
        )
        if reads
        else Pagination(),
        effect="ambiguous" if endpoint.method == "post" and not reads else "repeatable",
        scopes=endpoint.scopes,
    )


def _own_path(endpoint: Endpoint, properties: Mapping[str, Any]) -> str:
    """The path with the record's own id called by the field that holds it."""
    names = _PLACEHOLDER.findall(endpoint.path)
    if not names or not endpoint.is_single or names[-1] in properties:
        return endpoint.path
    ids = [name for name, child in properties.items() if child.get("x-weft-key") == "id"]
    before, _, after = endpoint.path.rpartition(f"{{{names[-1]}}}")
    return f"{before}{{{ids[0]}}}{after}" if ids else endpoint.path


def _constants(endpoint: Endpoint) -> dict[str, str]:
    """Query parameters that must be sent and can only have one value."""
    constants: dict[str, str] = {}
    for name, parameter in endpoint.parameters.items():
        values = mapping(parameter.get("schema")).get("enum")
        if parameter.get("required") is True and isinstance(values, list) and len(values) == 1:
            constants[name] = words(str(values[0]))
    return constants


def _tenants(
    operations: list[Operation], entities: Mapping[str, Entity], config: list[ConfigItem]
) -> Iterator[ConfigItem]:
    """Path parameters of most calls that no record has: an account or a site, asked for once."""
    known = {item.name for item in config}
    seen: Counter[str] = Counter()
    for operation in operations:
        fields = mapping(entities[operation.entity].record_schema.get("properties"))
        seen.update(set(_PLACEHOLDER.findall(operation.path)) - set(fields) - known)
    for name, times in seen.items():
        if times * 2 >= len(operations) > 1:
            yield ConfigItem(name=name, label=name.replace("_", " ").capitalize())


def _events(
    document: Mapping[str, Any], entities: dict[str, Entity], records: Records
) -> Iterator[Event]:
    webhooks = mapping(document.get("webhooks")) or mapping(document.get("x-webhooks"))
    for name, item in list(webhooks.items())[:_MAX_EVENTS]:
        call = mapping(resolved(item, document).get("post"))
        body = json_schema(resolved(call.get("requestBody"), document).get("content"))
        spelled = kebab(name)
        actions: list[Any] = [kind for part, kind in _EVENTS.items() if part in spelled]
        named = [entity for entity in entities if entity in spelled]
        entity = max(named, key=len, default=spelled)
        schema = {"type": "object", **records.record(body)}
        entities.setdefault(
            entity, Entity(name=entity, display_name=entity.capitalize(), record_schema=schema)
        )
        yield Event(
            name=words(name, 120) or spelled,
            entity=entity,
            action=actions[0] if actions else "other",
            record_schema=schema,
        )


def _errors(document: Mapping[str, Any]) -> Iterator[ErrorRule]:
    calls = [mapping(call) for item in mapping(document.get("paths")).values()
             for call in mapping(item).values()]  # fmt: skip
    if any("429" in mapping(call.get("responses")) for call in calls):
        yield ErrorRule(status=429, meaning="Too many requests; wait, then go on.", retry=True)


def _facts(
    file_name: str, name: str, info: Mapping[str, Any], operations: list[Operation], today: date
) -> list[Fact]:
    version = words(info.get("version"), 40) or "without a version"
    paged = sorted({each.pagination.style for each in operations} - {"none"})
    texts = [f"Described by {file_name}, version {version}: {len(operations)} operations."]
    if paged:
        texts.append(f"Lists are read in pages by {', '.join(paged)}, told by parameter names.")
    return [
        Fact(text=text, source=file_name, grade="user-supplied", verified_on=today, subject=name)
        for text in texts
    ]
