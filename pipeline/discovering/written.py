"""What a plan writes to one system."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import Mapping, Plan
from pipeline.plan.schemas import entity_schema, find_field


@dataclass(frozen=True)
class Written:
    """A mapping, and where an edit finds it."""

    workflow: str
    entity: str
    mapping: Mapping
    write: str | None = None
    required: bool = False


def writes_to(plan: Plan, catalogue: Catalogue, system: str) -> Iterator[Written]:
    """Every mapping of a write to this system."""
    for workflow in plan.workflows:
        target = workflow.target
        first = (None, target.system, target.entity, workflow.mappings)
        later = [(one.id, one.system, one.entity, one.mappings) for one in workflow.writes]
        for write, where, entity, mappings in (first, *later):
            schema = entity_schema(catalogue, system, entity)
            for mapping in mappings if where == system else ():
                info = find_field(schema, mapping.target)
                required = info is not None and info.required
                yield Written(workflow.name, entity, mapping, write, required)
