"""The catalogue's files: one folder a system, and one list of systems that Weft only knows of.

    systems/<name>/system.yaml          what SystemEntry says of the system itself
    systems/<name>/operations.yaml      list of Operation
    systems/<name>/events.yaml          list of Event
    systems/<name>/entities/<x>.json    one Entity each
    systems/<name>/bodies.yaml          write operation id -> {accepted, rejected, why}
    systems/<name>/sources.yaml         list of Source: where the schemas were taken from
    third_tier.yaml                     list of {name, display_name, aliases, docs_url, auth}

A file that breaks these models raises pydantic's ValidationError, with the file's name as a note.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from pipeline.catalogue.model import Entity, Event, SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.model import Value
from pipeline.plan.model import Auth

FOLDER = Path(__file__).parent

# libyaml is some ten times as fast; a Python built without it still reads the same files.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Names(Value):
    """What a system is called; enough to find it in free text."""

    name: str
    display_name: str
    aliases: list[str] = []
    ambiguous_aliases: list[str] = []
    kind: str = "saas"
    place_sign: str = ""


class Bodies(Value):
    """A body that a write operation takes, and one that it must refuse."""

    accepted: JsonValue
    rejected: JsonValue
    why: str = Field(description="Why the second one is refused.")


class Source(Value):
    """Where a slice of a system's schemas comes from."""

    source: str = Field(description="Package name or URL.")
    version: str = ""
    licence: str = ""
    sha256: str = ""
    date: date
    used_for: str = ""


_Row = TypeVar("_Row")
_OPERATIONS = TypeAdapter(list[Operation])
_EVENTS = TypeAdapter(list[Event])
_BODIES = TypeAdapter(dict[str, Bodies])
_SOURCES = TypeAdapter(list[Source])


def system_folders(folder: Path = FOLDER) -> dict[str, Path]:
    """System name -> its folder, by name."""
    return {path.parent.name: path.parent for path in sorted(folder.glob("systems/*/system.yaml"))}


def names_of(entry: SystemEntry) -> Names:
    return Names(**entry.model_dump(include=set(Names.model_fields)))


def read_names(folder: Path) -> Names:
    """The names of the system in this folder, without its operations and entities."""
    path = folder / "system.yaml"
    with _named(path):
        content = _yaml(path)
        return Names(**{key: content[key] for key in Names.model_fields if key in content})


def read_system(folder: Path) -> SystemEntry:
    entities = [_entity(path) for path in sorted(folder.glob("entities/*.json"))]
    operations = _listed(folder / "operations.yaml", _OPERATIONS)
    events = _listed(folder / "events.yaml", _EVENTS)
    path = folder / "system.yaml"
    with _named(path):
        return SystemEntry(**_yaml(path), entities=entities, operations=operations, events=events)


def read_bodies(folder: Path) -> dict[str, Bodies]:
    path = folder / "bodies.yaml"
    with _named(path):
        return _BODIES.validate_python(_yaml(path) or {}) if path.exists() else {}


def read_sources(folder: Path) -> list[Source]:
    return _listed(folder / "sources.yaml", _SOURCES)


def read_third_tier(folder: Path = FOLDER) -> list[SystemEntry]:
    """Systems of which only the names, the documentation and the kinds of auth are known."""
    path = folder / "third_tier.yaml"
    with _named(path):
        rows = (_yaml(path) or []) if path.exists() else []
        return [SystemEntry(**{**row, "tier": "third", "auth": _auth(row)}) for row in rows]


def _auth(row: dict[str, Any]) -> list[Auth]:
    """Schemes are given in full, or by their type alone."""
    schemes = row.get("auth", [])
    return [Auth(type=each) if isinstance(each, str) else Auth(**each) for each in schemes]


def _entity(path: Path) -> Entity:
    with _named(path):
        return Entity.model_validate_json(path.read_bytes())


def _listed(path: Path, kind: TypeAdapter[list[_Row]]) -> list[_Row]:
    with _named(path):
        return kind.validate_python(_yaml(path) or []) if path.exists() else []


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=_Loader)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValidationError, yaml.YAMLError, json.JSONDecodeError) as error:
        error.add_note(f"in {path}")
        raise
