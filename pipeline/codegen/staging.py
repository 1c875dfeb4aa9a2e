"""A workflow's lookups and writes, put into stages: one after another, one system each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.catalogue.schema import field_at
from pipeline.catalogue.shapes import kind_at
from pipeline.codegen.clients.method import id_field, operation
from pipeline.codegen.clients.reading import find_method
from pipeline.codegen.clients.writing import Writing
from pipeline.codegen.expressions import Scope
from pipeline.codegen.filters import condition
from pipeline.codegen.mapping_functions import MappingFunction, MappingWriter, element_name
from pipeline.codegen.names import indefinite, kebab, pascal, phrase, variable
from pipeline.codegen.references import Reference, lookup_array, reference
from pipeline.codegen.sources import all_sources
from pipeline.codegen.stages import Loop, Stage, WriteStep, order_of_lookups
from pipeline.codegen.systems import SystemDesign
from pipeline.codegen.taken import taken_names
from pipeline.codegen.targets import FIRST, Target, targets
from pipeline.codegen.types import Interface
from pipeline.codegen.writes import Writer
from pipeline.errors import OffGround
from pipeline.plan.changed import updated_field
from pipeline.plan.model import Lookup, Workflow
from pipeline.plan.model import Mapping as FieldMapping
from pipeline.plan.paths import parse


@dataclass
class Stager:
    """Designs the stages of one workflow, and what they need of their systems."""

    systems: Mapping[str, SystemDesign]
    workflow: Workflow
    scope: Scope
    record_type: Interface
    name_file: Callable[[str, str], str]
    taken: set[str] = field(default_factory=set)

    def stages(self, functions: list[MappingFunction]) -> list[Stage]:
        """The stages in order; the mapping functions are added to `functions`."""
        lookups = order_of_lookups(self.workflow.lookups, self.workflow.target.system)
        references = [self._reference(one, functions) for one in lookups]
        own: list[MappingFunction] = []
        writes = [self._write(one, own) for one in targets(self.workflow)]
        functions[:0] = own
        groups: list[tuple[str, list[Reference], list[WriteStep]]] = []
        for one in references:
            if not groups or groups[-1][0] != one.lookup.system:
                groups.append((one.lookup.system, [], []))
            groups[-1][1].append(one)
        for write in writes:
            if not groups or groups[-1][0] != write.target.system:
                groups.append((write.target.system, [], []))
            groups[-1][2].append(write)
        made = [self._stage(*group, len(references)) for group in groups]
        names = [one.name for one in made]
        return [
            replace(one, suffix=one.system.class_name) if names.count(one.name) > 1 else one
            for one in made
        ]

    def _stage(
        self, system: str, references: list[Reference], writes: list[WriteStep], count: int
    ) -> Stage:
        entity, design = self.workflow.source.entity, self.systems[system]
        own = design.class_name if len(references) < count else ""
        file = ""
        if references:
            name = (
                f"{kebab(entity)}-{kebab(own)}-references" if own else f"{kebab(entity)}-references"
            )
            file = self.name_file(name, f"{self.workflow.name}-{kebab(system)}-references")
        return Stage(
            system=design,
            references=tuple(references),
            writes=tuple(writes),
            finder=f"{pascal(entity)}{own}References",
            finder_file=file,
            all_references=len(references) == count,
        )

    def _reference(self, lookup: Lookup, functions: list[MappingFunction]) -> Reference:
        system = self.systems[lookup.system]
        types = {self.scope.record: self.record_type.name}
        each = lookup_array(lookup)
        if each:
            types[element_name(each)] = self.record_type.element(each)
        entry, by = system.entry, lookup.by
        find_method(entry, lookup.entity, by, "")  # refuses at once what cannot be found
        found = self._result(system, lookup.entity)
        found.use(pair.target for pair in by[1:])
        create, has_key = None, False
        if lookup.on_missing == "create":
            create, has_key = self._create(lookup, system, found, functions)
        system.add_finding(lookup.entity, by, found.name)
        return reference(lookup, entry, self.scope, types, create, has_key, found.name)

    def _create(
        self,
        lookup: Lookup,
        system: SystemDesign,
        found: Interface,
        functions: list[MappingFunction],
    ) -> tuple[MappingFunction, bool]:
        interface = self._written(system, lookup.entity, lookup.mappings)
        create = operation(system.entry, lookup.entity, "create")
        writing = Writing(system.entry, create, interface, found, lookup.by)
        system.add(writing.name, writing.method)
        writer = MappingWriter(self.scope, self.record_type, interface, self.taken, partial=True)
        each = lookup_array(lookup)
        source = indefinite(element_name(each) if each else self.scope.record)
        comment = f"The {phrase(lookup.entity)} that is created for {source} where there is none."
        name = self._free(f"to{pascal(lookup.entity)}")
        made = writer.write(name, comment, lookup.mappings, each)
        functions += writer.functions
        return made, writing.has_key

    def _write(self, target: Target, functions: list[MappingFunction]) -> WriteStep:
        system = self.systems[target.system]
        interface = self._written(system, target.entity, list(target.mappings))
        result = self._result(system, target.entity)
        each = target.each
        scope = self.scope.inside(each, element_name(each)) if each else self.scope
        mirrors = self.workflow.sync_group is not None and target.id == FIRST
        calls = Writer(target, system, scope, interface, result, compares=mirrors).design()
        made = None
        if calls.delete is None:
            mappings = [*target.mappings, *calls.key_fields]
            made = self._mapping(target, mappings, interface, functions)
        when = condition(target.when, scope) if target.when else None
        own = id_field(system.entry, target.entity)
        kept = [own, *self._used_of(target), *self._compared(target, system)] if made else []
        result.use([path for path in kept if path])
        names = dict.fromkeys(path.split(".")[0].removesuffix("[]") for path in kept if path)
        name = variable(target.entity)
        if name == self.scope.record:
            name = variable(f"{system.class_name} {target.entity}")
        loop = self._loop(each) if each else None
        return WriteStep(target, system, calls, made, when, result, own, tuple(names), name, loop)

    def _mapping(
        self,
        target: Target,
        mappings: list[FieldMapping],
        interface: Interface,
        functions: list[MappingFunction],
    ) -> MappingFunction:
        """The function that makes what is written."""
        interface.use(one.target for one in mappings)
        interface.required.update(one.target for one in mappings[len(target.mappings) :])
        writer = MappingWriter(self.scope, self.record_type, interface, self.taken)
        whole = indefinite(element_name(target.each) if target.each else self.scope.record)
        comment = f"The {phrase(target.entity)} that {whole} becomes."
        name = self._free(f"to{pascal(target.entity)}", target.id)
        made = writer.write(name, comment, mappings, target.each)
        functions += writer.functions
        return made

    def _loop(self, each: str) -> Loop:
        """How a write goes through the elements of an array; each is told by its id, or its place.

        OffGround where what a mirror or a later write needs would be one of many.
        """
        if self.workflow.sync_group is not None:
            raise OffGround(
                f"{self.workflow.name} keeps records the same both ways: it cannot write several "
                f"for one, as {each} would."
            )
        if "[]" in each.removesuffix("[]"):
            raise OffGround(f"{each} is a list inside a list: write for each of the outer one.")
        name, marked = element_name(each), f"{each}.id"
        own = field_at(self.scope.fields.source_schema, marked) is not None
        self.record_type.use([marked] if own else [])
        listed = self.scope.afresh().value(each.removesuffix("[]"))
        return Loop(name, listed, f"String({name}.id ?? index)" if own else "String(index)")

    def _used_of(self, target: Target) -> list[str]:
        """Fields of a write's result that later writes use."""
        paths = [parse(path) for path in all_sources(self.workflow)]
        used = [path for path in paths if path.root == "write" and path.name == target.id]
        if used and target.each:
            raise OffGround(
                f"{used[0]} is one of many, for {target.each}: a later write cannot tell which."
            )
        return [".".join(str(step) for step in path.steps) for path in used]

    def _compared(self, target: Target, system: SystemDesign) -> list[str]:
        """The time by which a mirrored record's changes are told."""
        if self.workflow.sync_group is None or target.id != FIRST:
            return []
        changed = updated_field(system.entry.entity(target.entity).record_schema)
        return [changed] if changed else []

    def _free(self, name: str, otherwise: str = "") -> str:
        """A function's name; another where one before has it."""
        while name in self.taken | taken_names():
            name = f"{name}For{pascal(otherwise or 'reference')}"
        self.taken.add(name)
        return name

    def _result(self, system: SystemDesign, entity: str) -> Interface:
        comment = (
            f"{indefinite(entity).capitalize()} as {system.system.display_name} gives it back."
        )
        result = system.interface(system.type_of(entity), entity, "read", comment)
        result.use([id_field(system.entry, entity) or ""])
        return result

    def _written(
        self, system: SystemDesign, entity: str, mappings: list[FieldMapping]
    ) -> Interface:
        comment = (
            f"{indefinite(entity).capitalize()} to be written to {system.system.display_name}."
        )
        interface = system.interface(f"New{system.type_of(entity)}", entity, "written", comment)
        interface.use(mapping.target for mapping in mappings)
        kinds = [kind_at(interface.schema, mapping.target) for mapping in mappings]
        system.kinds.setdefault(entity, {}).update(dict(one for one in kinds if one))
        found = system.entry.operation(entity, "create")
        interface.required |= required_paths(interface, found.required if found else [])
        for mapping in mappings:
            if mapping.source is None:
                interface.constants.setdefault(mapping.target, []).append(mapping.constant)
        for mapping in mappings:
            if mapping.source is not None:
                interface.constants.pop(mapping.target, None)
        return interface


def required_paths(interface: Interface, demanded: list[str]) -> set[str]:
    """The written fields that the schema or the operation requires."""
    required = set()
    for path in interface.paths:
        info = field_at(interface.schema, path)
        if path in demanded or (info is not None and info.required):
            required.add(path)
    return required
