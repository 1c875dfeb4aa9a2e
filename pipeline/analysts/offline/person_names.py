"""Names of people: whole on one side, first and last on the other."""

from __future__ import annotations

from pydantic import JsonValue

from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.sides import ACCEPTED, Side
from pipeline.catalogue.schema import FieldInfo
from pipeline.plan.model import Mapping, Transform

_OF_NAMES = ("join", "first_name", "last_name")
_FIRST = {"first name", "given name", "forename", "firstname", "fname"}
_LAST = {"last name", "family name", "surname", "lastname", "lname"}


def with_full_name(filled: list[Mapping], source: Side, target: Side) -> list[Mapping]:
    """A full name is joined from first and last name where the source has only these."""
    halved = {one.target for one in filled if name_part(one.source or "")}
    whole = next((one for one in target.fields() if _is_full_name(one)), None)
    whole = whole or next(
        (one for one in target.fields() if one.path in halved and _is_name(one)), None
    )
    parts = name_parts(source)
    if whole is None or whole.read_only or parts is None:
        return filled
    known = next((one for one in filled if one.target == whole.path), None)
    if known is not None and known.confidence >= ACCEPTED and name_part(known.source or "") is None:
        return filled
    joined = Mapping(
        target=whole.path,
        source=parts[0],
        confidence=0.85,
        transform=Transform(name="join", args={"with": [parts[1]], "separator": " "}),
    )
    return [joined, *(one for one in filled if one.target != whole.path)]


def with_parts(filled: list[Mapping], source: Side, target: Side) -> list[Mapping]:
    """First and last name are taken out of a full name where the source has only that."""
    parts = name_parts(target)
    whole = None if name_parts(source) else _full_name(source)
    if whole is None or parts is None:
        return filled
    needed = {one.path for one in target.fields() if one.required}
    first, last = (Mapping(target=path, source=whole.path, confidence=0.85) for path in parts)
    # Who goes by one name has it as a last name where that is required.
    only: dict[str, JsonValue] = {"or_only": True} if last.target in needed else {}
    split = [
        first.model_copy(update={"transform": Transform(name="first_name")}),
        last.model_copy(update={"transform": Transform(name="last_name", args=only)}),
    ]
    return [*split, *(one for one in filled if one.target not in parts)]


def _full_name(source: Side) -> FieldInfo | None:
    """A person's whole name: one called so, else a plain `name` beside an address or a number."""
    flat = [one for one in source.fields() if "[]" not in one.path]
    named = next((one for one in flat if _is_full_name(one)), None)
    if named is not None:
        return named
    homes = {
        one.path.rpartition(".")[0]
        for one in flat
        if set(name_words(last_name(one.path))) & {"email", "mail", "phone"}
    }
    names = [one for one in flat if name_words(last_name(one.path)) == ["name"]]
    beside = [one for one in names if one.path.rpartition(".")[0] in homes]
    return min(beside, key=lambda one: one.path.count("."), default=None)


def name_parts(source: Side) -> tuple[str, str] | None:
    """First and last name of one person: both in one object, the least nested one."""
    homes: dict[str, dict[str, str]] = {}
    for one in source.fields():
        part = name_part(one.path)
        if part is not None and "[]" not in one.path:
            homes.setdefault(one.path.rpartition(".")[0], {})[part] = one.path
    whole = [home for home, parts in homes.items() if len(parts) == 2]
    if not whole:
        return None
    parts = homes[min(whole, key=lambda home: home.count(".") + bool(home))]
    return parts["first"], parts["last"]


def _is_full_name(field: FieldInfo) -> bool:
    name = "".join(name_words(last_name(field.path)))
    return "full name" in field.synonyms or name in ("fullname", "displayname")


def _is_name(field: FieldInfo) -> bool:
    return name_words(last_name(field.path)) == ["name"]


def name_part(path: str) -> str | None:
    """Which part of a person's name a field holds, by its own name."""
    words = " ".join(name_words(last_name(path)))
    return "first" if words in _FIRST else "last" if words in _LAST else None


def is_of_names(mapping: Mapping) -> bool:
    """Whether a mapping joins or parts a person's name."""
    return mapping.transform is not None and mapping.transform.name in _OF_NAMES
