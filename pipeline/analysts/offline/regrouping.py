"""“Group the rows by order number”, “one invoice per order”: rows put together, or taken apart."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.analysts.offline.grain import read_grain
from pipeline.analysts.offline.statement import Statement
from pipeline.plan import edits as e
from pipeline.plan.schemas import read_schema

_APART = (
    r"\b(?:don't|do not|no longer|never|stop|without)\s+(?:\w+\s+)?"
    r"(?:group|combin|merg|bundl)\w*|\bungroup\b|\bone (?:\w+ )?(?:per|for each) row\b"
)


def grouping(statement: Statement) -> Iterator[e.PlanEdit]:
    for workflow in statement.workflows:
        if statement.says(_APART):
            if workflow.group_by is not None:
                yield e.GroupRows(workflow=workflow.name)
            continue
        source = read_schema(statement.catalogue, workflow) or {}
        entity = workflow.source.entity
        found = read_grain(
            statement.text, source, [entity, *entity.split("-")], statement.target(workflow)
        )
        if found.group_by is not None and workflow.trigger.kind != "webhook":
            yield e.GroupRows(workflow=workflow.name, field=found.group_by)
