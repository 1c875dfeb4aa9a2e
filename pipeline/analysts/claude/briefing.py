"""What a model is shown of a request and of a plan: all of it fenced, none of it values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.analysts.claude.fencing import fence, without_values
from pipeline.analysts.claude.tools import as_json
from pipeline.catalogue.schema import FieldInfo
from pipeline.mapping.transforms import CUSTOM, TRANSFORMS
from pipeline.plan.model import Mapping, Plan, Workflow

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue
    from pipeline.ports import Request, Turn

_SIGNS = 1_000  # of one earlier message


def show_request(request: Request, catalogue: Catalogue, attached: Sequence[str]) -> str:
    """The request's text, and what its attached API descriptions are called."""
    parts = [f"Today is {request.today}.", fence("request", without_values(request.text))]
    for name in attached:
        entry = catalogue.system(name)
        known = {
            "system": name,
            "display_name": entry.display_name,
            "entities": [entity.name for entity in entry.entities],
        }
        parts.append(fence("attached API description", as_json(known)))
    return "\n\n".join(parts)


def show_turns(turns: Sequence[Turn]) -> list[str]:
    """What was said and answered before, the latest last; no part of it asks for anything now."""
    lines = [
        f"{who}: {without_values(text)[:_SIGNS]}"
        for turn in turns
        for who, text in (("a person", turn.said), ("Weft", turn.answered))
        if text
    ]
    return [fence("earlier in the thread, dealt with", "\n".join(lines))] if lines else []


def show_plan(plan: Plan) -> str:
    """A whole plan; what is at its default is left out."""
    return fence("plan", as_json(plan.model_dump(mode="json", exclude_defaults=True)))


def show_outline(plan: Plan) -> str:
    """A plan without its mappings and facts: what it connects, when, and what is still asked."""
    workflows = [
        one.model_dump(mode="json", exclude_defaults=True, exclude={"mappings", "pagination"})
        for one in plan.workflows
    ]
    systems = [
        {"name": one.name, "role": one.role, "auth": one.auth.type, "grant": one.auth.grant}
        for one in plan.systems
    ]
    asked = [{"id": one.id, "text": one.text, "options": one.options} for one in plan.questions]
    outline = {"title": plan.title, "systems": systems, "workflows": workflows, "questions": asked}
    return fence("plan", as_json(outline))


def show_transforms() -> str:
    """The transforms that a mapping may name: the same text each time, so that it is cached."""
    lines = []
    for spec in TRANSFORMS.values():
        if spec.name != CUSTOM:
            given = ", ".join(
                f"{one.name}{'' if one.required else '?'}: {one.kind}" for one in spec.arguments
            )
            lines.append(f"- {spec.name}({given}): {spec.summary}")
    return "\n\n# Transforms, with their transform_args\n\n" + "\n".join(lines)


def show_mappings(workflow: Workflow) -> str:
    lookups = [
        {"name": one.name, "entity": one.entity, "by": [pair.model_dump() for pair in one.by],
         "on_missing": one.on_missing, "mappings": list(map(_mapping, one.mappings))}
        for one in workflow.lookups
    ]  # fmt: skip
    shown = {"mappings": list(map(_mapping, workflow.mappings)), "lookups": lookups}
    return fence("starting point", as_json(shown))


def show_fields(kind: str, found: Sequence[FieldInfo]) -> str:
    """Fields, one a line: path, type, and what else decides; `*` marks a required one."""
    return fence(kind, "\n".join(_lines(found)), source="the catalogue")


def _lines(found: Sequence[FieldInfo]) -> Iterator[str]:
    for one in found:
        marks = [one.type, one.format, one.unit, one.key and f"{one.key} key"]
        if one.reference:
            marks.append(f"refers to {one.reference.get('entity')}")
        if one.enum:
            marks.append("|".join(map(str, one.enum[:8])))
        required = "*" if one.required else ""
        yield f"{one.path}{required} {' '.join(filter(None, marks))}"


def _mapping(mapping: Mapping) -> dict[str, Any]:
    shown = mapping.model_dump(mode="json", exclude_defaults=True, exclude={"note"})
    return {**shown, "confidence": round(mapping.confidence, 2)}
