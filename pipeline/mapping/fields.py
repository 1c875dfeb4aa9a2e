"""The fields that a workflow's paths name, whichever record they start at."""

from typing import TYPE_CHECKING, Any

from pipeline.catalogue.schema import FieldInfo, field_at
from pipeline.catalogue.shapes import plain_field
from pipeline.plan.model import Plan, Workflow
from pipeline.plan.paths import parse
from pipeline.plan.schemas import entity_schema, source_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

Schema = dict[str, Any]


class SchemaFields:
    """The fields of one schema, each looked up once."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._known: dict[str, FieldInfo | None] = {}

    def at(self, path: str) -> FieldInfo | None:
        if path not in self._known:
            self._known[path] = field_at(self._schema, path)
        return self._known[path]


class Fields:
    """Resolves a path of one workflow to its field; None where no schema knows it."""

    def __init__(self, plan: Plan, workflow: Workflow, catalogue: "Catalogue") -> None:
        self.source_schema: Schema = dict(source_schema(catalogue, workflow) or {})
        self._types = {variable.name: variable.type for variable in plan.variables}
        self._lookups = {
            lookup.name: entity_schema(catalogue, lookup.system, lookup.entity) or {}
            for lookup in workflow.lookups
        }
        self._writes = {
            write.id: entity_schema(catalogue, write.system, write.entity) or {}
            for write in workflow.writes
        }
        target = workflow.target
        self._writes["target"] = entity_schema(catalogue, target.system, target.entity) or {}
        self._known: dict[str, FieldInfo | None] = {}

    def of(self, path: str) -> FieldInfo | None:
        if path not in self._known:
            self._known[path] = self._find(path)
        return self._known[path]

    def _find(self, path: str) -> FieldInfo | None:
        parsed = parse(path)
        rest = ".".join(str(step) for step in parsed.steps)
        if parsed.root == "record":
            return plain_field(self.source_schema, rest)
        if parsed.root == "variable":
            return FieldInfo(path=path, type=self._types.get(parsed.name, "string"), required=True)
        schemas = self._lookups if parsed.root == "lookup" else self._writes
        return plain_field(schemas.get(parsed.name, {}), rest)


def always_there(schema: Schema, path: str) -> bool:
    """Whether every record that is read has a value at the path: only its id is that certain.

    What a schema requires, it requires of those who write; an API may still leave it out.
    """
    field = field_at(schema, path)
    return field is not None and field.key == "id" and "." not in path
