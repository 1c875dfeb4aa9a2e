"""What people answered in a form: a list of answers, of which only the kind tells them apart."""

from __future__ import annotations

from pipeline.analysts.offline.freeform import body
from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.person_names import name_part
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import Mapping, Transform

_KINDS = ("email", "phone")  # answers of a kind that a form asks for once
_KINDS_OF_ANSWERS = 3  # elements with fewer kinds are no answers to questions


def with_answers(mappings: list[Mapping], source: Schema, target: Schema) -> list[Mapping]:
    """With the answers that fit by their kind, where nothing else fills such fields.

    The first text is taken for the name, which forms ask for first, and all texts together for
    what a record says to people.
    """
    filled = {one.target for one in mappings}
    found = [
        _first(into, answer)
        for kind in _KINDS
        for into in _of_kind(kind, target, listed=False)
        for answer in _of_kind(kind, source, listed=True)
        if not into.read_only and not _of_kind(kind, source, listed=False)
    ]
    text = _text(source)
    if text is not None:
        found += [_first(into, text) for into in _name(target)]
        into = body(target)
        joined = Transform(name="join", args={"separator": "\n"})
        found += [_first(into, text).model_copy(update={"transform": joined})] if into else []
    return mappings + [one for one in found if one.target not in filled]


def _first(into: FieldInfo, answer: FieldInfo) -> Mapping:
    return Mapping(target=into.path, source=answer.path, confidence=0.75, status="needs-review",
                   transform=Transform(name="first_of"))  # fmt: skip


def _text(source: Schema) -> FieldInfo | None:
    """The text of answers: elements whose `type` says which one of their fields has the value."""
    known = fields(source)
    for told in known:
        home = told.path.rpartition(".")[0]
        beside = {last_name(one.path): one for one in known if one.path.startswith(f"{home}.")}
        kinds = set(map(str, told.enum)) & set(beside)
        if home.endswith("[]") and len(kinds) >= _KINDS_OF_ANSWERS and "text" in kinds:
            return beside["text"]
    return None


def _name(target: Schema) -> list[FieldInfo]:
    """The field of a person's name: the one that is required, else the whole, else the first."""
    plain = [one for one in fields(target) if one.type == "string" and not one.read_only
             and "[]" not in one.path and not one.enum]  # fmt: skip
    persons = [one for one in plain if name_part(one.path) or _is_whole(one)]
    persons.sort(key=lambda one: (not one.required, not _is_whole(one), one.path.count("."),
                                  name_part(one.path) != "first"))  # fmt: skip
    return persons[:1]


def _is_whole(field: FieldInfo) -> bool:
    return "".join(name_words(last_name(field.path))) in ("name", "fullname", "displayname")


def _of_kind(kind: str, schema: Schema, *, listed: bool) -> list[FieldInfo]:
    """The first field of a kind: within a list's elements, or of the record itself."""
    of_kind = [
        one
        for one in fields(schema)
        if one.type == "string" and ("[]" in one.path) == listed and one.path.count("[]") < 2
        and kind in name_words(last_name(one.path))
    ]  # fmt: skip
    return sorted(of_kind, key=lambda one: (one.path.count("."), one.format != kind))[:1]
