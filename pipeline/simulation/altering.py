"""Records that are not as their schema promised: a field that is gone, or texts of any length."""

from functools import partial
from typing import Any

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import field_at, fields
from pipeline.codegen.sources import argument_paths
from pipeline.plan.grouping import as_group, of_rows, rows_of
from pipeline.plan.model import Workflow
from pipeline.simulation.json_paths import change_at
from pipeline.simulation.preparing import Record, as_record, source_schema, written

_LONG = 5000  # characters, where a schema names no limit


def without(record: Record, path: str, *, renamed: bool, grouped: bool = False) -> Record:
    """The record with one field null, or called otherwise, in each element where it repeats.

    Of a record that is made of rows, each row lacks it.
    """
    if grouped:
        inner = path if (found := of_rows(path)) is None else found
        return as_group([_lacking(row, inner, renamed) for row in rows_of(record)])
    return _lacking(record, path, renamed)


def _lacking(record: Record, path: str, renamed: bool) -> Record:
    outer, _, last = path.rpartition(".")

    def damaged(owner: Any) -> Any:
        if not isinstance(owner, dict) or last not in owner:
            return owner
        if not renamed:
            return {**owner, last: None}
        return {f"{name}_v2" if name == last else name: each for name, each in owner.items()}

    return as_record(change_at(record, outer, damaged))


def longest(entry: SystemEntry, target: SystemEntry, workflow: Workflow, record: Record) -> Record:
    """The record with its plain texts as long as their schema lets them be, or usually long.

    What becomes a key stays as it is: a key is never cut, so one that is too long is refused.
    So does what decides whether the record is wanted at all.
    """
    fixed = _fixed(target, workflow)
    if workflow.group_by is not None:
        return as_group([_lengthened_all(entry, workflow, row, fixed) for row in rows_of(record)])
    return _lengthened_all(entry, workflow, record, fixed)


def _lengthened_all(
    entry: SystemEntry, workflow: Workflow, record: Record, fixed: set[str]
) -> Record:
    for info in fields(source_schema(entry, workflow)):
        plain = info.type == "string" and not (info.format or info.enum or info.unit or info.key)
        if plain and info.path not in fixed:
            size = min(info.max_length or _LONG, _LONG)
            record = change_at(record, info.path, partial(_lengthened, size))
    return as_record(record)


def _lengthened(size: int, value: Any) -> Any:
    is_text = isinstance(value, str) and not value.replace(".", "").isdigit()
    return value.ljust(size, "x") if is_text else value


def _fixed(target: SystemEntry, workflow: Workflow) -> set[str]:
    """Source paths of which keys of the target's records are made, or that filters read."""
    paths = {pair.source for pair in workflow.match_on}
    paths |= {pair.source for one in workflow.lookups for pair in one.by}
    paths |= {one.field for one in workflow.filters}  # a longer value might not pass any more
    paths |= {workflow.group_by or ""}
    for system, entity, mappings in written(workflow):
        schema = target.entity(entity).record_schema if system == target.name else {}
        for mapping in mappings:
            info = field_at(schema, mapping.target)
            if info is not None and (info.key or info.format):
                paths |= {mapping.source or "", *argument_paths(mapping)}
    return paths | {inner for path in paths if (inner := of_rows(path))}
