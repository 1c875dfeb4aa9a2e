"""Which field is filled from what: the rows that matter in the plan, and all of them in a form."""

from bot.views.message import Block, Modal
from bot.views.pieces import code, escape, note, section, table
from pipeline.explaining.field import Written, written
from pipeline.plan.model import Lookup, Mapping, Plan
from pipeline.plan.outline import system_name
from pipeline.plan.words import is_telling, show_entity, show_mapping

_ROWS_SHOWN = 12
_CHUNK = 2800  # characters of a section, with room for the code marks


def mapping_blocks(plan: Plan) -> list[Block]:
    """What a reader should look at first: fields to review, then those that are transformed."""
    fields = sorted(written(plan), key=_how_plain)
    if not fields:
        return [note("No fields are mapped yet.")]
    rows = [_row(plan, field) for field in fields[:_ROWS_SHOWN]]
    rest = len(fields) - _ROWS_SHOWN
    more = note(f"{rest} more fields under *Review mapping* and in the document.")
    return [table(("Target", "Source", "Note"), rows), *([more] if rest > 0 else [])]


def mapping_form(plan: Plan) -> Modal:
    """The whole mapping, to read."""
    lines = [
        f"{code(target)} ← {code(source)}" + (f" – {escape(remark)}" if remark else "")
        for target, source, remark in (_row(plan, field) for field in written(plan))
    ]
    return Modal("Mapping", tuple(section(part) for part in chunks(lines)), close="Close")


def _row(plan: Plan, field: Written) -> tuple[str, str, str]:
    return _target(plan, field), *show_mapping(field.mapping)


def _target(plan: Plan, field: Written) -> str:
    """The field written; with its record, where that is not the plan's first."""
    first, end = plan.workflows[0].target, field.end
    if end is first:
        return field.mapping.target
    record = show_entity(end.entity)
    if end.entity == first.entity:
        record = f"{system_name(plan, end.system)} {record}"
    return f"{record}: {field.mapping.target}"


def _how_plain(field: Written) -> int:
    mapping = field.mapping
    if mapping.status == "needs-review":
        return 0
    if isinstance(field.end, Lookup):
        return 4  # of a record that is only created where it is missing
    if is_telling(mapping.transform) or (mapping.source or "").startswith("$"):
        return 1
    return 3 if _goes_without_saying(mapping) else 2


def _goes_without_saying(mapping: Mapping) -> bool:
    return mapping.source is None or "." in mapping.target.replace("[].", "")


def chunks(lines: list[str]) -> list[str]:
    """Lines put together into texts that fit a section each."""
    parts = [""]
    for line in lines or ["Nothing is mapped yet."]:
        if len(parts[-1]) + len(line) > _CHUNK:
            parts.append("")
        parts[-1] += f"{line}\n"
    return [part for part in parts if part.strip()]
