"""Why a field is filled as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.artifacts import SourceFile
from pipeline.explaining.citing import cited
from pipeline.plan.model import Endpoint, Lookup, Mapping, Plan, Workflow, Write
from pipeline.plan.schemas import entity_schema, find_field
from pipeline.plan.words import show_entity, show_mapping, show_value

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_FACTS_SHOWN = 2
_CERTAIN = 0.995  # rounds to 1.00
_COMMON = {"id", "name", "type", "value"}  # say nothing of one field in particular


@dataclass(frozen=True)
class Written:
    """A mapping with the write, or the lookup that creates what is missing, it belongs to."""

    workflow: Workflow
    end: Endpoint | Write | Lookup
    mapping: Mapping


def written(plan: Plan) -> Iterator[Written]:
    """All that a plan writes, field by field."""
    for workflow in plan.workflows:
        for mapping in workflow.mappings:
            yield Written(workflow, workflow.target, mapping)
        ends: list[Write | Lookup] = [*workflow.writes, *workflow.lookups]
        for end in ends:
            for mapping in end.mappings:
                yield Written(workflow, end, mapping)


def explain_field(
    field: Written, plan: Plan, catalogue: Catalogue, files: Sequence[SourceFile] = ()
) -> str:
    """Where the value comes from and why, what the API says of it, its sources, its place."""
    mapping, entity = field.mapping, show_entity(field.end.entity)
    parts = [
        f"{mapping.target} of the {entity} is filled from {_source(mapping)}.",
        *_reasons(mapping),
        *_rules(field, catalogue),
        *_facts(field, plan),
        *_places(mapping, files),
    ]
    return " ".join(parts)


def _source(mapping: Mapping) -> str:
    source, remark = show_mapping(mapping)
    return source + (f" ({remark})" if remark and remark != mapping.note else "")


def _reasons(mapping: Mapping) -> Iterator[str]:
    if mapping.note:
        yield f"Reason: {mapping.note}."
    if mapping.status == "confirmed":
        yield "A person confirmed it."
        return
    if mapping.confidence < _CERTAIN and mapping.source and not mapping.source.startswith("$"):
        yield f"The two fields were matched by name, meaning and type ({mapping.confidence:.2f})."
    others = [f"{one.source} ({one.score:.2f})" for one in mapping.alternatives
              if one.source != mapping.source]  # fmt: skip
    if others:
        yield f"Next best: {', '.join(others)}."
    if mapping.status == "needs-review":
        yield "It is still to be reviewed."


def _rules(field: Written, catalogue: Catalogue) -> Iterator[str]:
    schema = entity_schema(catalogue, field.end.system, field.end.entity)
    known = find_field(schema, field.mapping.target) if schema is not None else None
    if known is None:
        return
    if known.required:
        yield "The API requires it."
    if known.max_length:
        yield f"It takes at most {known.max_length} characters."
    if known.enum:
        yield f"It takes {', '.join(map(show_value, known.enum[:6]))}."
    if known.reference:
        yield f"It holds the {known.reference['field']} of the {known.reference['entity']}."


def _facts(field: Written, plan: Plan) -> Iterator[str]:
    """Facts on the entity that name the field."""
    subject = f"{field.end.system}.{field.end.entity}"
    steps = {step.rstrip("[]") for step in field.mapping.target.split(".")} - _COMMON
    named = [
        (len(steps & set(re.findall(r"\w+", fact.text))), fact)
        for fact in plan.facts
        if fact.subject == subject
    ]
    best = sorted((one for one in named if one[0]), key=lambda one: -one[0])
    yield from (cited(fact) for _, fact in best[:_FACTS_SHOWN])


def _places(mapping: Mapping, files: Sequence[SourceFile]) -> Iterator[str]:
    """The line that sets it, where the generated code has just one such line."""
    name = mapping.target.split(".")[-1].rstrip("[]")
    sets = re.compile(rf"^\s*(?:{re.escape(name)}|\"{re.escape(name)}\"):")
    lines = [
        f"{file.path}:{number}"
        for file in files
        if file.path.startswith("src/services/") and not file.path.endswith(".test.ts")
        for number, line in enumerate(file.content.splitlines(), 1)
        if sets.match(line)
    ]
    if len(lines) == 1:
        yield f"In the code: {lines[0]}."
