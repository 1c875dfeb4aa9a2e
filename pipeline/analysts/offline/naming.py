"""Words compared with the names of entities and fields."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.analysts.offline.words import singular, stem
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.mapping.match import candidates

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_EMPTY_WORDS = {"a", "an", "the", "of", "its", "their", "our", "in", "field", "column", "value",
                "is", "to", "for", "and"}  # fmt: skip


def name_words(name: str) -> list[str]:
    """The words of a field's or entity's name, in the singular: `line_items[]` -> line, item."""
    return [singular(part) for part in _PARTS.findall(name)]


def phrase_words(text: str) -> list[str]:
    return [word for word in name_words(text) if word not in _EMPTY_WORDS]


def last_name(path: str) -> str:
    """The last step of a path without its brackets."""
    return path.rstrip("[]").rsplit(".", 1)[-1].rstrip("[]")


def likeness(words: Iterable[str], name: str) -> float:
    """How much of two names' words is shared, 0..1."""
    ours, theirs = set(words), set(name_words(name))
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def says(entity: str) -> bool:
    """Whether a record of that name is there to say something to people."""
    return bool({"message", "comment", "note", "email", "sms"} & set(name_words(entity)))


def resolve(phrase: str, schema: Schema, least: float = 0.4) -> FieldInfo | None:
    """The field that a person means by a phrase: by its exact path or name, else the best match."""
    known = fields(schema)
    wanted = stem(phrase)
    if not wanted:
        return None
    exact = [
        one for one in known if stem(one.path) == wanted or stem(last_name(one.path)) == wanted
    ]
    named = [one for one in known if wanted in map(stem, one.synonyms)]
    tail = [one for one in known if _tail(one.path) == "".join(phrase_words(phrase))]
    near = exact or named or tail
    if near:
        return min(
            near, key=lambda one: (one.path.count("[]"), one.path.count("."), known.index(one))
        )
    return _nearest(phrase, schema, known, least)


def _tail(path: str) -> str:
    return "".join(name_words(path))


def _nearest(phrase: str, schema: Schema, known: list[FieldInfo], least: float) -> FieldInfo | None:
    slug = "_".join(phrase_words(phrase))[:80]
    if not slug:
        return None
    asked = {"type": "object", "properties": {slug: {"type": "string"}}}
    options = candidates(schema, asked, k=1).get(slug, [])
    if not options or options[0].score < least:
        return None
    return next((one for one in known if one.path == options[0].source), None)
