"""What is incomplete or inconsistent in a plan; nothing is built while a finding stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.artifacts import Finding
from pipeline.catalogue.schema import FieldInfo
from pipeline.catalogue.shape import Schema
from pipeline.errors import InvalidEdit
from pipeline.mapping.custom import custom_problems
from pipeline.mapping.placeholders import converts, placeholders
from pipeline.mapping.transforms import CUSTOM, TRANSFORMS, choose, further_sources
from pipeline.plan.filling import compares, constant_fits, fits, source_field
from pipeline.plan.lacking import lacking
from pipeline.plan.model import (
    MATCHING,
    Filter,
    KeyPair,
    Lookup,
    Mapping,
    Plan,
    Transform,
    Workflow,
)
from pipeline.plan.paths import array_of, parse
from pipeline.plan.schemas import (
    did_you_mean,
    entity_schema,
    entry_of,
    find_field,
    paths_of,
    read_schema,
    source_schema,
)
from pipeline.plan.triggers import check_trigger

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def check(plan: Plan, catalogue: Catalogue) -> list[Finding]:
    """All findings of a plan, in the order of its parts; empty where it can be compiled."""
    if not plan.scope.in_scope:
        return []
    messages = [*_systems(plan, catalogue), *_names(plan)]
    for workflow in plan.workflows:
        messages += [
            f"{workflow.name}: {text}" for text in _Workflow(plan, workflow, catalogue).all()
        ]
    return [Finding(tool="plan", message=message) for message in messages]


def _systems(plan: Plan, catalogue: Catalogue) -> Iterator[str]:
    if not plan.workflows:
        yield "The plan has no workflow: name the system to read and the system to write."
    for system in plan.systems:
        entry = entry_of(catalogue, system.name)
        if entry is None or not entry.entities:
            yield (f"Weft does not know the API of {system.display_name}; attach its OpenAPI file.")
        elif not system.base_url and entry.operations:
            yield f"{system.display_name} has no base URL; say “the base URL of … is https://…”."


def _names(plan: Plan) -> Iterator[str]:
    names = [workflow.name for workflow in plan.workflows]
    yield from (f"Two workflows are called {name}." for name in set(names) if names.count(name) > 1)
    known = {system.name for system in plan.systems}
    for workflow in plan.workflows:
        used = [workflow.source.system, workflow.target.system]
        used += [lookup.system for lookup in workflow.lookups]
        used += [write.system for write in workflow.writes]
        for name in dict.fromkeys(name for name in used if name not in known):
            yield f"{workflow.name} uses {name}, which is not among the plan's systems."


class _Workflow:
    """The checks of one workflow; schemas that nobody knows are not checked against."""

    def __init__(self, plan: Plan, workflow: Workflow, catalogue: Catalogue) -> None:
        self.plan = plan
        self.workflow = workflow
        self.catalogue = catalogue
        self.source = source_schema(catalogue, workflow)
        self.read = read_schema(catalogue, workflow)

    def all(self) -> Iterator[str]:
        workflow = self.workflow
        yield from self._trigger()
        yield from self._endpoints()
        yield from (text for item in workflow.filters for text in self._filter(item))
        yield from self._grouping()
        yield from self._order()
        for lookup in workflow.lookups:
            yield from self._lookup(lookup)
        target = entity_schema(self.catalogue, workflow.target.system, workflow.target.entity)
        operation = self._required(workflow.target.system, workflow.target.entity, "create")
        yield from self._record(workflow.mappings, target, workflow.target.entity, operation,
                                whole=workflow.write_mode not in ("update", "delete"))  # fmt: skip
        yield from self._keys(workflow.match_on, target)
        for each in (workflow.each, *(write.each for write in workflow.writes)):
            yield from self._list(each)
        if workflow.write_mode in MATCHING and not workflow.match_on:
            yield f"It is to {workflow.write_mode}, but no field says which record is the same."
        for write in workflow.writes:
            schema = entity_schema(self.catalogue, write.system, write.entity)
            yield from self._record(write.mappings, schema, write.entity, [],
                                    whole=write.write_mode == "create")  # fmt: skip
            yield from self._keys(write.match_on, schema)

    def _list(self, each: str | None) -> Iterator[str]:
        """Whether the source has the list of whose elements each is written."""
        if each is None or self.source is None:
            return
        known = dict.fromkeys(array_of(path) for path in paths_of(self.source))
        if each not in known:
            near = did_you_mean(each, [array for array in known if array])
            yield f"The list “{each}” is not in the source.{near}"

    def _trigger(self) -> Iterator[str]:
        try:
            check_trigger(self.workflow.trigger,
                          entry_of(self.catalogue, self.workflow.source.system))  # fmt: skip
        except InvalidEdit as error:
            yield str(error)

    def _endpoints(self) -> Iterator[str]:
        for end in (self.workflow.source, self.workflow.target):
            entry = entry_of(self.catalogue, end.system)
            if entry is None or not entry.entities:
                continue
            names = [entity.name for entity in entry.entities]
            if end.entity not in names:
                yield (
                    f"{entry.display_name} has no “{end.entity}”.{did_you_mean(end.entity, names)}"
                )
            elif end is self.workflow.target and end.method is None:
                done = "delete" if self.workflow.write_mode == "delete" else "write"
                yield (
                    f"Weft knows no way to {done} the {end.entity} records of {entry.display_name}."
                )

    def _filter(self, item: Filter) -> Iterator[str]:
        field = find_field(self.read, item.field) if self.read is not None else None
        if self.read is not None and field is None:
            near = did_you_mean(item.field, paths_of(self.read))
            yield f"The filter's field “{item.field}” is not in the source.{near}"
        if field is not None and not compares(field, item):
            yield f"The filter compares {item.field}, which is a number, with “{item.value}”."

    def _grouping(self) -> Iterator[str]:
        """Whether rows can be put together by the field that is named."""
        by = self.workflow.group_by
        if by is None:
            return
        if self.workflow.trigger.kind == "webhook":
            yield f"Rows are grouped by {by} when they are read: run it on a schedule or by hand."
        if self.workflow.sync_group is not None:
            yield f"Rows grouped by {by} cannot be kept the same both ways: sync one way."
        if "[]" in by or (self.read is not None and find_field(self.read, by) is None):
            near = did_you_mean(by, paths_of(self.read))
            yield f"Rows cannot be grouped by “{by}”, which is no field of theirs.{near}"

    def _order(self) -> Iterator[str]:
        """A lookup may use only those before it; that also rules out cycles."""
        before: set[str] = set()
        for lookup in self.workflow.lookups:
            used = [pair.source for pair in lookup.by] + [one.source for one in lookup.mappings]
            for path in used:
                start = _start(path)
                if start is not None and start[0] == "lookup" and start[1] not in before:
                    yield f"Lookup {lookup.name} needs “{start[1]}”, which is not found before it."
            before.add(lookup.name)

    def _lookup(self, lookup: Lookup) -> Iterator[str]:
        schema = entity_schema(self.catalogue, lookup.system, lookup.entity)
        entry = entry_of(self.catalogue, lookup.system)
        if entry is not None and entry.entities and schema is None:
            yield f"Lookup {lookup.name}: {entry.display_name} has no “{lookup.entity}”."
            return
        if not lookup.by:
            yield f"Lookup {lookup.name} has no field to find by."
        yield from self._keys(lookup.by, schema)
        if lookup.on_missing == "create":
            required = self._required(lookup.system, lookup.entity, "create")
            yield from self._record(lookup.mappings, schema, lookup.entity, required, whole=True)

    def _required(self, system: str, entity: str, action: str) -> list[str]:
        entry = entry_of(self.catalogue, system)
        operation = entry.operation(entity, "create") if entry is not None else None
        return operation.required if operation is not None else []

    def _keys(self, pairs: list[KeyPair], schema: Schema | None) -> Iterator[str]:
        for pair in pairs:
            if schema is not None and find_field(schema, pair.target) is None:
                near = did_you_mean(pair.target, paths_of(schema))
                yield f"The key “{pair.target}” is no field of the target.{near}"
            yield from self._readable(pair.source)

    def _readable(self, path: str) -> Iterator[str]:
        try:
            source_field(self.plan, self.workflow, path, self.catalogue)
        except InvalidEdit as error:
            yield str(error)

    def _record(
        self, mappings: list[Mapping], schema: Schema | None, entity: str,
        required: list[str], *, whole: bool,
    ) -> Iterator[str]:  # fmt: skip
        for mapping in mappings:
            yield from self._mapping(mapping, schema, entity)
        if schema is not None and whole:
            for path, group in lacking(mappings, schema, required):
                where = f" for each of {group}" if group else ""
                yield f"{path} of the {entity} is required, and nothing fills it{where}."

    def _mapping(self, mapping: Mapping, schema: Schema | None, entity: str) -> Iterator[str]:
        target = find_field(schema, mapping.target)
        if target is None:
            near = did_you_mean(mapping.target, paths_of(schema))
            yield f"The {entity} has no field “{mapping.target}”.{near}"
            return
        if target.read_only:
            yield f"{mapping.target} is read-only: the API sets it itself."
        if target.key == "natural" and (mapping.source or "").startswith("$variable."):
            yield (
                f"Every {entity} would have the same {mapping.target}, and replace the one before: "
                "say which field of the source tells them apart."
            )
        if (
            array_of(mapping.target)
            and mapping.each is None
            and array_of(mapping.source or "") is None
        ):
            yield f"{mapping.target} is in an array; say for each of which elements it is written."
        if mapping.transform is not None:
            yield from _transform(mapping, mapping.transform)
            yield from self._shown(mapping, mapping.transform)
        yield from self._value(mapping, target)

    def _shown(self, mapping: Mapping, transform: Transform) -> Iterator[str]:
        """What is wrong with the fields that a template shows."""
        for one in placeholders(str(transform.args.get("text", ""))):
            if one.transform is not None and not converts(one.transform):
                yield f"{mapping.target}: “{one.transform}” is no conversion that a text can use."
            try:
                if one.path != "value":
                    source_field(self.plan, self.workflow, one.path, self.catalogue)
            except InvalidEdit as error:
                yield f"{mapping.target}: {error}"

    def _value(self, mapping: Mapping, target: FieldInfo) -> Iterator[str]:
        if mapping.source is None:
            yield from _constant(mapping, target)
            return
        try:
            source = source_field(self.plan, self.workflow, mapping.source, self.catalogue)
        except InvalidEdit as error:
            yield str(error)
            return
        if (
            mapping.transform is None
            and not fits(source, target)
            and choose(source, target) is None
        ):
            yield (
                f"{mapping.source} is of type {source.type}, {mapping.target} of type "
                f"{target.type}, and no transform is named."
            )


def _transform(mapping: Mapping, transform: Transform) -> Iterator[str]:
    if transform.name == CUSTOM and transform.custom is not None:
        yield from custom_problems(transform.custom, [mapping.source, *further_sources(transform)])
    elif transform.name not in TRANSFORMS:
        yield f"{mapping.target}: there is no transform “{transform.name}”."


def _start(path: str | None) -> tuple[str, str] | None:
    if path is None:
        return None
    try:
        parsed = parse(path)
    except InvalidEdit:
        return None  # told where the path is read
    return parsed.root, parsed.name


def _constant(mapping: Mapping, target: FieldInfo) -> Iterator[str]:
    value = mapping.constant
    if value is None:
        yield f"{mapping.target} has neither a source nor a constant."
    elif target.enum and value not in target.enum:
        yield f"“{value}” is not among the values of {mapping.target}."
    elif not constant_fits(target, value):
        yield f"“{value}” is not of the type of {mapping.target} ({target.type})."
    elif target.max_length is not None and len(str(value)) > target.max_length:
        yield f"“{value}” is longer than the {target.max_length} characters of {mapping.target}."
