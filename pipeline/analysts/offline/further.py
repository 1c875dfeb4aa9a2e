"""Writes after the first: to further systems, and back to where the record came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.analysts.offline.answers_given import with_answers
from pipeline.analysts.offline.assuming import Assumptions
from pipeline.analysts.offline.entities import written_entity
from pipeline.analysts.offline.freeform import body
from pipeline.analysts.offline.naming import phrase_words, resolve
from pipeline.analysts.offline.nouns import nouns_of
from pipeline.analysts.offline.presumed import reviewed, with_presumed
from pipeline.analysts.offline.records import complete, fill
from pipeline.analysts.offline.said import named
from pipeline.analysts.offline.sides import Side
from pipeline.analysts.offline.understand import Understanding
from pipeline.analysts.offline.words import singular
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import (
    Endpoint,
    KeyPair,
    Mapping,
    Question,
    Variable,
    Workflow,
    Write,
)

_BACK = re.compile(
    r"\b(?:post|write|put|send|save|store|push|add|copy|sync|update)s?\s+(?:the |its |their |"
    r"that )?"
    r"(?P<what>[\w' -]{2,60}?)\s+back\b(?P<rest>[^.;\n]*)",
    re.I,
)
_AS = re.compile(
    r"\bas\s+(?:an?\s+)?(?P<as>[\w -]{2,40})|\b(?:in|into|to) (?:the |its )?(?P<field>[\w ]+?) "
    r"field",
    re.I,
)
_NOTES = ("internal note", "note", "comment", "description", "notes")
_LINKS = {"link", "url", "address"}
_LIKENESS = 0.25


@dataclass
class Further:
    """The writes after a workflow's first, with what was presumed for them."""

    writes: list[Write] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def further_writes(
    workflow: Workflow, source: Schema, target: Schema, request: Understanding
) -> Further:
    """Further targets in the order of the text, then what goes back to the source."""
    further = Further()
    for name in request.ends.targets[1:] if not request.ends.both_ways else []:
        entry = request.mention(name).entry
        if entry is not None and entry.entities:
            _add(further, entry, workflow, source, request)
    origin = request.mention(workflow.source.system).entry
    if request.ends.write_back and origin is not None and origin.entities:
        further.writes += write_back(request.text, workflow, origin, target)
    return further


def _add(
    further: Further, entry: SystemEntry, workflow: Workflow, source: Schema,
    request: Understanding,
) -> None:  # fmt: skip
    origin = request.mention(workflow.source.system).entry
    entity = written_entity(request.text, request.mentions, origin, entry, workflow.source.entity)
    operation = entry.operation(entity, "create") or entry.operation(entity, "upsert")
    required = operation.required if operation else []
    into = entry.entity(entity).record_schema
    seen = with_presumed(source, into, required)
    assumed = Assumptions.of(workflow, Endpoint(system=entry.name, entity=entity), seen, request)
    mappings = complete(fill(Side(seen), Side(into), required), Side(into))
    mappings = named(with_answers(mappings, seen, into), workflow, entity, seen, into, request)
    mappings = assumed.fill(mappings, into, required)
    further.writes.append(
        Write(
            id=entry.name, system=entry.name, entity=entity, mappings=reviewed(mappings, seen),
            method=operation.method if operation else None,
            path=operation.path if operation else None,
        )
    )  # fmt: skip
    further.variables += assumed.variables
    further.questions += assumed.questions


def write_back(text: str, workflow: Workflow, origin: SystemEntry, target: Schema) -> list[Write]:
    """An update of the source record with something of the record that was written."""
    update = origin.operation(workflow.source.entity, "update")
    record = origin.entity(workflow.source.entity).record_schema
    key = next((one.path for one in fields(record) if one.key == "id"), "id")
    match = _BACK.search(text)
    beside = _note(match, workflow.source.entity, key, origin, target) if match else None
    if beside is not None:
        return [beside]
    mapping = _carried(match["what"], match["rest"], record, target) if match else None
    return [
        Write(
            id="write-back",
            system=origin.name,
            entity=workflow.source.entity,
            method=update.method if update else None,
            path=update.path if update else None,
            write_mode="update",
            match_on=[KeyPair(target=key, source=key)],
            mappings=[mapping] if mapping else [],
        )
    ]


def _note(
    match: re.Match[str], read: str, key: str, origin: SystemEntry, target: Schema
) -> Write | None:
    """A note or comment on the source record, where these are records of their own.

    One that only colleagues see comes first: what the outside sees must have been asked for.
    """
    home = _AS.search(match["rest"])
    said = home["as"] if home and home["as"] else "internal note"
    named = [one.entity for words in (said, *_NOTES) for one in nouns_of(words, origin)]
    value = _result(match["what"], target)
    for name in dict.fromkeys(named):
        create = origin.operation(name, "create")
        schema = origin.entity(name).record_schema
        text = body(schema)
        belongs = next((one.path for one in fields(schema) if one.reference is not None
                        and one.reference["entity"] == read), None)  # fmt: skip
        if create is None or text is None or belongs is None or value is None:
            continue
        return Write(
            id="write-back", system=origin.name, entity=name, method=create.method,
            path=create.path, mappings=[
                Mapping(target=belongs, source=key),
                Mapping(target=text.path, source=f"$write.target.{value}", confidence=0.9),
            ],
        )  # fmt: skip
    return None


def _carried(what: str, rest: str, record: Schema, target: Schema) -> Mapping | None:
    value = _result(what, target)
    home = _AS.search(rest)
    wanted = [(home["as"] or home["field"])] if home else []
    fits = (resolve(words, record, 0.5) for words in (*wanted, *_NOTES))
    field = next((one for one in fits if one is not None and not one.read_only), None)
    if value is None or field is None:
        return None
    return Mapping(target=field.path, source=f"$write.target.{value}", confidence=0.7,
                   status="needs-review")  # fmt: skip


def _result(what: str, target: Schema) -> str | None:
    """The field of the written record that is meant: its link, its id, or one by name."""
    said = {singular(word) for word in phrase_words(what)}
    known = fields(target)
    if said & _LINKS:
        links = [
            one.path for one in known if one.format in ("uri", "url") or "url" in one.path.lower()
        ]
        return min(
            links, key=lambda path: ("html" not in path, path.count("."), len(path)), default=None
        )
    if "id" in said or "number" in said:
        return next((one.path for one in known if one.key == "id"), None)
    found = resolve(what, target, _LIKENESS)
    return found.path if found else None
