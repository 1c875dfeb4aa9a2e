"""Carries out calls on the records: validation, references, uniqueness, pages. No HTTP here."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.catalogue.request import request_schema
from pipeline.plan.paths import read
from pipeline.ports import Clock
from pipeline.simulation.answers import names_kind
from pipeline.simulation.calls import Call, Outcome
from pipeline.simulation.forms import typed
from pipeline.simulation.json_paths import put_at, read_at, removed_at
from pipeline.simulation.memory import Memory
from pipeline.simulation.pagination import page_of
from pipeline.simulation.records import Records
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.strictness import BodyChecker
from pipeline.simulation.templates import placeholders
from pipeline.simulation.totals import with_totals

ROW = "values"  # the member in which a record that is only a list of values is kept


class Engine:
    """One system's state and its rules."""

    def __init__(self, entry: SystemEntry, clock: Clock, memory: Memory) -> None:
        self._entry = entry
        self._config = {item.name for item in entry.config}
        # Where the vendor documents no answer to duplicates, nothing says that it refuses them.
        unique = names_kind(entry, "duplicate")
        self.records = Records(entry, clock, memory, unique=unique)
        self._checker = cache(self._make_checker)
        self._schema = cache(self._make_schema)
        self.page_limit: int | None = None

    def perform(self, call: Call) -> Outcome:
        """Refusal where the system would refuse."""
        match call.operation.action:
            case "create":
                return self._create(call)
            case "update" | "delete" if call.operation.sql is not None:
                return self._touch(call)
            case "update":
                return self._update(call, self._target(call))
            case "upsert":
                return self._upsert(call)
            case "read":
                return self._read(call)
            case "delete":
                return self._delete(call)
            case "list" | "find":
                return self._search(call)
            case "action":
                return self._act(call)

    def _create(self, call: Call) -> Outcome:
        entity = call.operation.entity
        self._check(call)
        kind = self.records.kind(entity)
        taken = self._keyed(call)
        if taken and call.operation.method == "PUT":
            made = self.records.update(entity, taken[0], call.record, replaces=True)
            return Outcome("updated", made, record_id=taken[0])
        as_row = call.operation.record_as == "values"
        record = {ROW: call.record} if as_row else self._with_parents(call)
        record = with_totals(kind.schema, record, computed_only=True)
        made = self.records.add(entity, record)
        return Outcome("created", made, record_id=self.records.id_of(entity, made))

    def _with_parents(self, call: Call) -> Any:
        """The record, with what only its path says of it."""
        record = call.record
        for path, value in self._bound_fields(call).items():
            if read_at(record, path) is None:
                record = put_at(record, path, value)
        return record

    def _update(self, call: Call, record_id: Any) -> Outcome:
        entity = call.operation.entity
        replaces = call.operation.replaces
        if replaces:
            call = replace(call, record=self._without_quoted(call, record_id))
        self._check(call)
        changed = self.records.update(entity, record_id, call.record, replaces=replaces)
        return Outcome("updated", changed, record_id=self.records.id_of(entity, changed))

    def _without_quoted(self, call: Call, record_id: Any) -> Any:
        """A whole record comes as it was read: what only the system writes may stand as it is."""
        stored = self.records.get(call.operation.entity, record_id)
        record = call.record
        for field in self.records.kind(call.operation.entity).fields:
            mine = field.read_only and field.path not in call.operation.required
            quoted = read_at(record, field.path) if mine and not field.is_array else None
            if quoted is not None and quoted == read_at(stored, field.path):
                record = removed_at(record, field.path)
        return record

    def _upsert(self, call: Call) -> Outcome:
        """By the fields named, else the id in path or record, else a natural key of the record."""
        entity = call.operation.entity
        if call.matched_on:
            keys = {path: read_at(call.record, path) for path in call.matched_on}
            found = self.records.find(entity, keys)
        else:
            found = self._same(call)
        if found:
            return self._update(call, self.records.id_of(entity, found[0]))
        return self._create(call)

    def _same(self, call: Call) -> list[Any]:
        """The records that its path names, else those with its id or a natural key of it."""
        entity = call.operation.entity
        named = self._named_key(call)
        if named:
            return self.records.find(entity, named)
        given = self._bound_id(call)
        found = self.records.find(entity, {self._id_path(entity): given}) if given else []
        for path in self.records.kind(entity).unique:
            value = read_at(call.record, path)
            if not found and value not in (None, ""):
                found = self.records.find(entity, {path: value})
        return found

    def _named_key(self, call: Call) -> dict[str, Any]:
        """The field, other than the id, by which a path names the record."""
        others = {*self._config, self._id_path(call.operation.entity)}
        own = {*placeholders(call.operation.path)} - others
        return {name: one for name, one in self._bound_fields(call).items() if name in own}

    def _read(self, call: Call) -> Outcome:
        record = self.records.get(call.operation.entity, self._target(call))
        return Outcome("found", record, record_id=self.records.id_of(call.operation.entity, record))

    def _delete(self, call: Call) -> Outcome:
        entity = call.operation.entity
        if call.record is not None:
            self._check(call)
        gone = self.records.delete(entity, self._target(call), quoted=call.record)
        return Outcome("deleted", gone, record_id=self.records.id_of(entity, gone))

    def _touch(self, call: Call) -> Outcome:
        """A statement changes or deletes every record that it fits; it may fit none."""
        entity, deletes = call.operation.entity, call.operation.action == "delete"
        if not deletes:
            self._check(call)
        found = [self.records.id_of(entity, one) for one in self.records.find(entity, call.equal)]
        touched = [
            self.records.delete(entity, one)
            if deletes
            else self.records.update(entity, one, call.record)
            for one in found
        ]
        effect = ("deleted" if deletes else "updated") if found else "nothing"
        return Outcome(effect, records=touched, record_id=found[0] if len(found) == 1 else None)

    def _search(self, call: Call) -> Outcome:
        entity = call.operation.entity
        criteria = {**self._bound_fields(call), **call.equal}
        found = [
            record
            for record in self.records.find(entity, criteria)
            if all(
                _since(read(record, path), value, call.operation.since_format)
                for path, value in call.since.items()
            )
        ]
        asked = {**call.page, "size": self.page_limit} if self.page_limit else call.page
        page = page_of(found, call.operation.pagination, asked, self._id_path(entity))
        effect = "found" if page.records else "nothing"
        only = self.records.id_of(entity, page.records[0]) if len(page.records) == 1 else None
        return Outcome(effect, records=page.records, next=page.next, record_id=only)

    def _act(self, call: Call) -> Outcome:
        """An action changes nothing that the catalogue could describe; its record must exist."""
        if call.record is not None:
            self._check(call)
        if self._bound_id(call) is None and not self.identity(call):
            return Outcome("called", call.record or {})
        target = self._target(call)
        record = self.records.get(call.operation.entity, target)
        return Outcome("called", record, record_id=str(target))

    def _check(self, call: Call) -> None:
        self._checker(call.operation.id).check(call.record)

    def schema(self, operation: Operation) -> dict[str, Any]:
        """What the operation takes as its record."""
        return self._schema(operation.id)

    def _make_schema(self, operation_id: str) -> dict[str, Any]:
        operation = next(each for each in self._entry.operations if each.id == operation_id)
        return record_schema(self._entry, operation)

    def _make_checker(self, operation_id: str) -> BodyChecker:
        return BodyChecker(self._schema(operation_id), self.records.holds)

    def _target(self, call: Call) -> Any:
        """The id of the record meant; where it has none, the references that identify it do."""
        given = self._bound_id(call)
        if given is not None:
            return given
        entity = call.operation.entity
        identity = self.identity(call)
        if not identity:
            raise Refusal("invalid", f"{self._id_path(entity)}: a required field is missing.")
        found = self.records.find(entity, identity)
        if not found:
            raise Refusal("missing", f"There is no {entity} with {identity}.")
        return self.records.id_of(entity, found[0])

    def identity(self, call: Call) -> dict[str, Any]:
        """Those required fields of the call's record that are references."""
        kind = self.records.kind(call.operation.entity)
        references = {field.path for field in kind.fields if field.reference}
        required = [path for path in call.operation.required if path in references]
        return {path: read_at(call.record, path) for path in required}

    def _bound_id(self, call: Call) -> Any:
        """The record's id in the path or the variables, else in the record itself."""
        path = self._id_path(call.operation.entity)
        if path in call.bindings:
            return call.bindings[path]
        in_record = read_at(call.record, path)
        named = placeholders(call.operation.path)
        own = [name for name in named if name in call.bindings and name not in self._config]
        alike = [name for name in own if name.casefold() == path.casefold()]
        if not alike and in_record is not None:
            return in_record
        return next(iter(self._keyed(call)), call.bindings[(alike or own)[-1]]) if own else None

    def _keyed(self, call: Call) -> list[str]:
        """Ids of the records whose natural key stands in the path."""
        entity = call.operation.entity
        unique = self.records.kind(entity).unique
        keys = {name: value for name, value in call.bindings.items() if name in unique}
        found = self.records.find(entity, keys) if keys else []
        return [self.records.id_of(entity, record) for record in found]

    def _bound_fields(self, call: Call) -> dict[str, Any]:
        """Placeholders that are fields: they narrow a list, and a new record has them."""
        kinds = {
            field.path: field.type for field in self.records.kind(call.operation.entity).fields
        }
        return {
            name: typed(value, kinds[name]) if isinstance(value, str) else value
            for name, value in call.bindings.items()
            if name in kinds
        }

    def _id_path(self, entity: str) -> str:
        return self.records.kind(entity).id_field.path


def record_schema(entry: SystemEntry, operation: Operation) -> dict[str, Any]:
    """What the operation takes as its record, wherever in the body that stands."""
    if operation.entity not in {entity.name for entity in entry.entities}:
        return {}
    as_read = "values" if operation.record_as == "values" else "object"
    bare = operation.model_copy(update={"request_path": "", "graphql": None, "record_as": as_read})
    return request_schema(entry, bare)


def _since(actual: Any, earliest: str, written: str) -> bool:
    """ISO times of one zone sort as text; Unix times are numbers."""
    if written != "date-time" and isinstance(actual, str):
        actual = unix_time(actual) * (1000 if written == "unix-time-milliseconds" else 1)
    if isinstance(actual, int | float):
        return earliest.isdecimal() and len(earliest) < 20 and actual >= int(earliest)
    return actual is not None and str(actual) >= earliest


def unix_time(text: str) -> float:
    """Seconds; what is no time counts as the oldest."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0
