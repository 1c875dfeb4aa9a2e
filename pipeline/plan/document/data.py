"""Data & Transformations: what is written, field by field, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.catalogue.schema import FieldInfo
from pipeline.plan.grouping import ROWS
from pipeline.plan.markdown import code, escape, table
from pipeline.plan.model import Endpoint, Lookup, Mapping, Plan, Workflow, Write
from pipeline.plan.schemas import entity_schema, find_field
from pipeline.plan.words import show_filter, show_missing, show_mode, show_source, show_value

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def data_section(workflow: Workflow, catalogue: Catalogue) -> str:
    parts = [f"### {escape(workflow.name)}"]
    if workflow.filters:
        parts.append(
            "Only records with " + " and ".join(code(show_filter(one)) for one in workflow.filters)
        )
    if workflow.group_by is not None:
        parts.append(
            f"All rows with the same {code(workflow.group_by)} become one record: fields of its "
            f"head are those of the first row, and {code(ROWS)} has them all"
        )
    if workflow.each is not None:
        parts.append(f"One record for each of {code(workflow.each)}")
    keys = ", ".join(f"{code(one.target)} = {code(one.source)}" for one in workflow.match_on)
    parts.append(
        f"Writes: {show_mode(workflow.write_mode)}" + (f", matched by {keys}" if keys else "")
    )
    parts.append(_mapping_table(workflow.target, workflow.mappings, catalogue))
    for lookup in workflow.lookups:
        by = ", ".join(f"{code(one.target)} = {code(one.source)}" for one in lookup.by)
        parts.append(f"#### Lookup: {escape(lookup.name)}\n\n{escape(lookup.entity)} by {by}; "
                     f"if there is none: {show_missing(lookup.on_missing)}")  # fmt: skip
        parts.append(_mapping_table(lookup, lookup.mappings, catalogue))
    for write in workflow.writes:
        parts.append(f"#### Then: {escape(write.id)}\n\n{show_mode(write.write_mode)} "
                     f"{escape(write.entity)} in "
                     f"{escape(write.system)}")  # fmt: skip
        parts.append(_mapping_table(write, write.mappings, catalogue))
    return "\n\n".join(part for part in parts if part)


def _mapping_table(
    end: Endpoint | Lookup | Write, mappings: list[Mapping], catalogue: Catalogue
) -> str:
    schema = entity_schema(catalogue, end.system, end.entity)
    rows = [
        [
            code(one.target),
            _takes(find_field(schema, one.target)),
            code(show_source(one)),
            code(one.each or ""),
            _confidence(one),
            escape(one.note),
        ]
        for one in mappings
    ]
    head = ["Target", "Takes", "Source", "For each", "Confidence", "Note"]
    return table(head, rows) if rows else ""


def _takes(field: FieldInfo | None) -> str:
    """What the API says of the field: its type, its length, whether it must be there."""
    if field is None:
        return ""
    length = f"{field.max_length} characters" if field.max_length else ""
    values = f"{len(field.enum)} values" if field.enum else ""
    required = "required" if field.required else ""
    return escape(", ".join(filter(None, (field.format or field.type, length, values, required))))


def _confidence(mapping: Mapping) -> str:
    if mapping.status == "confirmed":
        return "confirmed"
    if mapping.source is None or mapping.source.startswith("$"):
        return ""
    doubt = " (please review)" if mapping.status == "needs-review" else ""
    return f"{mapping.confidence:.0%}{doubt}"


def decisions(plan: Plan) -> Iterator[str]:
    if not plan.questions:
        return
    rows = [
        [
            escape(one.text),
            one.importance,
            escape(one.answer or f"assumed: {show_value(one.assumption)}"),
        ]
        for one in plan.questions
    ]
    yield "### Decisions\n\n" + table(["Question", "Importance", "Answer"], rows)
