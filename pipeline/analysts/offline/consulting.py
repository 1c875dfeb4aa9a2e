"""A third system in which something of each record is only looked up on its way."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.analysts.offline.counterparts import counterpart
from pipeline.analysts.offline.freeform import body
from pipeline.analysts.offline.keys import read_key
from pipeline.analysts.offline.naming import last_name, name_words, resolve
from pipeline.analysts.offline.nouns import nouns_of
from pipeline.analysts.offline.references import missing_question
from pipeline.analysts.offline.request import Mention
from pipeline.analysts.offline.telling import telling
from pipeline.analysts.offline.understand import Understanding
from pipeline.analysts.offline.words import sentences
from pipeline.analysts.offline.workflows import Planned
from pipeline.catalogue.model import Entity, SystemEntry
from pipeline.catalogue.shape import Schema
from pipeline.mapping.match import candidates
from pipeline.plan.model import KeyPair, Lookup, Mapping, Question, Workflow
from pipeline.plan.schemas import entity_schema, source_schema

_LIKE = 0.4  # how alike a field must be to the words that name the key
_CLEAR = 0.7  # and a field of the source to one that records are found by, where nothing names it
_EVERYTHING_HAS = {"name", "title", "id", "number", "subject"}  # such a key alone tells nothing
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def with_consulted(planned: Planned, request: Understanding) -> Planned:
    """With a lookup in each system that is only consulted, shown where people read the result."""
    for mention in _consulted(request):
        source = source_schema(request.catalogue, planned.workflow)
        entity = _entity(mention, request, planned.workflow)
        if source is None or entity is None or mention.entry is None:
            continue
        key = _key(_sentence(mention, request.text), entity, mention.entry, source)
        if key is None:
            planned = replace(planned, questions=[*planned.questions, _unfound(entity, mention)])
            continue
        lookup = Lookup(name=_name(entity, mention, planned.workflow), system=mention.system,
                        entity=entity.name, by=[key])  # fmt: skip
        planned = _looked_up(planned, lookup, entity, request)
    return planned


def _consulted(request: Understanding) -> list[Mention]:
    """The mention of each such system that says most: the last one."""
    last = {one.system: one for one in request.mentions if one.system in request.ends.consulted}
    return list(last.values())


def _sentence(mention: Mention, text: str) -> str:
    span = next((one for one in sentences(text) if one.holds(mention.start)), None)
    return text[span.start : span.end] if span else text


def _entity(mention: Mention, request: Understanding, workflow: Workflow) -> Entity | None:
    """What is looked up: what is named nearest to it, else what the record usually is there."""
    entry = mention.entry
    if entry is None or not entry.entities:
        return None
    nouns = nouns_of(request.text, entry)
    named = [one.entity for one in sorted(nouns, key=lambda one: abs(one.start - mention.start))]
    usual = counterpart(workflow.source.entity, "", entry, lambda name: bool(_keys(entry, name)))
    found = next((name for name in named if _keys(entry, name)), usual)
    return entry.entity(found) if found else None


def _keys(entry: SystemEntry, entity: str) -> list[str]:
    """The fields by which its API finds one."""
    find = entry.operation(entity, "find")
    return list(find.find_by) if find is not None else []


def _key(text: str, entity: Entity, entry: SystemEntry, source: Schema) -> KeyPair | None:
    known = _keys(entry, entity.name)
    fitting = candidates(source, entity.record_schema, k=1)
    said = read_key(text)
    goal = resolve(said, entity.record_schema, _LIKE) if said else None
    if said and goal is not None and goal.path in known:
        named = resolve(said, source, _LIKE)
        options = [*(one.source for one in fitting.get(goal.path, [])),
                   *([named.path] if named else [])]  # fmt: skip
        about = [one for one in options if _tells(goal.path, one, entity)]
        return KeyPair(target=goal.path, source=about[0]) if about else None
    scored = [
        (fitting[path][0].score, path) for path in known
        if fitting.get(path) and "[]" not in fitting[path][0].source
        and _tells(path, fitting[path][0].source, entity)
    ]  # fmt: skip
    best = max(scored, default=(0.0, ""))
    if best[0] < _CLEAR:
        return None
    return KeyPair(target=best[1], source=fitting[best[1]][0].source)


def _tells(key: str, source: str, entity: Entity) -> bool:
    """Whether a field of the source is of the one that is looked up: a subject is no company."""
    about = {
        *name_words(entity.name),
        *(word for one in entity.aliases for word in name_words(one)),
    }
    common = set(name_words(last_name(key))) <= _EVERYTHING_HAS
    return not common or bool(about & set(name_words(source)))


def _name(entity: Entity, mention: Mention, workflow: Workflow) -> str:
    name = entity.name.replace("-", "_")
    taken = {one.name for one in workflow.lookups}
    return name if name not in taken else f"{mention.system.replace('-', '_')}_{name}"


def _looked_up(planned: Planned, lookup: Lookup, entity: Entity, request: Understanding) -> Planned:
    workflow = planned.workflow
    target = entity_schema(request.catalogue, workflow.target.system, workflow.target.entity)
    into = body(target) if target else None
    mappings = [
        _saying(one, lookup, entity) if into and one.target == into.path else one
        for one in workflow.mappings
    ]
    workflow = workflow.model_copy(
        update={"lookups": [*workflow.lookups, lookup], "mappings": mappings}
    )
    asked = [missing_question(lookup, entity)]
    if mappings == planned.workflow.mappings:
        asked.append(_unused(lookup, entity))
    return replace(planned, workflow=workflow, questions=[*planned.questions, *asked])


def _saying(mapping: Mapping, lookup: Lookup, entity: Entity) -> Mapping:
    """A message with what was looked up beside what was read."""
    transform = mapping.transform
    if transform is None or transform.name != "template":
        return mapping
    lines = [
        _PLACEHOLDER.sub(rf"{{$lookup.{lookup.name}.\1}}", one)
        for one in telling(entity.record_schema)[:2]
    ]
    shown = [f"{entity.display_name} {one[0].lower()}{one[1:]}" for one in lines]
    text = "\n".join([str(transform.args.get("text", "")), *shown])
    args = {**transform.args, "text": text}
    return mapping.model_copy(update={"transform": transform.model_copy(update={"args": args})})


def _unfound(entity: Entity, mention: Mention) -> Question:
    noun = entity.display_name.lower()
    return Question(
        id=f"lookup-{mention.system}-{entity.name}", importance="high",
        text=f"By which field should the {noun} be found in {mention.display_name}? Nothing that "
        "is read says which one it is.",
        assumption=f"no {noun} is looked up",
    )  # fmt: skip


def _unused(lookup: Lookup, entity: Entity) -> Question:
    noun = entity.display_name.lower()
    return Question(
        id=f"use-{lookup.name.replace('_', '-')}", importance="low",
        text=f"What of the {noun} should be written? Say “map $lookup.{lookup.name}.… to …”.",
        assumption="it only has to exist",
    )  # fmt: skip
