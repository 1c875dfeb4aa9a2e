"""A workflow with every target written as its API takes it, where a plan names only the member."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.catalogue.schema import FieldInfo
from pipeline.catalogue.shape import Schema
from pipeline.catalogue.shapes import shape_of
from pipeline.mapping.fields import Fields
from pipeline.mapping.transforms import spec_of
from pipeline.plan.model import Mapping, Plan, Workflow
from pipeline.plan.schemas import entity_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_CONSTANTS = {bool: "boolean", int: "integer", float: "number"}
_TIMES = {"date": "date", "datetime": "date-time", "from_unix_time": "date-time"}


def written_out(workflow: Workflow, plan: Plan, catalogue: "Catalogue") -> Workflow:
    """`properties.Price` becomes `properties.Price.number`, by what is written there."""
    fields = Fields(plan, workflow, catalogue)

    def of(system: str, entity: str, mappings: Sequence[Mapping]) -> list[Mapping]:
        schema = entity_schema(catalogue, system, entity) or {}
        return [_shaped(one, schema, fields) for one in mappings]

    target = workflow.target
    return workflow.model_copy(
        update={
            "mappings": of(target.system, target.entity, workflow.mappings),
            "lookups": [
                one.model_copy(update={"mappings": of(one.system, one.entity, one.mappings)})
                for one in workflow.lookups
            ],
            "writes": [
                one.model_copy(update={"mappings": of(one.system, one.entity, one.mappings)})
                for one in workflow.writes
            ],
        }
    )


def _shaped(mapping: Mapping, schema: Schema, fields: Fields) -> Mapping:
    shape = shape_of(schema, mapping.target, _value(mapping, fields))
    if shape is None:
        return mapping
    one = "[]" in shape.write and mapping.each is None and "[]" not in (mapping.source or "")
    return mapping.model_copy(
        update={
            "target": f"{mapping.target}.{shape.write}",
            "each": "" if one else mapping.each,
        }
    )


def _value(mapping: Mapping, fields: Fields) -> FieldInfo:
    """What is written: a constant, a source's field, or what its transform makes of it."""
    if mapping.source is None:
        kind = _CONSTANTS.get(type(mapping.constant), "string")
        return FieldInfo(path=mapping.target, type=kind)
    source = fields.of(mapping.source) or FieldInfo(path=mapping.source, type="string")
    if mapping.transform is None:
        return source
    gives = mapping.transform.custom.gives if mapping.transform.custom else None
    made = gives or spec_of(mapping.transform).gives
    path = mapping.source.replace("[]", "")  # a list becomes one value
    return FieldInfo(path=path, type=made, format=_TIMES.get(mapping.transform.name))
