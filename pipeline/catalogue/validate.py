"""What is wrong with the catalogue's data: `python -m pipeline.catalogue.validate` prints it."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from pydantic import JsonValue
from pydantic import ValidationError as ModelError
from referencing.exceptions import Unresolvable

from pipeline.catalogue.files import (
    FOLDER,
    Bodies,
    names_of,
    read_bodies,
    read_names,
    read_sources,
    read_system,
    read_third_tier,
    system_folders,
)
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.catalogue.request import request_schema
from pipeline.catalogue.schema import field_at, fields

WRITES = ("create", "update", "upsert")
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_UNREADABLE = (ModelError, yaml.YAMLError, OSError)


def system_problems(folder: Path) -> list[str]:
    """One sentence for each fault in one system's folder."""
    try:
        entry, bodies = read_system(folder), read_bodies(folder)
        read_sources(folder)
    except _UNREADABLE as error:
        return [f"{folder.name}: {error} {' '.join(getattr(error, '__notes__', []))}"]
    found = list(_schemas(entry))
    if not found:
        checks = (_naming(entry, folder), _addresses(entry), _operations(entry), _events(entry))
        found = [problem for check in checks for problem in check]
        found += [*_references(entry), *_bodies(entry, bodies), *_facts(entry)]
    return [f"{entry.name}: {problem}" for problem in found]


def catalogue_problems(folder: Path = FOLDER) -> list[str]:
    """The faults of every system."""
    return [
        problem for each in system_folders(folder).values() for problem in system_problems(each)
    ]


def shared_names(folder: Path = FOLDER) -> list[str]:
    """Names that several systems claim, so that nobody could tell which is meant."""
    known = [read_names(each) for each in system_folders(folder).values()]
    known += [names_of(entry) for entry in read_third_tier(folder)]
    owners: dict[str, set[str]] = {}
    for names in known:
        for alias in (names.name, names.display_name, *names.aliases, *names.ambiguous_aliases):
            owners.setdefault(alias.lower(), set()).add(names.name)
    return [
        f"{alias!r} names several systems: {', '.join(sorted(systems))}"
        for alias, systems in owners.items()
        if len(systems) > 1
    ]


def _schemas(entry: SystemEntry) -> Iterator[str]:
    described = {entity.name: entity.record_schema for entity in entry.entities}
    for event in entry.events:
        if event.record_schema is not None:
            described[event.name] = event.record_schema
    for name, schema in described.items():
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            yield f"{name}: no valid JSON Schema: {error.message} at {error.json_path}"
            continue
        if not fields(schema):
            yield f"{name}: its schema has no fields"


def _naming(entry: SystemEntry, folder: Path) -> Iterator[str]:
    if entry.name != folder.name:
        yield f"the folder is called {folder.name}"
    for kind, names in {
        "entities": [entity.name for entity in entry.entities],
        "operations": [operation.id for operation in entry.operations],
        "events": [event.name for event in entry.events],
    }.items():
        yield from (f"{kind}: {name} stands twice" for name in _repeated(names))


def _addresses(entry: SystemEntry) -> Iterator[str]:
    config = {item.name for item in entry.config}
    for name in set(_PLACEHOLDER.findall(entry.base_url + entry.sandbox_url)) - config:
        yield f"base_url holds {{{name}}}, which is no config item"
    for name in set(entry.callback_config) - config:
        yield f"callback_config fills {name}, which is no config item"
    if not entry.auth:
        yield "auth is empty: say type none where none is needed"
    if entry.signature and entry.signature.algorithm != "token" and not entry.events:
        yield "there is a signature but no event"


def _operations(entry: SystemEntry) -> Iterator[str]:
    entities = {entity.name: entity.record_schema for entity in entry.entities}
    config = {item.name for item in entry.config}
    for operation in entry.operations:
        if operation.entity not in entities:
            yield f"{operation.id}: unknown entity {operation.entity}"
            continue
        schema = entities[operation.entity]
        named = [*operation.required, *operation.find_by, *operation.since_by]
        for path in named:
            if field_at(schema, path) is None:
                yield f"{operation.id}: {operation.entity} has no field {path}"
        for name in set(_PLACEHOLDER.findall(operation.path)) - config:
            if field_at(schema, name) is None:
                yield f"{operation.id}: {{{name}}} of its path is no field and no config item"


def _events(entry: SystemEntry) -> Iterator[str]:
    entities = {entity.name for entity in entry.entities}
    for event in entry.events:
        if event.entity not in entities:
            yield f"{event.name}: unknown entity {event.entity}"


def _references(entry: SystemEntry) -> Iterator[str]:
    schemas = {entity.name: entity.record_schema for entity in entry.entities}
    for entity in entry.entities:
        for info in fields(entity.record_schema):
            if info.reference is None:
                continue
            schema = schemas.get(info.reference.get("entity", ""))
            if schema is None or field_at(schema, info.reference.get("field", "")) is None:
                yield f"{entity.name}.{info.path}: nothing stands at {info.reference}"
        if entity.holds and entity.holds not in schemas:
            yield f"{entity.name}: there is no {entity.holds} that it could hold"


def _bodies(entry: SystemEntry, bodies: dict[str, Bodies]) -> Iterator[str]:
    operations = {operation.id: operation for operation in entry.operations}
    for unknown in bodies.keys() - operations.keys():
        yield f"bodies: {unknown} is no operation"
    for operation in entry.operations:
        if operation.id in bodies:
            yield from _canaries(entry, operation, bodies[operation.id])
        elif operation.action in WRITES:
            yield f"{operation.id}: bodies.yaml has none for it"


def _canaries(entry: SystemEntry, operation: Operation, bodies: Bodies) -> Iterator[str]:
    schema = request_schema(entry, operation)
    try:
        refused = first_violation(schema, bodies.accepted)
        if refused:
            yield f"{operation.id}: the accepted body is refused: {refused}"
        if not first_violation(schema, bodies.rejected):
            yield f"{operation.id}: the rejected body is accepted"
    except Unresolvable as error:
        yield f"{operation.id}: its schema refers to nothing: {error}"


def first_violation(schema: dict[str, Any], body: JsonValue) -> str | None:
    """What is most wrong with a body, with its place; None where it is valid."""
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    error = next(iter(sorted(validator.iter_errors(body), key=_depth)), None)
    return f"{error.message[:300]} at {error.json_path}" if error else None


def _depth(error: ValidationError) -> int:
    return -len(error.absolute_path)


def _facts(entry: SystemEntry) -> Iterator[str]:
    if entry.tier == "first" and not entry.facts:
        yield "there are no facts"
    for fact in entry.facts:
        if not fact.text.strip() or not fact.source.strip():
            yield f"a fact lacks its text or its source: {fact.text[:80]!r}"


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


if __name__ == "__main__":
    problems = catalogue_problems() or shared_names()
    print("\n".join(problems) or "The catalogue's data is sound.")
    sys.exit(bool(problems))
