"""Every system that the catalogue describes can be mocked, and its mock is honest."""

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import Event, SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.received import parsed
from pipeline.simulation.canary import check_canaries
from pipeline.simulation.credentials import sample_headers
from pipeline.simulation.json_paths import read_at
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.samples import record_for, sample
from pipeline.simulation.statements import write_statement
from pipeline.simulation.templates import placeholders

_SYSTEMS = [entry for entry in Catalogue.load().systems() if entry.operations]
_LISTS = [
    pytest.param(entry, operation, id=f"{entry.name}-{operation.id}")
    for entry in _SYSTEMS
    for operation in entry.operations
    if operation.action == "list"
]
_ENTITIES = [
    pytest.param(entry, entity.name, id=f"{entry.name}-{entity.name}")
    for entry in _SYSTEMS
    for entity in entry.entities
]
_EVENTS = [
    pytest.param(entry, event, id=f"{entry.name}-{event.name}")
    for entry in _SYSTEMS
    for event in entry.events
]


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(
        json.loads(schema), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


@pytest.mark.parametrize("entry", _SYSTEMS, ids=lambda entry: entry.name)
def test_every_canary_is_refused_and_every_good_body_taken(entry: SystemEntry) -> None:
    results = check_canaries(MockSystem(entry))
    writes = [each for each in entry.operations if each.action in ("create", "update", "upsert")]
    assert {each.id for each in writes} <= {result.operation for result in results}
    assert [result for result in results if not result.holds] == []


@pytest.mark.parametrize(("entry", "entity"), _ENTITIES)
@pytest.mark.parametrize("required_only", [False, True])
def test_samples_satisfy_their_schema(entry: SystemEntry, entity: str, required_only: bool) -> None:
    schema = entry.entity(entity).record_schema
    validator = _validator(json.dumps(schema))
    for seed in range(2):
        record = sample(schema, seed=seed, required_only=required_only)
        assert [error.message for error in validator.iter_errors(record)] == []


@pytest.mark.parametrize(("entry", "operation"), _LISTS)
def test_every_list_answers_what_is_there(entry: SystemEntry, operation: Operation) -> None:
    mock = MockSystem(entry)
    effects = []
    path, query, body = _list_request(operation, record_for(entry, operation.entity))
    for seed in range(2):
        headers = sample_headers(entry, operation)
        response = mock.handle(operation.method, path, query, headers, body)
        assert response.status == 200, mock.exchanges.all()[-1].detail
        effects.append(mock.exchanges.all()[-1].effect)
        mock.create(operation.entity, record_for(entry, operation.entity, seed))
    # A list that tells an account's fields has those of the catalogue before any are made.
    discovery = entry.discovery.path.partition("?")[0] if entry.discovery else ""
    told = discovery == operation.path
    assert effects == ["found" if told and operation.sql is None else "nothing", "found"]


def _list_request(operation: Operation, record: Any) -> tuple[str, dict[str, str], bytes]:
    """The first page of all records that stand where this one does."""
    if operation.sql is not None:
        return operation.path, {}, json.dumps(write_statement(operation, "id", {})).encode()
    if operation.graphql is not None:
        pagination = operation.pagination
        variables = {pagination.size_parameter: 2} if pagination.size_parameter else {}
        body = {"query": operation.graphql, "variables": variables}
        return operation.path, {}, json.dumps(body).encode()
    path = operation.path
    parents = record if isinstance(record, dict) else {}
    for name in placeholders(path):
        path = path.replace(f"{{{name}}}", str(parents.get(name, "Sheet1")))
    query = {name: value for name, value in operation.query.items() if not placeholders(value)}
    return path, query, b""


@pytest.mark.parametrize(("entry", "event"), _EVENTS)
def test_every_event_can_be_sampled_and_names_itself(entry: SystemEntry, event: Event) -> None:
    record = record_for(entry, event.entity)
    headers, body = MockSystem(entry).sample_event(
        event.name, record, secret="s", delivery_id="delivery-1"
    )
    payload = parsed(body, headers["content-type"])
    everything = json.dumps(headers) + json.dumps(payload)
    if event.id_header or event.id_path:
        assert "delivery-1" in everything
    if event.name_header or event.name_path:
        assert (event.name_value or event.name) in everything
    for path, value in event.when.items():
        assert read_at(payload, path) == value
    if entry.signature:
        assert headers[entry.signature.header]
