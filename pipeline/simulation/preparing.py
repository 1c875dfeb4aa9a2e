"""What a situation begins with: the records that come in, and those that must be there already."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import FieldInfo, field_at, fields
from pipeline.mapping.evaluate import passes
from pipeline.plan.grouping import as_group, rows_of
from pipeline.plan.model import Filter, KeyPair, Plan, Workflow
from pipeline.plan.model import Mapping as FieldMapping
from pipeline.plan.paths import Path, parse, read
from pipeline.received import parsed
from pipeline.simulation.forms import typed
from pipeline.simulation.json_paths import change_at, put_at, read_at
from pipeline.simulation.records import merge
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.running import Start
from pipeline.simulation.samples import sample
from pipeline.simulation.world import World

Record = dict[str, Any]
_ROWS = 2  # of each group
_LEFT_ALONE = ("not-contains", "exists", "matches")


def source_record(
    entry: SystemEntry, workflow: Workflow, seed: int = 0, given: Mapping[str, Any] | None = None
) -> Record:
    """A sample that passes the workflow's filters, with what a person gave in its place."""
    if workflow.group_by is not None:
        return _group(entry, workflow, seed, rows_of(given) if given else [{}] * _ROWS)
    return _row(entry, workflow, seed, given or {})


def _row(entry: SystemEntry, workflow: Workflow, seed: int, given: Mapping[str, Any]) -> Record:
    record = sample(source_schema(entry, workflow), seed=seed)
    for condition in workflow.filters:
        if not passes(condition, record):
            record = _passing(record, condition)
    return as_record(merge(record, given))


def _group(
    entry: SystemEntry, workflow: Workflow, seed: int, given: Sequence[Mapping[str, Any]]
) -> Record:
    """Rows of one group; each sample has a key of its own, which its rows share."""
    seeds = range(seed * _ROWS, seed * _ROWS + len(given))
    rows = [_row(entry, workflow, one, mine) for one, mine in zip(seeds, given, strict=True)]
    by = workflow.group_by or ""
    made = read(rows[0], by)
    key = read(given[0], by) or (f"{made}-{seed}" if isinstance(made, str) else made)
    return as_group([as_record(put_at(row, by, key)) for row in rows])


def source_schema(entry: SystemEntry, workflow: Workflow) -> Mapping[str, Any]:
    """Of the record that the mappings see: the event's own, or the entity's."""
    event = next((one for one in entry.events if one.name == workflow.trigger.event), None)
    if event is not None and event.record_schema is not None and event.read_id is None:
        return event.record_schema
    return entry.entity(workflow.source.entity).record_schema


def _passing(record: Record, condition: Filter) -> Record:
    value = condition.value
    match condition.op:
        case "missing":
            value = None
        case "in" if isinstance(value, list) and value:
            value = value[0]
        case "gt" | "lt" if isinstance(condition.bound, int | float):
            beyond = condition.bound + (1 if condition.op == "gt" else -1)
            value = str(beyond) if isinstance(value, str) else beyond
        case "ne" | "not-in":
            value = None  # whatever else it may be
        case operator if operator in _LEFT_ALONE:
            return record
    if condition.field.endswith("[]"):
        return as_record(put_at(record, condition.field[:-2], [value]))
    return as_record(change_at(record, condition.field, lambda _: value))


def start_of(world: World, workflow: Workflow, record: Record) -> Start:
    """The event that tells of the record, as its system sends it, or a run that will find it."""
    mock = world.mocks[workflow.source.system]
    event = workflow.trigger.event
    if workflow.trigger.kind != "webhook" or event is None:
        return Start(workflow.name, data={})
    # What is delivered again has the id that it had.
    delivery_id = str(uuid5(NAMESPACE_OID, json.dumps(record, sort_keys=True)))
    headers, body = mock.sample_event(event, record, delivery_id=delivery_id)
    text = body.decode()
    request = {
        "method": "POST",
        "path": f"/{workflow.name}",
        "headers": {name.lower(): value for name, value in headers.items()},
        "query": {},
        "raw_body": text,
    }
    return Start(workflow.name, data=parsed(body, headers["content-type"]), request=request)


def furnish(world: World, plan: Plan, workflow: Workflow, records: Iterable[Record]) -> None:
    """Put into the mocks what the workflow expects to find and does not create itself."""
    for record in records:
        for row in rows_of(record) if workflow.group_by else [record]:
            _add(world, workflow.source.system, workflow.source.entity, row)
        _keep_named(world, workflow, record)
        known = _Known(world, plan, workflow, record)
        for lookup in workflow.lookups:
            if lookup.on_missing != "create":
                _keep(known, lookup.system, lookup.entity, lookup.by)
        if workflow.write_mode in ("update", "delete"):
            _keep(known, workflow.target.system, workflow.target.entity, workflow.match_on)
    for system, entity, mappings in written(workflow):
        _keep_constants(world, plan, system, entity, mappings)


