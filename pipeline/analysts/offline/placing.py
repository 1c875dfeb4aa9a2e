"""Where values named in a text belong: a field of the target, or a setting of a system."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.request import Place
from pipeline.analysts.offline.words import singular, stem
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import ConfigItem, Mapping

_SAME = {"repo": "repository", "tab": "sheet", "worksheet": "sheet", "db": "database",
         "spreadsheet": "spreadsheet", "shop": "store"}  # fmt: skip


def constants(places: Sequence[Place], target: Schema) -> list[Mapping]:
    """Constants for target fields that go by a place's label."""
    found: dict[str, Mapping] = {}
    for place in places:
        field = _field(place, target)
        if field is not None and field.path not in found:
            found[field.path] = Mapping(target=field.path, constant=place.value, status="confirmed",
                                        note="named in the request")  # fmt: skip
    return list(found.values())


def _field(place: Place, target: Schema) -> FieldInfo | None:
    names = {stem(place.label), stem(_SAME.get(place.label, place.label))}
    for one in fields(target):
        own = {stem(last_name(one.path)), *map(stem, one.synonyms)}
        plain = {stem(singular(last_name(one.path))), stem(f"{last_name(one.path)}")}
        if one.read_only or "[]" in one.path or one.type not in ("string", "any"):
            continue
        if names & (own | plain) or f"{place.label}id" in own:
            return one
    return None


def settings(entry: SystemEntry, places: Sequence[Place]) -> list[ConfigItem]:
    """The system's configuration, with what the text names as defaults."""
    return [_setting(item, places) for item in entry.config]


def _setting(item: ConfigItem, places: Sequence[Place]) -> ConfigItem:
    words = set(name_words(item.name))
    for place in places:
        label = _SAME.get(place.label, place.label)
        if label == "repository" and "/" in place.value:
            owner, _, repository = place.value.partition("/")
            value = owner if "owner" in words else repository if words & {"repo", label} else None
        else:
            value = place.value if {place.label, label} & words else None
        if value is not None and ("id" not in words or _is_id(value)):
            return item.model_copy(update={"default": value})
    return item


def _is_id(value: str) -> bool:
    return any(sign.isdigit() for sign in value) and " " not in value
