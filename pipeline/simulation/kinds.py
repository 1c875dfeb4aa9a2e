"""What an entity's schema says about keeping its records: id, unique keys, times, versions."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.catalogue.model import Entity
from pipeline.catalogue.schema import FieldInfo, fields

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VERSION_WORDS = {"version", "revision", "etag"}
_CREATED_WORDS = {"create", "created", "creation"}
_UPDATED_WORDS = {"update", "updated", "modified", "changed"}


def words(name: str) -> list[str]:
    """`line_items`, `LineItems` -> line, items."""
    return [word.casefold() for word in _WORD.findall(name)]


@dataclass(frozen=True)
class EntityKind:
    """An entity's schema, read once; `demanded` are the fields that its updates require."""

    entity: Entity
    demanded: frozenset[str] = frozenset()

    @property
    def schema(self) -> dict[str, Any]:
        return self.entity.record_schema

    @cached_property
    def fields(self) -> list[FieldInfo]:
        return fields(self.schema)

    @cached_property
    def id_field(self) -> FieldInfo:
        """The field marked as id, else one called so, else an invented `id`."""
        own = [field for field in self.fields if not field.is_array]
        marked = [field for field in own if field.key == "id"]
        named = [field for field in own if field.path.casefold() == "id"]
        return next(iter(marked or named), FieldInfo(path="id", type="string"))

    @cached_property
    def unique(self) -> list[str]:
        """Paths of the record's own natural keys, not of those inside its parts."""
        return [field.path for field in self.fields if field.key == "natural" and _own(field)]

    @cached_property
    def version(self) -> FieldInfo | None:
        """The read-only field that counts changes, which an update must quote."""
        own = [field for field in self.fields if _own(field) and field.read_only]
        quoted = [each for each in own if each.path in self.demanded and each != self.id_field]
        named = [each for each in own if _VERSION_WORDS & set(words(each.path))]
        return next(iter(quoted or named), None)

    @cached_property
    def links(self) -> list[FieldInfo]:
        """Addresses of the record itself, which the system makes."""
        return [field for field in self.fields if _is_link(field)]

    @cached_property
    def created_at(self) -> list[FieldInfo]:
        return [field for field in self._times if _CREATED_WORDS & _last_words(field)]

    @cached_property
    def updated_at(self) -> list[FieldInfo]:
        return [field for field in self._times if _UPDATED_WORDS & _last_words(field)]

    @cached_property
    def _times(self) -> list[FieldInfo]:
        dated = (field for field in self.fields if field.format in ("date-time", "date"))
        return [field for field in dated if field.read_only and not field.is_array]


def _is_link(field: FieldInfo) -> bool:
    return _own(field) and field.read_only and field.format in ("uri", "url")


def _own(field: FieldInfo) -> bool:
    return "." not in field.path and not field.is_array


def _last_words(field: FieldInfo) -> set[str]:
    return set(words(field.path.rsplit(".", 1)[-1]))
