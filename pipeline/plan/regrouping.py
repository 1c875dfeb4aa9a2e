"""Putting rows together, or taking them apart again: what reads a row's field follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import JsonValue

from pipeline.errors import InvalidEdit
from pipeline.mapping.transforms import spec_of
from pipeline.plan import edits as e
from pipeline.plan.choosing import chosen_workflow, put
from pipeline.plan.grouping import ROWS, of_rows
from pipeline.plan.model import Lookup, Mapping, Plan, Transform, Workflow
from pipeline.plan.paths import parse
from pipeline.plan.schemas import did_you_mean, find_field, paths_of, read_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

Move = Callable[[str], str]
_PLACE = re.compile(r"\{(?!value[}|])(?P<path>[^{}|]+)(?P<rest>\|[^{}]*)?\}")


def set_group(plan: Plan, edit: e.GroupRows, catalogue: Catalogue) -> Plan:
    """Rows with the same value of a field become one record; without a field, each is one."""
    workflow = chosen_workflow(plan, edit.workflow)
    if edit.field is not None:
        _check(workflow, edit.field, catalogue)
    return put(plan, workflow, regrouped(workflow, edit.field))


def _check(workflow: Workflow, field: str, catalogue: Catalogue) -> None:
    schema = read_schema(catalogue, workflow)
    if "[]" in field or (schema is not None and find_field(schema, field) is None):
        near = did_you_mean(field, paths_of(schema))
        raise InvalidEdit(f"The {workflow.source.entity} has no field “{field}”.{near}")
    if workflow.trigger.kind == "webhook":
        raise InvalidEdit(
            "Rows are put together when they are read: say when first, such as “every hour”."
        )


def regrouped(workflow: Workflow, by: str | None) -> Workflow:
    """The workflow with its rows grouped by a field, or by none."""
    update: dict[str, object] = {"group_by": by}
    if (workflow.group_by is None) != (by is None):
        move = _into_rows if by else _out_of_rows
        lines = {one.name for one in workflow.lookups if _is_of_lines(workflow, one.name)}
        update |= {
            "mappings": [_line(one, move) for one in workflow.mappings],
            "lookups": [
                _lookup(one, move) if one.name in lines else one for one in workflow.lookups
            ],
            "writes": [
                one.model_copy(update={"mappings": [_line(each, move) for each in one.mappings]})
                for one in workflow.writes
            ],
        }
    return workflow.model_copy(update=update)


def _into_rows(path: str) -> str:
    return path if parse(path).root != "record" or path.startswith(ROWS) else f"{ROWS}.{path}"


def _out_of_rows(path: str) -> str:
    return of_rows(path) or path


def _line(mapping: Mapping, move: Move) -> Mapping:
    """A mapping of the target's lines, with what it reads of a row; any other as it is."""
    return _of_row(mapping, move) if "[]" in mapping.target else mapping


def _of_row(mapping: Mapping, move: Move) -> Mapping:
    each = mapping.each and move(mapping.each)
    if move is _into_rows:
        each = each or ROWS
    each = None if each in ("", ROWS) and move is _out_of_rows else each
    return moved(mapping, move).model_copy(update={"each": each})


def into_lines(mapping: Mapping) -> Mapping:
    """A mapping as one of a group: the target's lines are made of its rows."""
    return _line(mapping, _into_rows)


def moved(mapping: Mapping, move: Move) -> Mapping:
    """The mapping with other paths in place of those that it reads."""
    return mapping.model_copy(
        update={
            "source": mapping.source and move(mapping.source),
            "transform": mapping.transform and _transform(mapping.transform, move),
            "alternatives": [
                one.model_copy(update={"source": move(one.source)}) for one in mapping.alternatives
            ],
        }
    )


def _transform(transform: Transform, move: Move) -> Transform:
    kinds = {one.name: one.kind for one in spec_of(transform).arguments}
    args = {name: _argument(value, kinds.get(name, ""), move)
            for name, value in transform.args.items()}  # fmt: skip
    return transform.model_copy(update={"args": args})


def _argument(value: JsonValue, kind: str, move: Move) -> JsonValue:
    if kind == "path" and isinstance(value, str):
        return move(value)
    if kind == "paths" and isinstance(value, list):
        return [move(str(one)) for one in value]
    if kind == "template":
        return _PLACE.sub(lambda one: f"{{{move(one['path'])}{one['rest'] or ''}}}", str(value))
    return value


def _is_of_lines(workflow: Workflow, lookup: str) -> bool:
    """Whether what is looked up goes into the target's lines."""
    mappings = [*workflow.mappings, *(each for one in workflow.writes for each in one.mappings)]
    found = [one for one in mappings if (one.source or "").startswith(f"$lookup.{lookup}.")]
    return bool(found) and all("[]" in one.target for one in found)


def _lookup(lookup: Lookup, move: Move) -> Lookup:
    by = [one.model_copy(update={"source": move(one.source)}) for one in lookup.by]
    created = [
        moved(one, move).model_copy(update={"each": ROWS if move is _into_rows else None})
        for one in lookup.mappings
    ]
    return lookup.model_copy(update={"by": by, "mappings": created})
