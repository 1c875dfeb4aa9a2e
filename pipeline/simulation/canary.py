"""Canaries: a body that the mock must accept and one that it must refuse, for each write.

A mock whose canary is not refused proves nothing, and is not to be used.
"""

import copy
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from pipeline.catalogue.files import FOLDER, Bodies, read_bodies
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.catalogue.schema import field_at
from pipeline.plan.paths import read
from pipeline.simulation.calls import Call
from pipeline.simulation.credentials import sample_headers
from pipeline.simulation.engine import record_schema
from pipeline.simulation.forms import MEDIA_TYPE, read_form, write_form
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.kinds import EntityKind
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.samples import sample
from pipeline.simulation.statements import write_statement
from pipeline.simulation.templates import placeholders

_TYPE = "content-type"
_WRITES = ("create", "update", "upsert")


@dataclass(frozen=True)
class CanaryResult:
    operation: str
    accepted: bool
    rejected: bool
    detail: str = ""

    @property
    def holds(self) -> bool:
        return self.accepted and self.rejected


def check_canaries(mock: MockSystem, entities: Collection[str] | None = None) -> list[CanaryResult]:
    """One result for each write of the system (of these entities), tried on a fresh copy."""
    known = read_bodies(FOLDER / "systems" / mock.entry.name)
    results = []
    for operation in mock.entry.operations:
        if entities is not None and operation.entity not in entities:
            continue
        bodies = known.get(operation.id)
        if bodies is not None:
            bodies = _sendable(mock.entry, operation, bodies)
        elif operation.action in _WRITES:
            bodies = derived(mock.entry, operation)
        if bodies is not None:
            results.append(_check(mock.entry, operation, bodies))
    return results


def derived(entry: SystemEntry, operation: Operation) -> Bodies:
    """Bodies made from the schema: a valid sample, and one with a field of a wrong type."""
    described = {entity.name for entity in entry.entities}
    if operation.entity not in described:
        return Bodies(accepted={}, rejected="", why="It is no object.")
    record = sample(record_schema(entry, operation), required_only=True)
    record = {**record, **operation.body}
    accepted = put_at({}, operation.request_path, record)
    return _broken(operation, accepted)


def _broken(operation: Operation, accepted: Any) -> Bodies:
    """The body with its first field of a type that nothing has."""
    record = read_at(accepted, operation.request_path)
    name = next(iter(record), "") if isinstance(record, dict) else ""
    broken = {**record, name: {"not": ["of", "this", "type"]}} if name else ""
    rejected = put_at(accepted, operation.request_path, broken)
    return Bodies(accepted=accepted, rejected=rejected, why=f"{name} has a wrong type.")


def _sendable(entry: SystemEntry, operation: Operation, bodies: Bodies) -> Bodies:
    """In a form all values are text, so that a body may be bad only as JSON: break it anew."""
    if not _is_form(operation):
        return bodies
    sent = read_form(_content(entry, operation, bodies.rejected), record_schema(entry, operation))
    return bodies if sent == bodies.rejected else _broken(operation, bodies.accepted)


def _check(entry: SystemEntry, operation: Operation, bodies: Bodies) -> CanaryResult:
    accepted = _tried(entry, operation, bodies.accepted, bodies.accepted)
    rejected = _tried(entry, operation, bodies.rejected, bodies.accepted)
    detail = accepted or ("" if rejected else f"It took a bad body. {bodies.why}")
    return CanaryResult(operation.id, not accepted, bool(rejected), detail)


def _tried(entry: SystemEntry, operation: Operation, body: Any, good: Any) -> str:
    """Why a mock that has what the good body refers to refuses this one; empty if it does not."""
    mock = MockSystem(entry)
    headers = sample_headers(entry, operation)
    path, query = _path(operation, good, good), _query(operation, good)
    content = _content(entry, operation, good)
    try:
        call = mock.understand(operation.method, path, query, headers, content)
    except Refusal as refusal:
        return str(refusal)
    seed_references(mock, call)
    path, content = _path(operation, body, good), _content(entry, operation, body)
    mock.handle(operation.method, path, query, headers, content)
    exchange = mock.exchanges.all()[-1]
    if exchange.effect in ("refused", "failed"):
        return exchange.detail
    other = exchange.operation not in ("", operation.id)
    return f"It was taken for {exchange.operation}." if other else ""


def seed_references(mock: MockSystem, call: Call) -> None:
    """Create every record that the call's record refers to, and itself where it must exist."""
    own = mock.entry.entity(call.operation.entity)
    kind = mock.kind(own.name)
    for info in kind.fields:
        if info.reference is None:
            continue
        found = read(call.record, info.path)
        for value in found if isinstance(found, list) else [found]:
            _seed(mock, info.reference["entity"], {info.reference["field"]: value})
    if call.operation.action in ("update", "action", "delete"):
        paths = [kind.id_field.path, *([kind.version.path] if kind.version else [])]
        known = {path: _given(call, path) for path in (*paths, *call.operation.required)}
        _seed(mock, own.name, {path: value for path, value in known.items() if value is not None})


def _given(call: Call, path: str) -> Any:
    named = {**call.bindings, **call.equal}
    return named[path] if path in named else read_at(call.record, path)


def _seed(mock: MockSystem, entity: str, values: Mapping[str, Any]) -> None:
    first = next(iter(values), "")
    known = {each.name for each in mock.entry.entities}
    if values.get(first) is None or entity not in known:
        return
    schema = mock.entry.entity(entity).record_schema
    if field_at(schema, first) is None or any(
        str(read_at(record, first)) == str(values[first]) for record in mock.records(entity)
    ):
        return
    mock.create(entity, sample(schema, values, seed=len(mock.records(entity))))


def _content(entry: SystemEntry, operation: Operation, body: Any) -> bytes:
    """The body as it is sent: what stands in the path is taken out of the record."""
    if operation.sql is not None and isinstance(body, dict):
        return json.dumps(write_statement(operation, _id_path(entry, operation), body)).encode()
    record = read_at(body, operation.request_path)
    if isinstance(record, dict):
        in_path = placeholders(operation.path)
        rest = {name: value for name, value in record.items() if name not in in_path}
        body = put_at(body, operation.request_path, rest)
    if operation.graphql is not None and isinstance(body, dict):
        body = {"query": operation.graphql, **copy.deepcopy(body)}
    if isinstance(body, dict) and _is_form(operation):
        return urlencode(write_form(body)).encode()
    return json.dumps(body).encode()


def _is_form(operation: Operation) -> bool:
    types = [value for name, value in operation.headers.items() if name.casefold() == _TYPE]
    return types == [MEDIA_TYPE]


def _id_path(entry: SystemEntry, operation: Operation) -> str:
    return EntityKind(entry.entity(operation.entity)).id_field.path


def _path(operation: Operation, body: Any, good: Any) -> str:
    """The path with the record's values; what only the good record has stays empty."""
    record, whole = (read_at(each, operation.request_path) for each in (body, good))
    path = operation.path
    for name in placeholders(path):
        value = read_at(record, name)
        lacking = "" if read_at(whole, name) else "1"
        path = path.replace(f"{{{name}}}", quote(str(value), safe="") if value else lacking)
    return path


def _query(operation: Operation, body: Any) -> dict[str, str]:
    return {name: _filled(value, body) for name, value in operation.query.items()}


def _filled(template: str, body: Any) -> str:
    """The text with the record's values, or a sample id."""
    for name in placeholders(template):
        template = template.replace(f"{{{name}}}", str(read_at(body, name) or 1))
    return template
