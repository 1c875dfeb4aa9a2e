"""Columns of a table or a sheet that nobody but its owner names: those that a plan reads."""

from collections.abc import Mapping
from typing import Any

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import FieldInfo, field_at, node_at
from pipeline.catalogue.shapes import shape_of
from pipeline.codegen.sources import source_paths
from pipeline.mapping.transforms import spec_of
from pipeline.plan.grouping import of_rows
from pipeline.plan.model import Mapping as FieldMapping
from pipeline.plan.model import Workflow
from pipeline.plan.paths import Step, parse
from pipeline.simulation.preparing import written

Schema = dict[str, Any]
_COPIED = ("type", "format", "enum", "maxLength", "pattern", "examples", "x-weft-unit")
_TIME: Schema = {"type": "string", "format": "date-time"}


def with_columns(
    entries: Mapping[str, SystemEntry], workflow: Workflow
) -> Mapping[str, SystemEntry]:
    """The systems, where the source's record has every field that the workflow reads of it."""
    source = entries[workflow.source.system]
    entity = source.entity(workflow.source.entity)
    schema = entity.record_schema
    for path, node in _read(entries, workflow).items():
        shape = shape_of(schema, path, _info(path, node))
        if shape is not None:
            kind = _with({}, list(parse(shape.write).steps), node)
            schema = _with(schema, list(parse(path).steps), kind)
        elif field_at(schema, path) is None:
            schema = _with(schema, list(parse(path).steps), node)
    if schema == entity.record_schema:
        return entries
    known = entity.model_copy(update={"record_schema": schema})
    entities = [known if one.name == entity.name else one for one in source.entities]
    return {**entries, source.name: source.model_copy(update={"entities": entities})}


def _read(entries: Mapping[str, SystemEntry], workflow: Workflow) -> dict[str, Schema]:
    """The paths that are read of a row, each with what it has to hold."""
    filled = {
        one.source: _node(one, node_at(entries[system].entity(entity).record_schema, one.target))
        for system, entity, mappings in written(workflow)
        for one in mappings
        if one.source
    }
    keys = {pair.source for pair in workflow.match_on}
    keys |= {pair.source for lookup in workflow.lookups for pair in lookup.by}
    found = {path: filled.get(path, {"type": "string"}) for path in source_paths(workflow)}
    if workflow.group_by is None:  # else rows share it
        found |= {path: {**found[path], "x-weft-key": "natural"} for path in keys & found.keys()}
    for extra, node in ((workflow.group_by, {"type": "string"}),
                        (workflow.cursor and workflow.cursor.field, _TIME)):  # fmt: skip
        if extra:
            found.setdefault(extra, node)
    within = {path if (inner := of_rows(path)) is None else inner: node
              for path, node in found.items()}  # fmt: skip
    return {path: node for path, node in within.items() if path}


def _node(mapping: FieldMapping, target: tuple[Schema, bool] | None) -> Schema:
    """What a column holds that fills a field: what its transform takes, else what the field is."""
    transform = mapping.transform
    if transform is not None and transform.custom is not None:
        return {"type": "string", "examples": [transform.custom.examples[0].inputs[0]]}
    if transform is not None:
        if table := transform.args.get("map"):
            return {"type": "string", "enum": list(table) if isinstance(table, dict) else []}
        spec = spec_of(transform)
        if spec.takes == "number" or spec.gives in ("number", "integer"):
            return {"type": "number"}
        if transform.name in ("date", "datetime", "to_unix_time"):
            return _TIME
    node = target[0] if target and transform is None else {}
    plain = {name: node[name] for name in _COPIED if name in node}
    return plain if plain.get("type") not in (None, "object", "array") else {"type": "string"}


def _info(path: str, node: Schema) -> FieldInfo:
    return FieldInfo(path=path, type=node.get("type", "string"), format=node.get("format"))


def _with(schema: Schema, steps: list[Step], node: Schema) -> Schema:
    """The schema with a field there; objects and lists on the way are made where missing."""
    step, *rest = steps
    properties = schema.get("properties", {})
    inner = properties.get(step.name, {})
    if step.repeated:
        items = _with(inner.get("items", {}), rest, node) if rest else node
        inner = {**inner, "type": "array", "items": items}
    else:
        inner = _with({"type": "object", **inner}, rest, node) if rest else node
    return {"type": "object", **schema, "properties": {**properties, step.name: inner}}
