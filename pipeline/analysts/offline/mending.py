"""Edits that mend what the checks of a plan have found, where that needs no person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.offline.records import LAST_RESORT, default_of, usable
from pipeline.artifacts import Finding
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.errors import InvalidEdit
from pipeline.mapping.match import candidates
from pipeline.plan.apply import apply_edit
from pipeline.plan.edits import MapField, PlanEdit, RemoveFilter, UnmapField
from pipeline.plan.model import Plan, Workflow
from pipeline.plan.schemas import entity_schema, source_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_REQUIRED = re.compile(r"^(?P<path>\S+) of the .* is required, and nothing fills it")
_READ_ONLY = re.compile(r"^(?P<path>\S+) is read-only")
_NO_TARGET = re.compile(r"^The \S+ has no field “(?P<path>[^”]+)”")
_TOO_LONG = re.compile(r"too long; at most (?P<length>\d+) characters")
_UNWANTED = re.compile(r"not known or supported|read-only field must not be sent")
_NO_FILTER = re.compile(r"^The filter's field “(?P<path>[^”]+)”")


def mend(plan: Plan, findings: Sequence[Finding], catalogue: Catalogue) -> list[PlanEdit]:
    """Edits for the findings of the plan's own checks that still apply; others need a person."""
    edits: list[PlanEdit] = []
    for finding in findings:
        for edit in _proposed(plan, finding, catalogue):
            try:
                plan = apply_edit(plan, edit, catalogue)
            except InvalidEdit:
                continue  # the finding stands, and a person is asked
            edits.append(edit)
    return edits


def _proposed(plan: Plan, finding: Finding, catalogue: Catalogue) -> Iterator[PlanEdit]:
    if finding.tool == "plan":
        yield from _edits(plan, finding.message, catalogue)
    workflow = next((one for one in plan.workflows if one.name == finding.workflow), None)
    if finding.tool == "dry run" and workflow is not None and finding.field is not None:
        yield from _for_refusal(workflow, finding.field, finding.message, catalogue)


def _for_refusal(
    workflow: Workflow, path: str, said: str, catalogue: Catalogue
) -> Iterator[PlanEdit]:
    """What a strict mock refused of the first write, mended as the refusal says."""
    mapping = next((one for one in workflow.mappings if one.target == path), None)
    if mapping is None and "required field is missing" in said:
        yield from _fill(workflow, path, catalogue)
    elif mapping is not None and _UNWANTED.search(said):
        yield UnmapField(workflow=workflow.name, target=path, reason="the API does not take it")
    elif mapping is not None and mapping.transform is None and (limit := _TOO_LONG.search(said)):
        yield MapField(
            workflow=workflow.name, target=path, source=mapping.source, transform="truncate",
            transform_args={"length": int(limit["length"])}, each=mapping.each,
            reason="the API takes no more",
        )  # fmt: skip


def _edits(plan: Plan, message: str, catalogue: Catalogue) -> Iterator[PlanEdit]:
    name, _, said = message.partition(": ")
    workflow = next((one for one in plan.workflows if one.name == name), None)
    if workflow is None:
        return
    if match := _REQUIRED.match(said):
        yield from _fill(workflow, match["path"], catalogue)
    elif match := _READ_ONLY.match(said) or _NO_TARGET.match(said):
        yield UnmapField(workflow=name, target=match["path"], reason="the API does not take it")
    elif match := _NO_FILTER.match(said):
        yield RemoveFilter(workflow=name, field=match["path"])


def _fill(workflow: Workflow, path: str, catalogue: Catalogue) -> Iterator[PlanEdit]:
    target = entity_schema(catalogue, workflow.target.system, workflow.target.entity)
    source = source_schema(catalogue, workflow)
    field = _field(target, path) if target is not None else None
    if field is None or source is None or target is None:
        return
    value, why = default_of(field)
    if value is not None:
        yield MapField(workflow=workflow.name, target=path, constant=value, reason=why)
        return
    known = {one.path: one for one in fields(source)}
    for option in candidates(source, target, k=3).get(path, []):
        if option.score >= LAST_RESORT and usable(known[option.source], field):
            yield MapField(workflow=workflow.name, target=path, source=option.source,
                           reason="the best match for a required field")  # fmt: skip
            return


def _field(schema: object, path: str) -> FieldInfo | None:
    return next((one for one in fields(schema) if one.path == path), None)  # type: ignore[arg-type]
