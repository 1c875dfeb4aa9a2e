"""The catalogue as tools: what is known of an API, each answer with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pipeline.analysts.claude.tools import Flat, Tool, as_json, tool
from pipeline.catalogue.model import Entity, SystemEntry
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.errors import UserError
from pipeline.mapping.match import candidates
from pipeline.plan.schemas import did_you_mean

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_FIELDS = 250  # of one entity; more than that says nothing to a reader either
_HITS = 8


class SearchOperations(Flat):
    """Find calls and events of known APIs by a few words."""

    query: str
    system: str = Field(description="Empty for all systems.")


class GetEntity(Flat):
    """The fields of one entity, its operations and its events."""

    system: str
    entity: str


class GetAuth(Flat):
    """How to sign in to a system: schemes, scopes, addresses, and what a connection needs."""

    system: str


class GetLimits(Flat):
    """A system's rate limits, how it pages, and the failures that it is known for."""

    system: str


class MapFields(Flat):
    """Candidates for each target field, by rule, with a calibrated confidence from 0 to 1."""

    source_system: str
    source_entity: str
    target_system: str
    target_entity: str


def catalogue_tools(catalogue: Catalogue) -> list[Tool]:
    look = _Look(catalogue)
    return [
        tool("search_operations", SearchOperations, look.search),
        tool("get_entity", GetEntity, look.entity),
        tool("get_auth", GetAuth, look.auth),
        tool("get_limits", GetLimits, look.limits),
        tool("map_fields", MapFields, look.map_fields),
    ]


def catalogue_index(catalogue: Catalogue) -> str:
    """All systems in a few words each: the same text each time, so that it is cached."""
    deep, named = [], []
    for entry in catalogue.systems():
        if entry.entities:
            entities = ", ".join(entity.name for entity in entry.entities)
            deep.append(f"- {entry.name} ({entry.display_name}): {entities}")
        else:
            named.append(entry.name)
    return (
        "\n\n# Index of the catalogue\n\nKnown in depth, with their entities:\n"
        + "\n".join(deep)
        + "\n\nKnown by name only:\n"
        + ", ".join(named)
    )


class _Look:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def search(self, asked: SearchOperations) -> str:
        system = asked.system or None
        if system is not None:
            self._entry(system)
        hits = self._catalogue.search(asked.query, system, _HITS)
        return as_json([{**hit.model_dump(), **self._origin(hit.system)} for hit in hits])

    def entity(self, asked: GetEntity) -> str:
        entry = self._entry(asked.system)
        entity = self._entity(entry, asked.entity)
        found = fields(entity.record_schema)
        return as_json(
            {
                "entity": entity.name,
                "fields": [_field(one) for one in found[:_FIELDS]],
                "fields_left_out": max(0, len(found) - _FIELDS),
                "operations": [
                    {"action": one.action, "method": one.method, "path": one.path,
                     "required": one.required, "find_by": list(one.find_by)}
                    for one in entry.operations if one.entity == entity.name
                ],
                "events": [
                    {"name": one.name, "action": one.action}
                    for one in entry.events if one.entity == entity.name
                ],
                **self._origin(entry.name),
            }
        )  # fmt: skip

    def auth(self, asked: GetAuth) -> str:
        entry = self._entry(asked.system)
        schemes = [one.model_dump(exclude_defaults=True) for one in entry.auth]
        config = [{"name": one.name, "label": one.label} for one in entry.config]
        return as_json({"schemes": schemes, "base_url": entry.base_url, "config": config,
                        **self._facts(entry, "auth")})  # fmt: skip

    def limits(self, asked: GetLimits) -> str:
        entry = self._entry(asked.system)
        styles = {one.pagination.style for one in entry.operations if one.action == "list"}
        return as_json(
            {
                "limits": [one.model_dump(exclude_defaults=True) for one in entry.limits],
                "pagination": sorted(styles),
                "failures": [one.model_dump(exclude_defaults=True) for one in entry.errors],
                **self._facts(entry, "limits"),
            }
        )

    def map_fields(self, asked: MapFields) -> str:
        source = self._entity(self._entry(asked.source_system), asked.source_entity)
        target = self._entity(self._entry(asked.target_system), asked.target_entity)
        found = candidates(source.record_schema, target.record_schema)
        return as_json(
            {
                "candidates": {
                    path: [[one.source, one.score] for one in options]
                    for path, options in found.items() if options
                },
                "source": "Weft's matching of names and types",
                "grade": "inferred",
            }
        )  # fmt: skip

    def _entry(self, system: str) -> SystemEntry:
        try:
            return self._catalogue.system(system)
        except KeyError:
            near = did_you_mean(system, self._catalogue.names())
            raise UserError(f"The catalogue has no system “{system}”.{near}") from None

    def _entity(self, entry: SystemEntry, name: str) -> Entity:
        try:
            return entry.entity(name)
        except KeyError:
            near = did_you_mean(name, [one.name for one in entry.entities])
            raise UserError(f"{entry.display_name} has no entity “{name}”.{near}") from None

    def _facts(self, entry: SystemEntry, part: str) -> Mapping[str, Any]:
        wanted = (entry.name, f"{entry.name}.{part}")
        facts = [
            {"text": one.text, "source": one.source, "grade": one.grade}
            for one in entry.facts if one.subject in wanted
        ]  # fmt: skip
        return {"facts": facts, **self._origin(entry.name)}

    def _origin(self, system: str) -> Mapping[str, str]:
        entry = self._entry(system)
        if entry.tier == "user":
            return {"source": "the attached OpenAPI file", "grade": "user-supplied"}
        on = entry.verified_on.isoformat() if entry.verified_on else "not known"
        return {"source": entry.docs_url, "grade": "vendor-schema", "verified_on": on}


def _field(info: FieldInfo) -> dict[str, Any]:
    """A field without what it has no more than others, and without values of anybody's records."""
    shown = info.model_dump(
        exclude_defaults=True, exclude={"synonyms", "default", "default_reason"}
    )
    return {"path": info.path, "type": info.type, **shown}
