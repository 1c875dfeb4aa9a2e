"""Tests of a workflow's filters: records on both sides of each."""

from dataclasses import dataclass
from typing import Any

from pipeline.codegen.case_text import changes_literal, constant_name
from pipeline.codegen.literals import literal
from pipeline.codegen.samples import REMOVED, changed
from pipeline.codegen.variants import Place
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.mapping.evaluate import passes
from pipeline.plan.model import Filter
from pipeline.plan.paths import parse


@dataclass(frozen=True)
class FilterCase:
    title: str
    input: str
    expected: str


def filter_cases(design: WorkflowDesign, record: Any) -> list[FilterCase]:
    """For each filter a record that it leaves out and one that it does not, changed from one."""
    found: dict[str, FilterCase] = {}
    for one in design.workflow.filters:
        for value in _candidates(one, _at(record, _place(one.field, record))):
            tried = changed(record, {_place(one.field, record): value})
            reason = _reason(design, tried)
            title = f"{one.field} is {'missing' if value is REMOVED else literal(value)}"
            constant = constant_name(design.seen)
            changes = changes_literal({(design.seen, *_place(one.field, record)): value})
            expected = literal(reason) if reason else "undefined"
            found[title] = FilterCase(title, f"changed({constant}, {changes})", expected)
    return list(found.values())


def _reason(design: WorkflowDesign, record: Any) -> str | None:
    for one, condition in zip(design.workflow.filters, design.conditions, strict=True):
        if not passes(one, record):
            return condition.reason
    return None


def _candidates(one: Filter, current: Any) -> list[Any]:
    """Values on both sides of a filter; numbers as texts where the field has them so."""
    wanted = one.bound if one.op in ("gt", "gte", "lt", "lte") else one.value
    if isinstance(wanted, list):
        return [*wanted, "something else", REMOVED]
    if isinstance(wanted, bool):
        return [True, False, None, REMOVED]
    if isinstance(wanted, int | float):
        numbers = [wanted - 1, wanted, wanted + 1]
        as_text = isinstance(current, str) or isinstance(one.value, str)
        return [*(map(str, numbers) if as_text else numbers), REMOVED]
    if isinstance(wanted, str):
        return [wanted, f"not {wanted}x", "zz", "", REMOVED]
    return ["something", None, "", REMOVED]


def _place(path: str, record: Any) -> Place:
    """Where a filter's field stands in a record; in the first element of an array."""
    place: list[str | int] = []
    for step in parse(path).steps:
        place += [step.name, 0] if step.repeated else [step.name]
    return tuple(place)


def _at(record: Any, place: Place) -> Any:
    """What stands at a place of a record; None where nothing does."""
    for step in place:
        found = isinstance(record, dict) and step in record
        found = found or (isinstance(record, list) and isinstance(step, int) and step < len(record))
        record = record[step] if found else None
    return record


def with_value(record: Any, one: Filter) -> Any:
    """The record with a value for which the filter holds, if one of the candidates does."""
    for value in _candidates(one, _at(record, _place(one.field, record))):
        tried = changed(record, {_place(one.field, record): value})
        if passes(one, tried):
            return tried
    return record
