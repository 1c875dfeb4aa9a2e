"""The plan's workflows, designed: clients, types, functions and names of each."""

from typing import TYPE_CHECKING

from pipeline.catalogue.schema import field_at
from pipeline.codegen import operations
from pipeline.codegen.expressions import Scope
from pipeline.codegen.filters import condition
from pipeline.codegen.lists import list_method
from pipeline.codegen.mapping_functions import MappingFunction, MappingWriter, element_name
from pipeline.codegen.names import indefinite, kebab, pascal, phrase, variable
from pipeline.codegen.references import Reference, lookup_array, lookup_names, reference
from pipeline.codegen.sources import all_sources, source_paths
from pipeline.codegen.systems import SystemDesign
from pipeline.codegen.types import Interface
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.codegen.writes import write_design
from pipeline.errors import OffGround
from pipeline.mapping.fields import Fields
from pipeline.plan.model import Lookup, Mapping, Plan, Workflow
from pipeline.plan.paths import parse
from pipeline.plan.schemas import event_of

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


class Designer:
    """Designs the workflows of a plan one by one; they share the systems' clients and types."""

    def __init__(self, plan: Plan, catalogue: "Catalogue") -> None:
        self._plan = plan
        self._catalogue = catalogue
        self._files: set[str] = set()
        self.systems = {
            system.name: SystemDesign(system, catalogue.system(system.name))
            for system in plan.systems
        }

    def design(self, workflow: Workflow) -> WorkflowDesign:
        fields = Fields(self._plan, workflow, self._catalogue)
        source, target = self.systems[workflow.source.system], self.systems[workflow.target.system]
        record_type = self._record_type(workflow, source, target, fields)
        scope = Scope(variable(workflow.source.entity), fields, lookup_names(workflow))
        id_path = operations.id_field(source.entry, workflow.source.entity) or "id"
        record_type.use([id_path, *source_paths(workflow)])
        taken: set[str] = set()
        references, functions = self._references(workflow, target, scope, record_type, taken)
        to_target, more = self._write(workflow, target, scope, record_type, taken)
        event = event_of(self._catalogue, workflow)
        if event and "[]" in event.record_path and workflow.trigger.kind == "webhook":
            raise OffGround(
                f"One {event.name} of {source.system.display_name} tells of several records, which "
                "Weft cannot yet take apart: run on a schedule instead."
            )
        self._use_found(workflow, target)
        return WorkflowDesign(
            workflow=workflow,
            source=source,
            target=target,
            record=scope.record,
            record_type=record_type,
            id_path=id_path,
            conditions=[condition(one, scope) for one in workflow.filters],
            references=references,
            functions=[*more, *functions],
            write=write_design(workflow, target, scope),
            to_target=to_target,
            target_variable=variable(workflow.target.entity),
            target_id=operations.id_field(target.entry, workflow.target.entity),
            file=self._file(
                f"{kebab(workflow.source.entity)}-to-{kebab(workflow.target.entity)}",
                f"{workflow.name}-mapping",
            ),
            references_file=self._file(
                f"{kebab(workflow.source.entity)}-references", f"{workflow.name}-references"
            ),
            fields=fields,
            signed=source.entry.signature is not None,
            record_path=event.record_path if event else "",
            list=self._list(workflow, source, record_type),
            cursor=scope.afresh().value(workflow.cursor.field) if workflow.cursor else "",
            kv_scope=":project:" if self._is_per_user(target) else ":workspace:",
        )

    def _list(self, workflow: Workflow, source: SystemDesign, record_type: Interface) -> str:
        """The name of the method that reads the source; "" where records come by themselves."""
        if workflow.trigger.kind == "webhook":
            return ""
        if workflow.cursor:
            record_type.use([workflow.cursor.field])
        entity = workflow.source.entity
        method = list_method(source.entry, entity, record_type.name, workflow.cursor)
        source.lists[method.name] = method
        return method.name

    def _file(self, name: str, otherwise: str) -> str:
        """A file's name, or another where a workflow before has that one."""
        chosen = otherwise if name in self._files else name
        self._files.add(chosen)
        return chosen

    def _is_per_user(self, target: SystemDesign) -> bool:
        """Whether each end user writes to an account of their own."""
        return self._plan.multi_tenant or target.system.dynamic

    def _record_type(
        self, workflow: Workflow, source: SystemDesign, target: SystemDesign, fields: Fields
    ) -> Interface:
        entity = workflow.source.entity
        name = pascal(entity)
        written = {workflow.target.entity, *(lookup.entity for lookup in workflow.lookups)}
        if entity in written:
            name = f"{source.class_name}{name}"
        display_name = source.system.display_name
        comment = f"{indefinite(entity).capitalize()} of {display_name}, as far as it is used."
        interface = Interface(name, fields.source_schema, "read", comment)
        return source.types.setdefault(name, interface)

    def _references(
        self,
        workflow: Workflow,
        target: SystemDesign,
        scope: Scope,
        record_type: Interface,
        taken: set[str],
    ) -> tuple[list[Reference], list[MappingFunction]]:
        references, functions = [], []
        types = {scope.record: record_type.name}
        for lookup in workflow.lookups:
            if lookup.system != workflow.target.system:
                raise OffGround(
                    f"The lookup {lookup.name} asks {lookup.system}, but a workflow can look "
                    f"things up only where it writes, in {workflow.target.system}."
                )
            each = lookup_array(lookup)
            if each:
                types[element_name(each)] = record_type.element(each)
            create, made = self._create(lookup, target, scope, record_type, taken)
            functions += made
            target.add(operations.find_method(target.entry, lookup.entity, lookup.by))
            found = target.interface(
                pascal(lookup.entity), lookup.entity, "read", _found_comment(lookup.entity, target)
            )
            found.use([operations.id_field(target.entry, lookup.entity) or ""])
            partial = (
                next((one.type for one in create.parameters if one.name == "references"), "")
                if create
                else ""
            )
            has_key = (
                lookup.on_missing == "create"
                and "key: string" in target.methods[f"create{pascal(lookup.entity)}"].arguments
            )
            references.append(
                reference(
                    lookup, target.entry, scope, {**types, "references": partial}, create, has_key
                )
            )
        return references, functions

    def _create(
        self,
        lookup: Lookup,
        target: SystemDesign,
        scope: Scope,
        record_type: Interface,
        taken: set[str],
    ) -> tuple[MappingFunction | None, list[MappingFunction]]:
        if lookup.on_missing != "create":
            return None, []
        target.add(operations.write_method(target.entry, lookup.entity, "create"))
        interface = self._written(target, lookup.entity, lookup.mappings)
        writer = MappingWriter(scope, record_type, interface, taken, partial=True)
        each = lookup_array(lookup)
        source = indefinite(element_name(each) if each else scope.record)
        comment = f"The {phrase(lookup.entity)} that is created for {source} where there is none."
        made = writer.write(f"to{pascal(lookup.entity)}", comment, lookup.mappings, each)
        return made, writer.functions

    def _write(
        self,
        workflow: Workflow,
        target: SystemDesign,
        scope: Scope,
        record_type: Interface,
        taken: set[str],
    ) -> tuple[MappingFunction, list[MappingFunction]]:
        entity = workflow.target.entity
        interface = self._written(target, entity, workflow.mappings)
        result = target.interface(pascal(entity), entity, "read", _found_comment(entity, target))
        result.use([operations.id_field(target.entry, entity) or ""])
        writer = MappingWriter(scope, record_type, interface, taken)
        comment = f"The {phrase(entity)} that {indefinite(workflow.source.entity)} becomes."
        made = writer.write(f"to{pascal(entity)}", comment, workflow.mappings, None)
        return made, writer.functions

    def _written(self, target: SystemDesign, entity: str, mappings: list[Mapping]) -> Interface:
        comment = (
            f"{indefinite(entity).capitalize()} to be created in {target.system.display_name}."
        )
        interface = target.interface(f"New{pascal(entity)}", entity, "written", comment)
        interface.use(mapping.target for mapping in mappings)
        found = target.entry.operation(entity, "create")
        interface.required |= required_paths(interface, found.required if found else [])
        for mapping in mappings:
            if mapping.source is None:
                interface.constants.setdefault(mapping.target, []).append(mapping.constant)
        for mapping in mappings:
            if mapping.source is not None:
                interface.constants.pop(mapping.target, None)
        return interface

    def _use_found(self, workflow: Workflow, target: SystemDesign) -> None:
        """Fields of references that mappings read must stand in their types."""
        entities = {lookup.name: lookup.entity for lookup in workflow.lookups}
        for path in all_sources(workflow):
            parsed = parse(path)
            if parsed.root == "lookup" and parsed.steps:
                rest = ".".join(str(step) for step in parsed.steps)
                target.interface(pascal(entities[parsed.name]), "", "read").use([rest])


def _found_comment(entity: str, system: SystemDesign) -> str:
    return f"{indefinite(entity).capitalize()} as {system.system.display_name} gives it back."


def required_paths(interface: Interface, demanded: list[str]) -> set[str]:
    """The written fields that the schema or the operation requires."""
    required = set()
    for path in interface.paths:
        info = field_at(interface.schema, path)
        if path in demanded or (info is not None and info.required):
            required.add(path)
    return required
