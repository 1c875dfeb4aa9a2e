"""Which field, or which mapping, of a workflow a person means in a statement."""

from __future__ import annotations

import re

from pipeline.analysts.offline.freeform import body
from pipeline.analysts.offline.naming import last_name, likeness, name_words, phrase_words, resolve
from pipeline.analysts.offline.statement import Statement
from pipeline.analysts.offline.words import singular, stem
from pipeline.catalogue.schema import FieldInfo
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import Mapping, Workflow

SURE = 0.8  # a field that is changed must be named, not guessed
_ALIKE = 0.5


def source_field(statement: Statement, workflow: Workflow, phrase: str) -> FieldInfo | None:
    """The field of the source: “the order's note” of an order is its note."""
    return _field(phrase, statement.source(workflow), workflow.source.entity)


def target_field(statement: Statement, workflow: Workflow, phrase: str) -> FieldInfo | None:
    field = _field(phrase, statement.target(workflow), workflow.target.entity)
    return None if field is not None and field.read_only else field


def _field(phrase: str, schema: Schema, entity: str) -> FieldInfo | None:
    bare = re.sub(r"'s\b|\b(?:field|column|value)s?\b", "", bare_words(phrase))
    own = set(name_words(entity))
    without = " ".join(word for word in bare.split() if singular(word) not in own)
    for words in dict.fromkeys((bare, without)):
        found = resolve(words, schema, SURE) if words.strip() else None
        if found is not None:
            return found
    return None


def bare_words(phrase: str) -> str:
    """A phrase without articles and quotes."""
    words = re.sub(
        r"^(?:the|its|their|an?|our|every|all)\s+", "", phrase.strip(" .,\"'`"), flags=re.I
    )
    return words.strip()


def mappings_said(phrase: str, workflow: Workflow, statement: Statement) -> list[Mapping]:
    """The mappings whose target or source goes by a phrase; the exact one before all alike."""
    wanted = stem(bare_words(phrase))
    exact = [one for one in workflow.mappings if wanted in _names(one)]
    if exact:
        return exact
    known = [
        field.path
        for field in (target_field(statement, workflow, phrase),
                      source_field(statement, workflow, phrase))
        if field is not None
    ]  # fmt: skip
    named = [one for one in workflow.mappings if one.target in known or one.source in known]
    return named or _alike(phrase, workflow)


def _names(mapping: Mapping) -> set[str]:
    paths = [mapping.target, *([mapping.source] if mapping.source else [])]
    return {stem(part) for path in paths for part in (path, last_name(path))}


def _alike(phrase: str, workflow: Workflow) -> list[Mapping]:
    words = phrase_words(phrase)
    scored = [
        (max(likeness(words, _tail(path)) for path in (one.target, one.source or "")), one)
        for one in workflow.mappings
    ]
    best = max((score for score, _ in scored), default=0.0)
    return [one for score, one in scored if score == best] if best >= _ALIKE else []


def _tail(path: str) -> str:
    """The last two steps of a path: `line_items[].title` is called an item's title."""
    return " ".join(path.replace("[]", "").split(".")[-2:])


def group_said(phrase: str, workflow: Workflow) -> list[Mapping]:
    """All mappings about one thing, such as “shipping” or “the billing address”."""
    wanted = set(phrase_words(bare_words(phrase)))
    return [
        one
        for one in workflow.mappings
        if wanted and (wanted <= set(name_words(one.source or "")) or
                       wanted <= set(name_words(one.target)))
    ]  # fmt: skip


def text_mapping(statement: Statement, workflow: Workflow) -> Mapping | None:
    """The mapping that makes a message's text out of a template."""
    into = body(statement.target(workflow))
    return next(
        (one for one in workflow.mappings if into is not None and one.target == into.path
         and (one.transform is None or one.transform.name == "template")),
        None,
    )  # fmt: skip
