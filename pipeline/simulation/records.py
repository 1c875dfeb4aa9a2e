"""The state of a mock: records by entity, with what a real system adds to them. No HTTP here."""

import copy
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import NAMESPACE_OID, uuid5

from pipeline.catalogue.model import Entity, SystemEntry
from pipeline.catalogue.schema import FieldInfo
from pipeline.plan.paths import read
from pipeline.ports import Clock
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.kinds import EntityKind
from pipeline.simulation.memory import Memory
from pipeline.simulation.refusals import Refusal

Record = dict[str, Any]
_SITE = "https://mock.example.com"


class Records:
    """All records of one system; what comes in and goes out is a copy."""

    def __init__(
        self, entry: SystemEntry, clock: Clock, memory: Memory, *, unique: bool = True
    ) -> None:
        named = {each.entity: _undescribed(each.entity) for each in entry.operations}
        named |= {entity.name: entity for entity in entry.entities}
        self._kinds = {
            name: EntityKind(entity, _demanded(entry, name)) for name, entity in named.items()
        }
        self._clock = clock
        self._unique = unique
        self._memory = memory
        self._records: dict[str, dict[str, Record]] = {
            name: cast(dict[str, Record], memory.all(_kept_as(name))) for name in self._kinds
        }
        self._given_ids: dict[str, int] = dict.fromkeys(self._kinds, 0)

    def kind(self, entity: str) -> EntityKind:
        """Refusal where the system has no such entity."""
        if entity not in self._kinds:
            raise Refusal("missing", f"There is no entity “{entity}”.")
        return self._kinds[entity]

    def all(self, entity: str) -> list[Record]:
        """In order of creation."""
        self.kind(entity)
        return [copy.deepcopy(record) for record in self._records[entity].values()]

    def get(self, entity: str, record_id: Any) -> Record:
        """Refusal where there is none."""
        return copy.deepcopy(self._stored(entity, record_id))

    def find(self, entity: str, criteria: Mapping[str, Any]) -> list[Record]:
        """Those whose fields equal all criteria; a field in an array matches by any element."""
        return [
            record
            for record in self.all(entity)
            if all(_equals(read(record, path), value) for path, value in criteria.items())
        ]

    def add(self, entity: str, record: Mapping[str, Any]) -> Record:
        """Keep a new record; what it has is kept, what a system generates is added."""
        kind = self.kind(entity)
        kept: Record = copy.deepcopy(dict(record))
        if read_at(kept, kind.id_field.path) in (None, ""):
            kept = put_at(kept, kind.id_field.path, self._next_id(kind))
        for field in kind.links:
            if read_at(kept, field.path) is None:
                kept = put_at(kept, field.path, f"{_SITE}/{entity}/{self.id_of(entity, kept)}")
        now = self._clock.now()
        for field in (*kind.created_at, *kind.updated_at):
            if read_at(kept, field.path) is None:
                kept = put_at(kept, field.path, _written(now, field))
        if kind.version and read_at(kept, kind.version.path) is None:
            kept = put_at(kept, kind.version.path, _counted(0, kind.version))
        self._refuse_duplicates(kind, kept, None)
        record_id = self.id_of(entity, kept)
        if record_id in self._records[entity]:
            raise Refusal("duplicate", f"There is a {entity} with the id “{record_id}” already.")
        self._keep(entity, record_id, kept)
        return copy.deepcopy(kept)

    def update(
        self, entity: str, record_id: Any, changes: Mapping[str, Any], *, replaces: bool = False
    ) -> Record:
        """Change members of a record, or replace all that a caller may write.

        A version in the changes must be the record's own.
        """
        kind, stored = self.kind(entity), self._stored(entity, record_id)
        self._refuse_stale(kind, stored, changes)
        kept: Record = merge(_kept_anyway(kind, stored) if replaces else stored, changes)
        kept = put_at(kept, kind.id_field.path, read_at(stored, kind.id_field.path))
        for field in kind.updated_at:
            kept = put_at(kept, field.path, _written(self._clock.now(), field))
        if kind.version:
            count = _whole(read_at(stored, kind.version.path)) + 1
            kept = put_at(kept, kind.version.path, _counted(count, kind.version))
        self._refuse_duplicates(kind, kept, str(record_id))
        self._keep(entity, str(record_id), kept)
        return copy.deepcopy(kept)

    def delete(
        self, entity: str, record_id: Any, quoted: Mapping[str, Any] | None = None
    ) -> Record:
        """A version in `quoted` must be the record's own."""
        stored = self._stored(entity, record_id)
        self._refuse_stale(self.kind(entity), stored, quoted or {})
        del self._records[entity][str(record_id)]
        self._memory.forget(_kept_as(entity), str(record_id))
        return stored

    def id_of(self, entity: str, record: Mapping[str, Any]) -> str:
        return str(read_at(record, self.kind(entity).id_field.path))

    def holds(self, entity: str, field: str, value: Any) -> bool:
        """Whether some record has that value; True of an entity that the entry does not have."""
        if entity not in self._kinds:
            return True
        return any(_equals(read(each, field), value) for each in self._records[entity].values())

    def _keep(self, entity: str, record_id: str, record: Record) -> None:
        self._records[entity][record_id] = record
        self._memory.put(_kept_as(entity), record_id, record)

    def _stored(self, entity: str, record_id: Any) -> Record:
        self.kind(entity)
        stored = self._records[entity].get(str(record_id))
        if stored is None:
            raise Refusal("missing", f"There is no {entity} with the id “{str(record_id)[:80]}”.")
        return stored

    def _refuse_stale(self, kind: EntityKind, stored: Record, quoted: Mapping[str, Any]) -> None:
        path = kind.version.path if kind.version else ""
        if path in quoted and quoted[path] != read_at(stored, path):
            raise Refusal(
                "stale", f"The record was changed: {path} is {read_at(stored, path)} by now."
            )

    def _next_id(self, kind: EntityKind) -> str | int:
        name = kind.entity.name
        while True:
            self._given_ids[name] += 1
            number = self._given_ids[name]
            given = _id(kind.id_field, name, number)
            if str(given) not in self._records[name]:
                return given

    def _refuse_duplicates(self, kind: EntityKind, record: Record, own_id: str | None) -> None:
        for path in kind.unique if self._unique else ():
            value = read_at(record, path)
            if value in (None, ""):
                continue
            for other_id, other in self._records[kind.entity.name].items():
                if other_id != own_id and _equals(read_at(other, path), value):
                    raise Refusal("duplicate", f"Another record has {path} “{value}” already.")


