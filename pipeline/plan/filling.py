"""Filling one target field, and emptying it, with every rule of the two schemas kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import JsonValue

from pipeline.catalogue.schema import FieldInfo
from pipeline.catalogue.shape import Schema
from pipeline.errors import InvalidEdit
from pipeline.mapping.transforms import CUSTOM, TRANSFORMS, choose
from pipeline.plan.edits import MapField, UnmapField
from pipeline.plan.model import Filter, Mapping, Plan, Transform, Workflow
from pipeline.plan.paths import array_of, parse
from pipeline.plan.schemas import (
    closest,
    did_you_mean,
    entity_schema,
    find_field,
    paths_of,
    source_schema,
)

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_NUMBERS = ("number", "integer")


def filled(plan: Plan, workflow: Workflow, edit: MapField, catalogue: Catalogue) -> Workflow:
    """The workflow with a field filled as the edit says, marked as confirmed by a person."""
    if (edit.source is None) == (edit.constant is None):
        raise InvalidEdit(f"Give {edit.target} one value: a source field or a constant.")
    endpoint = _endpoint(workflow, edit.write, edit.lookup)
    target = target_field(entity_schema(catalogue, *endpoint), edit.target, endpoint[1])
    transform = None
    if edit.source is None:
        _check_constant(target, edit.constant)
    else:
        source = source_field(plan, workflow, edit.source, catalogue)
        transform = _transform(edit, source, target)
    mapping = Mapping(
        target=edit.target, source=edit.source, constant=edit.constant, transform=transform,
        status="confirmed", each=_each(workflow, edit), note=edit.reason,
    )  # fmt: skip
    return _changed(workflow, edit.write, edit.lookup, mapping)


def unfilled(workflow: Workflow, edit: UnmapField, catalogue: Catalogue) -> Workflow:
    """The workflow without a field's mappings; InvalidEdit where the API requires the field."""
    endpoint = _endpoint(workflow, edit.write, None)
    mappings = _mappings(workflow, edit.write, None)
    kept = [mapping for mapping in mappings if mapping.target != edit.target]
    if len(kept) == len(mappings):
        names = [mapping.target for mapping in mappings]
        raise InvalidEdit(f"{edit.target} is not mapped.{did_you_mean(edit.target, names)}")
    schema = entity_schema(catalogue, *endpoint)
    field = find_field(schema, edit.target) if schema is not None else None
    if field is not None and field.required:
        raise InvalidEdit(f"{edit.target} is required there; map it to something else instead.")
    return _with_mappings(workflow, edit.write, None, kept)


def target_field(
    schema: Schema | None, path: str, entity: str, *, writing: bool = True
) -> FieldInfo:
    """The field to write; InvalidEdit where there is none or it is read-only."""
    parse(path)
    field = find_field(schema, path)
    if field is None:
        raise InvalidEdit(
            f"The {entity} has no field “{path}”.{did_you_mean(path, paths_of(schema))}"
        )
    if field.read_only and writing:
        raise InvalidEdit(f"{path} is read-only: the API sets it itself.")
    return field


def source_field(plan: Plan, workflow: Workflow, path: str, catalogue: Catalogue) -> FieldInfo:
    """The field that a path reads, of the record, a lookup, a write or a variable."""
    start = parse(path)
    rest = ".".join(map(str, start.steps))
    if start.root == "variable":
        return _variable(plan, start.name, path)
    if start.root == "record":
        schema, owner = source_schema(catalogue, workflow), workflow.source.entity
    else:
        schema, owner = _result_schema(workflow, start.root, start.name, catalogue)
    field = find_field(schema, rest) if rest else FieldInfo(path=path, type="object")
    if field is None:
        raise InvalidEdit(
            f"The {owner} has no field “{rest}”.{did_you_mean(rest, paths_of(schema))}"
        )
    return field


def _variable(plan: Plan, name: str, path: str) -> FieldInfo:
    known = {variable.name: variable for variable in plan.variables}
    if name not in known:
        raise InvalidEdit(f"There is no variable “{name}”.{did_you_mean(name, list(known))}")
    return FieldInfo(path=path, type=known[name].type)


def _result_schema(
    workflow: Workflow, root: str, name: str, catalogue: Catalogue
) -> tuple[Schema | None, str]:
    results = {lookup.name: (lookup.system, lookup.entity) for lookup in workflow.lookups}
    if root == "write":
        results = {write.id: (write.system, write.entity) for write in workflow.writes}
        results["target"] = (workflow.target.system, workflow.target.entity)
    if name not in results:
        raise InvalidEdit(f"There is no {root} “{name}”.{did_you_mean(name, list(results))}")
    return entity_schema(catalogue, *results[name]), results[name][1]


def fits(source: FieldInfo, target: FieldInfo) -> bool:
    """Whether a value may be written as it is, by its type."""
    if "any" in (source.type, target.type) or source.type == target.type:
        return True
    return source.type == "integer" and target.type == "number"