def written(workflow: Workflow) -> list[tuple[str, str, list[FieldMapping]]]:
    """Each system and entity that is written, with its mappings."""
    created = [(one.system, one.entity, one.mappings) for one in workflow.lookups]
    target = workflow.target
    later = [(one.system, one.entity, one.mappings) for one in workflow.writes]
    return [(target.system, target.entity, workflow.mappings), *created, *later]


@dataclass(frozen=True)
class _Known:
    """What a run of the workflow with one record knows before it writes."""

    world: World
    plan: Plan
    workflow: Workflow
    record: Record

    def values(self, source: str) -> list[Any]:
        """All values at a path: of the record, a setting, or what a look-up will find."""
        parsed = parse(source)
        if parsed.root == "lookup":
            return self._found(parsed)
        return _values(self.world, source, self.record)

    def _found(self, path: Path) -> list[Any]:
        lookup = next((one for one in self.workflow.lookups if one.name == path.name), None)
        if lookup is None:
            return []
        rest = ".".join(str(step) for step in path.steps)
        wanted = {pair.target: set(map(str, self.values(pair.source))) for pair in lookup.by}
        return [
            read(record, rest)
            for record in self.world.mocks[lookup.system].records(lookup.entity)
            if all(str(read(record, field)) in values for field, values in wanted.items())
        ]


def _keep(known: _Known, system: str, entity: str, by: list[KeyPair]) -> None:
    """A record for each value that will be searched for, unless there is one."""
    if not by:
        return
    world = known.world
    for keys in zip(*(known.values(pair.source) for pair in by), strict=False):
        found = {pair.target: key for pair, key in zip(by, keys, strict=True)}
        if None not in found.values() and not _holds(world, system, entity, found):
            schema = world.mocks[system].entry.entity(entity).record_schema
            seed = len(world.mocks[system].records(entity))
            made = sample(schema, found, seed=seed)
            for info in fields(schema):
                if not info.is_array:
                    _keep_referred(world, system, info, read_at(made, info.path))
            _add(world, system, entity, made)


def _keep_referred(world: World, system: str, info: FieldInfo, value: Any) -> None:
    """The record that a field refers to, unless there is one."""
    mock = world.mocks[system]
    known = {one.name for one in mock.entry.entities}
    if value is None or info.reference is None or info.reference["entity"] not in known:
        return
    other, there = mock.entry.entity(info.reference["entity"]), {info.reference["field"]: value}
    if not _holds(world, system, other.name, there):
        _add(world, system, other.name, sample(other.record_schema, there))


def _keep_named(world: World, workflow: Workflow, record: Record) -> None:
    """The records that the source's record names, such as its labels."""
    source = workflow.source
    mock = world.mocks[source.system]
    reading = mock.entry.operation(source.entity, "read")
    for member, named in reading.names.items() if reading else ():
        key = mock.kind(named.entity).unique[0]
        for name in record.get(member) or []:
            if not _holds(world, source.system, named.entity, {key: name}):
                schema = mock.entry.entity(named.entity).record_schema
                seed = len(mock.records(named.entity))
                _add(world, source.system, named.entity, sample(schema, {key: name}, seed=seed))


def _keep_constants(
    world: World, plan: Plan, system: str, entity: str, mappings: list[FieldMapping]
) -> None:
    """The records that settings and constants refer to: a person knows that they exist."""
    mock = world.mocks.get(system)
    if mock is None:
        return
    schema = mock.entry.entity(entity).record_schema
    for mapping in mappings:
        info = field_at(schema, mapping.target)
        fixed = mapping.source is None or mapping.source.startswith("$variable.")
        if info is None or info.reference is None or not fixed:
            continue
        value = mapping.constant or (_values(world, mapping.source or "", {}) or [None])[0]
        _keep_referred(world, system, info, value)


def _values(world: World, source: str, record: Record) -> list[Any]:
    if source.startswith("$variable."):
        name = source.removeprefix("$variable.")
        return [world.variables[name]] if name in world.variables else []
    if source.startswith("$"):
        return []
    found = read(record, source)
    return found if isinstance(found, list) else [found]


def _holds(world: World, system: str, entity: str, keys: Mapping[str, Any]) -> bool:
    return any(
        all(str(read(record, path)) == str(value) for path, value in keys.items())
        for record in world.mocks[system].records(entity)
    )


def _add(world: World, system: str, entity: str, record: Record) -> None:
    """Keep it as if it had been there; what is there already stays."""
    try:
        world.mocks[system].create(entity, _where_it_looks(world, system, entity, record))
    except (KeyError, Refusal):
        return  # the mock keeps none of these, or has it already


def _where_it_looks(world: World, system: str, entity: str, record: Record) -> Record:
    """The record in the place that the connection names, such as the form whose answers it has."""
    places = world.config(system)
    named = [one for one in world.mocks[system].kind(entity).fields if one.path in places]
    return {**record, **{one.path: typed(places[one.path], one.type) for one in named}}


def as_record(made: Any) -> Record:
    assert isinstance(made, dict)
    return made