def _kept_as(entity: str) -> str:
    return f"record/{entity}"


def _undescribed(name: str) -> Entity:
    """Of an entity that operations name and the entry says nothing more about."""
    return Entity(name=name, display_name=name, record_schema={})


def _demanded(entry: SystemEntry, entity: str) -> frozenset[str]:
    updates = (each for each in entry.operations if each.action in ("update", "delete"))
    return frozenset(path for each in updates if each.entity == entity for path in each.required)


def _kept_anyway(kind: EntityKind, stored: Record) -> Record:
    """What only the system writes."""
    kept: Record = {}
    for field in kind.fields:
        value = read_at(stored, field.path) if field.read_only and not field.is_array else None
        if value is not None:
            kept = put_at(kept, field.path, value)
    return kept


def merge(old: Any, changes: Any) -> Any:
    """Members changed one by one; anything that is no object is replaced as a whole."""
    if not isinstance(old, dict) or not isinstance(changes, Mapping):
        return copy.deepcopy(changes)
    merged = copy.deepcopy(old)
    for name, value in changes.items():
        merged[name] = merge(old.get(name), value)
    return merged


def _equals(actual: Any, wanted: Any) -> bool:
    if isinstance(actual, list):
        return any(_equals(each, wanted) for each in actual)
    return actual is not None and str(actual) == str(wanted)


def _id(field: FieldInfo, entity: str, number: int) -> str | int:
    if field.type in ("integer", "number"):
        return number
    if field.format == "uuid":
        return str(uuid5(NAMESPACE_OID, f"{entity}/{number}"))
    return str(number)


def _written(now: datetime, field: FieldInfo) -> str:
    if field.format == "date":
        return now.date().isoformat()
    return now.isoformat(timespec="seconds").replace("+00:00", "Z")


def _whole(version: Any) -> int:
    """Versions that somebody put in by hand may be any text; counting then starts anew."""
    return int(version) if re.fullmatch("[0-9]{1,18}", str(version)) else 0


def _counted(number: int, field: FieldInfo) -> str | int:
    return number if field.type in ("integer", "number") else str(number)