def _transform(edit: MapField, source: FieldInfo, target: FieldInfo) -> Transform | None:
    if edit.transform is not None:
        if edit.transform == CUSTOM and edit.custom is not None:
            return Transform(name=CUSTOM, args=edit.transform_args, custom=edit.custom)
        if edit.transform not in TRANSFORMS:
            names = closest(edit.transform, list(TRANSFORMS))
            raise InvalidEdit(f"There is no transform “{edit.transform}”; try {', '.join(names)}.")
        return Transform(name=edit.transform, args=edit.transform_args)
    chosen = choose(source, target)
    if chosen is None and not fits(source, target):
        raise InvalidEdit(
            f"{edit.source} is of type {source.type}, {edit.target} of type {target.type}; "
            "name a transform or another field."
        )
    return chosen


def _check_constant(target: FieldInfo, value: JsonValue) -> None:
    if target.enum and value not in target.enum:
        names = closest(str(value), [str(option) for option in target.enum])
        raise InvalidEdit(f"{target.path} is one of {', '.join(names)}…; “{value}” is not.")
    if not constant_fits(target, value):
        raise InvalidEdit(f"{target.path} is of type {target.type}; “{value}” is not.")
    if target.max_length is not None and len(str(value)) > target.max_length:
        raise InvalidEdit(f"{target.path} holds at most {target.max_length} characters.")


def compares(field: FieldInfo, item: Filter) -> bool:
    """Whether a filter's value can be compared with a field: with a number, only another one."""
    wanted = item.value if isinstance(item.value, list) else [item.bound]
    listed = item.op in ("eq", "ne", "in", "not-in", "gt", "gte", "lt", "lte")
    if field.type not in _NUMBERS or not listed:
        return True
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in wanted)


def constant_fits(target: FieldInfo, value: JsonValue) -> bool:
    """Whether a constant is of its field's type."""
    if isinstance(value, bool):
        return target.type in ("boolean", "any")
    kinds: dict[str, tuple[type, ...]] = {
        "string": (str,), "integer": (int,), "number": (int, float), "boolean": (),
        "object": (dict,), "array": (list,),
    }  # fmt: skip
    return target.type not in kinds or isinstance(value, kinds[target.type])


def _endpoint(workflow: Workflow, write: str | None, lookup: str | None) -> tuple[str, str]:
    """The system and entity that a mapping writes to."""
    if lookup is not None:
        found = {one.name: (one.system, one.entity) for one in workflow.lookups}
        if lookup not in found:
            raise InvalidEdit(f"There is no lookup “{lookup}”.{did_you_mean(lookup, list(found))}")
        return found[lookup]
    if write in (None, "target"):
        return workflow.target.system, workflow.target.entity
    writes = {one.id: (one.system, one.entity) for one in workflow.writes}
    if write not in writes:
        raise InvalidEdit(f"There is no write “{write}”.{did_you_mean(str(write), list(writes))}")
    return writes[write]


def _each(workflow: Workflow, edit: MapField) -> str | None:
    array = array_of(edit.target)
    if array is None or edit.each is not None or edit.lookup is not None:
        return edit.each
    own = array_of(edit.source) if edit.source and not edit.source.startswith("$") else None
    if own is not None:
        return own
    beside = [one for one in workflow.mappings if array_of(one.target) == array]
    groups = [one.each for one in beside if one.each is not None]
    return groups[0] if groups else None


def _mappings(workflow: Workflow, write: str | None, lookup: str | None) -> list[Mapping]:
    if lookup is not None:
        return next(one.mappings for one in workflow.lookups if one.name == lookup)
    if write in (None, "target"):
        return workflow.mappings
    return next(one.mappings for one in workflow.writes if one.id == write)


def _changed(
    workflow: Workflow, write: str | None, lookup: str | None, mapping: Mapping
) -> Workflow:
    mappings = list(_mappings(workflow, write, lookup))
    places = [
        index for index, old in enumerate(mappings)
        if (old.target, old.each) == (mapping.target, mapping.each)
    ]  # fmt: skip
    if places:
        mappings[places[0]] = mapping
    else:
        mappings.append(mapping)
    return _with_mappings(workflow, write, lookup, mappings)


def _with_mappings(
    workflow: Workflow, write: str | None, lookup: str | None, mappings: list[Mapping]
) -> Workflow:
    if lookup is None and write in (None, "target"):
        return workflow.model_copy(update={"mappings": mappings})
    if lookup is not None:
        changed = [
            one.model_copy(update={"mappings": mappings}) if one.name == lookup else one
            for one in workflow.lookups
        ]
        return workflow.model_copy(update={"lookups": changed})
    writes = [
        one.model_copy(update={"mappings": mappings}) if one.id == write else one
        for one in workflow.writes
    ]
    return workflow.model_copy(update={"writes": writes})
