"""Columns that nobody named, of a table, a sheet or a payload: called like the target's fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.own_columns import columns_home
from pipeline.analysts.offline.person_names import name_part
from pipeline.analysts.offline.receivers import address_kind, sends
from pipeline.analysts.offline.words import stem
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import Mapping, Question, Workflow
from pipeline.plan.schemas import free_objects

_MANY = 8  # columns that are presumed where none is named
# What records are mostly told by, beside what is required and what identifies them.
_TELLING = {"name", "company", "title", "subject", "summary", "description", "amount", "quantity",
            "price", "sku", "date"}  # fmt: skip
_BESIDE = {"full", "display", "start", "end", "total", "due"}
_EMPTY = {"date", "time", "datetime", "value", "address", "name"}  # what its object says more of


def with_presumed(source: Schema, target: Schema, required: Sequence[str]) -> Schema:
    """The source's schema with columns for what the target mostly has, where it names none."""
    home = columns_home(source)
    if home is None or columns_home(target) is not None:
        return source
    known = {stem(last_name(one.path)) for one in fields(source) if one.key != "id"}
    wanted = _main(target, required)
    if len(_own_columns(source, home)) > 0:  # the text names what there is
        wanted = [one for one in wanted if one.required or one.path in required]
    named = {_column(one, home): one for one in wanted}
    added: dict[str, Any] = {
        name: {"x-weft-synonyms": [" ".join(name_words(last_name(one.path))), *one.synonyms],
               "x-weft-presumed": True}
        for name, one in named.items() if stem(name) not in known
    }  # fmt: skip
    return _extended(source, home.split(".") if home else [], added)


def presumed(source: Schema) -> list[str]:
    """The paths of such columns."""
    homes = free_objects(source)
    prefix = f"{homes[0]}." if homes and homes[0] else ""
    return [
        prefix + name
        for name, node in _properties(source, prefix).items()
        if node.get("x-weft-presumed")
    ]


def reviewed(mappings: Sequence[Mapping], source: Schema) -> list[Mapping]:
    """The mappings, with those of presumed columns for review."""
    paths = set(presumed(source))
    doubtful = {"confidence": 0.6, "status": "needs-review", "note": "a column of that name"}
    return [one.model_copy(update=doubtful) if one.source in paths else one for one in mappings]


def columns_question(workflow: Workflow, source: Schema) -> list[Question]:
    """Which columns there are, where some were presumed and are read."""
    paths = set(presumed(source))
    read = [one.source for one in workflow.mappings if one.source in paths]
    names = list(dict.fromkeys(last_name(path) for path in read if path))
    if not names:
        return []
    return [
        Question(
            id="columns", importance="high",
            text=f"Which fields does a {workflow.source.entity.replace('-', ' ')} have? Say "
            "“map … to …” for those that are called otherwise.",
            assumption=", ".join(names),
        )
    ]  # fmt: skip


def _main(target: Schema, required: Sequence[str]) -> list[FieldInfo]:
    """The fields of a record that matter most, those that it must have first."""
    plain = [
        one
        for one in fields(target)
        if not one.read_only and not one.reference and "[]" not in one.path
        and one.type in ("string", "number", "integer", "any")
        and (one.key != "id" or one.required) and not sends(one)
        and not one.enum and (one.required or one.default is None)
    ]  # fmt: skip
    plain = [one for one in plain if one.required or one.path in required or _tells(one)]
    plain.sort(key=lambda one: (not (one.required or one.path in required),
                                one.key != "natural", one.path.count(".")))  # fmt: skip
    return list({_column(one, ""): one for one in reversed(plain[:_MANY])}.values())[::-1]


def _tells(field: FieldInfo) -> bool:
    words = set(name_words(last_name(field.path)))
    telling = bool(words & _TELLING) and words <= _TELLING | _BESIDE
    return telling or field.key == "natural" or bool(name_part(field.path) or address_kind(field))


def _own_columns(source: Schema, home: str) -> dict[str, Any]:
    prefix = f"{home}." if home else ""
    return {
        name: node
        for name, node in _properties(source, prefix).items()
        if home or (node.get("x-weft-key") != "id" and not node.get("readOnly"))
    }


def _properties(source: Schema, prefix: str) -> dict[str, Any]:
    node: Any = source
    for step in prefix.split(".")[:-1]:
        node = node.get("properties", {}).get(step, {})
    found: dict[str, Any] = node.get("properties", {})
    return found


def _column(field: FieldInfo, home: str) -> str:
    """`last_name` of a table or a payload; `Last Name` where people name the fields they see."""
    part, kind = name_part(field.path), address_kind(field)
    words = [part, "name"] if part else [kind] if kind else name_words(last_name(field.path))
    if set(words) <= _EMPTY and "." in field.path:
        words = name_words(last_name(field.path.rpartition(".")[0]))
    return " ".join(words).title() if home else "_".join(words)


def _extended(schema: Schema, path: list[str], added: dict[str, Any]) -> Schema:
    known = schema.get("properties", {})
    if path:
        inner = _extended(known.get(path[0], {}), path[1:], added)
        return {**schema, "properties": {**known, path[0]: inner}}
    return {**schema, "properties": {**known, **added}}
