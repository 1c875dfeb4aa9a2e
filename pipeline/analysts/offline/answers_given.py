"""What people answered in a form: a list of answers, of which only the kind tells them apart."""

from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import Mapping, Transform

_KINDS = ("email", "phone")  # answers of a kind that a form asks for once


def with_answers(mappings: list[Mapping], source: Schema, target: Schema) -> list[Mapping]:
    """With the first answer that is an address or a number, where nothing else fills those."""
    filled = {one.target for one in mappings}
    found = [
        Mapping(target=into.path, source=answer.path, confidence=0.75, status="needs-review",
                transform=Transform(name="first_of"))
        for kind in _KINDS
        for into in _of_kind(kind, target, listed=False)
        for answer in _of_kind(kind, source, listed=True)
        if not into.read_only and not _of_kind(kind, source, listed=False)
    ]  # fmt: skip
    return mappings + [one for one in found if one.target not in filled]


def _of_kind(kind: str, schema: Schema, *, listed: bool) -> list[FieldInfo]:
    """The first field of a kind: within a list's elements, or of the record itself."""
    of_kind = [
        one
        for one in fields(schema)
        if one.type == "string" and ("[]" in one.path) == listed and one.path.count("[]") < 2
        and kind in name_words(last_name(one.path))
    ]  # fmt: skip
    return sorted(of_kind, key=lambda one: one.path.count("."))[:1]
