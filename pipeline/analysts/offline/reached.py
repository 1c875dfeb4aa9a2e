"""What a record has through a reference: the address of a subscription's customer."""

from __future__ import annotations

from pipeline.analysts.offline.lexicon import listed
from pipeline.analysts.offline.naming import resolve
from pipeline.analysts.offline.receivers import address_kind, addresses
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import KeyPair, Lookup

_DEEPEST = 1  # objects between the record and a reference


def reached_address(origin: SystemEntry, source: Schema, kind: str) -> tuple[Lookup, str] | None:
    """The lookup of a person whom a record refers to in its own system, and their address's path.

    None where no such record is known, or has no address of that kind.
    """
    references = [
        one
        for one in fields(source)
        if one.reference and "[]" not in one.path and one.path.count(".") <= _DEEPEST
    ]
    references.sort(key=lambda one: (one.reference or {})["entity"] not in
                    listed("persons_of_records"))  # fmt: skip
    for one in references:
        assert one.reference is not None
        name, id_field = one.reference["entity"], one.reference["field"]
        entity = next((known for known in origin.entities if known.name == name), None)
        if entity is None or origin.operation(name, "read") is None:
            continue
        own = [field for field in addresses(kind, fields(entity.record_schema))
               if "[]" not in field.path]  # fmt: skip
        if own:
            lookup = Lookup(
                name=f"{origin.name}_{name}".replace("-", "_"), system=origin.name, entity=name,
                by=[KeyPair(target=id_field, source=one.path)],
            )  # fmt: skip
            return lookup, f"$lookup.{lookup.name}.{own[0].path}"
    return None


def reached_key(
    origin: SystemEntry, source: Schema, target: Schema, words: str
) -> tuple[list[Lookup], list[KeyPair]]:
    """A key that the text names and that only the record's person has; empty lists where none."""
    into = resolve(words, target)
    kind = address_kind(into) if into is not None else None
    found = reached_address(origin, source, kind) if kind else None
    if into is None or found is None:
        return [], []
    return [found[0]], [KeyPair(target=into.path, source=found[1])]
