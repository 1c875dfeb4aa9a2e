"""The plan's workflows, designed: clients, types, functions and names of each."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import field_at, fields
from pipeline.codegen.clients.listing import list_method, list_name, lists_since
from pipeline.codegen.clients.method import id_field, operation
from pipeline.codegen.custom import custom_transforms
from pipeline.codegen.expressions import Scope
from pipeline.codegen.filters import condition
from pipeline.codegen.grouping import group_interface
from pipeline.codegen.incoming import Incoming, incoming_event
from pipeline.codegen.mapping_functions import MappingFunction, element_name
from pipeline.codegen.mirrors import mirror
from pipeline.codegen.names import indefinite, kebab, pascal, phrase, plural, variable
from pipeline.codegen.references import lookup_names
from pipeline.codegen.sources import all_sources, source_paths
from pipeline.codegen.staging import Stager
from pipeline.codegen.systems import SystemDesign
from pipeline.codegen.targets import targets
from pipeline.codegen.type_names import type_names
from pipeline.codegen.types import Interface
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.errors import OffGround
from pipeline.mapping.fields import Fields
from pipeline.plan.changed import updated_field
from pipeline.plan.grouping import ROWS
from pipeline.plan.model import Plan, System, Workflow
from pipeline.plan.paths import array_of, parse
from pipeline.plan.schemas import event_of, is_notification
from pipeline.plan.writing_out import written_out

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def not_generated(plan: Plan, catalogue: "Catalogue") -> list[str]:
    """Why no project can be made of a plan that is complete; empty where one can."""
    designer, reasons = Designer(plan, catalogue), []
    for workflow in plan.workflows:
        try:
            designer.design(workflow)
        except OffGround as error:
            reasons.append(f"{workflow.name}: {error}")
    try:
        for system in designer.systems.values() if not reasons else ():
            list(system.methods)  # they are made when all that is written is known
    except OffGround as error:
        reasons.append(str(error))
    return reasons


class Designer:
    """Designs the workflows of a plan one by one; they share the systems' clients and types."""

    def __init__(self, plan: Plan, catalogue: "Catalogue") -> None:
        self._plan = plan
        self._catalogue = catalogue
        self._files: set[str] = set()
        names = type_names(plan)
        self.systems = {
            system.name: SystemDesign(system, _placed(system, catalogue), names)
            for system in plan.systems
        }

    def design(self, workflow: Workflow) -> WorkflowDesign:
        """OffGround where the plan asks for what cannot be generated."""
        workflow = written_out(workflow, self._plan, self._catalogue)
        known = Fields(self._plan, workflow, self._catalogue)
        source = self.systems[workflow.source.system]
        record_type, row = self._record_types(workflow, source, known)
        scope = Scope(
            _record_name(workflow),
            known,
            lookup_names(workflow),
            {one.id: one.member for one in targets(workflow)},
        )
        seen = replace(scope, record=element_name(ROWS)) if row else scope
        id_path = workflow.group_by or _id_path(workflow, known, source)
        changed = self._changed_field(workflow, known)
        record_type.use([id_path, *source_paths(workflow), *([changed] if changed else [])])
        custom = {one.name for one in custom_transforms([workflow])}
        stager = Stager(self.systems, workflow, scope, record_type, self._file, taken=custom)
        functions: list[MappingFunction] = []
        stages = stager.stages(functions)
        self._use_results(workflow)
        target_schema = self.systems[workflow.target.system].entry.entity(workflow.target.entity)
        return WorkflowDesign(
            workflow=workflow,
            source=source,
            record=scope.record,
            record_type=record_type,
            id_path=id_path,
            conditions=[condition(one, seen) for one in workflow.filters],
            functions=functions,
            stages=stages,
            incoming=self._incoming(workflow, source, row or record_type, seen),
            mirror=mirror(workflow, scope.afresh(), target_schema.record_schema),
            version=scope.afresh().value(changed) if changed else "",
            file=self._file(
                f"{kebab(workflow.source.entity)}-to-{kebab(workflow.target.entity)}",
                f"{workflow.name}-mapping",
            ),
            fields=known,
            variables=self._plan.variables,
            kv_scope=":project:" if self._is_per_user(workflow) else ":workspace:",
            row=row,
        )

    def _changed_field(self, workflow: Workflow, known: Fields) -> str | None:
        """The time of the source's last change: what comes late is told by it.

        Rows that are read together never come late, and each has a time of its own.
        """
        if workflow.group_by is not None:
            return None
        if workflow.sync_group is None and workflow.write_mode in ("create", "append"):
            return None
        return updated_field(known.source_schema)

    def _incoming(
        self, workflow: Workflow, source: SystemDesign, record_type: Interface, scope: Scope
    ) -> Incoming:
        entity, entry = workflow.source.entity, source.entry
        if workflow.trigger.kind != "webhook":
            return self._list(workflow, source, record_type, scope)
        event = event_of(self._catalogue, workflow)
        notice = event is not None and is_notification(event, entry)
        name = ""
        if notice:
            name = source.add_reading(entity, record_type.name)
        return incoming_event(event, entry.signature is not None, notice, name)

    def _list(
        self, workflow: Workflow, source: SystemDesign, record_type: Interface, scope: Scope
    ) -> Incoming:
        cursor, entity = workflow.cursor, workflow.source.entity
        if cursor:
            record_type.use([cursor.field])
            record_type.times.add(cursor.field)
        found = operation(source.entry, entity, "list")
        if found.ids_only:
            source.add_reading(entity, record_type.name)
        source.add(
            list_name(entity),
            lambda: list_method(source.entry, entity, record_type.name, cursor),
        )
        return Incoming(
            "list",
            list=list_name(entity),
            paged=found.pagination.style != "none",
            since=lists_since(source.entry, entity, cursor),
            time=scope.afresh().value(cursor.field) if cursor else "",
            overlap_seconds=cursor.overlap_seconds if cursor else 0,
        )

    def _file(self, name: str, otherwise: str) -> str:
        """A file's name, or another where a workflow before has that one."""
        chosen = otherwise if name in self._files else name
        self._files.add(chosen)
        return chosen

    def _is_per_user(self, workflow: Workflow) -> bool:
        """Whether each end user has an account of their own on either side."""
        used = {workflow.source.system, *(one.system for one in targets(workflow))}
        return self._plan.multi_tenant or any(self.systems[one].system.dynamic for one in used)

    def _record_types(
        self, workflow: Workflow, source: SystemDesign, known: Fields
    ) -> tuple[Interface, Interface | None]:
        """The type of the record, and of one row where several make it."""
        entity, display_name = workflow.source.entity, source.system.display_name
        name = source.type_of(entity)
        written = {(one.system, one.entity) for one in targets(workflow)}
        found = {(lookup.system, lookup.entity) for lookup in workflow.lookups}
        read = [one for one in self._plan.workflows if one.source == workflow.source]
        if (workflow.source.system, entity) in written | found:
            name = f"Source{name}"
        elif workflow.group_by is not None and len(read) > 1:
            name = f"Grouped{name}"
        comment = f"{indefinite(entity).capitalize()} of {display_name}, as far as it is used."
        interface = Interface(name, known.source_schema, "read", comment, names=source.names)
        interface = source.types.setdefault(name, interface)
        if workflow.group_by is None:
            return interface, None
        group = group_interface(interface, phrase(plural(entity)), workflow.group_by)
        return source.types.setdefault(group.name, group), interface

    def _use_results(self, workflow: Workflow) -> None:
        """Fields of references and results that mappings read must stand in their types."""
        found = {("lookup", one.name): (one.system, one.entity) for one in workflow.lookups}
        found |= {("write", one.id): (one.system, one.entity) for one in targets(workflow)}
        for path in all_sources(workflow):
            parsed = parse(path)
            if parsed.root in ("lookup", "write") and parsed.steps:
                system, entity = found[parsed.root, parsed.name]
                rest = ".".join(str(step) for step in parsed.steps)
                design = self.systems[system]
                design.interface(design.type_of(entity), entity, "read").use([rest])


def _placed(system: System, catalogue: "Catalogue") -> SystemEntry:
    """What is known of a system, at the address that the plan has for it."""
    entry = catalogue.system(system.name)
    return entry.model_copy(update={"base_url": system.base_url or entry.base_url})


def _record_name(workflow: Workflow) -> str:
    """The variable of a source record, which no element of its lists is called."""
    name = variable(f"{workflow.source.entity}{' group' if workflow.group_by else ''}")
    arrays = [array_of(path) for path in source_paths(workflow)]
    taken = {element_name(array) for array in (*arrays, workflow.each) if array}
    return f"whole{pascal(name)}" if name in taken else name


def _id_path(workflow: Workflow, known: Fields, source: SystemDesign) -> str:
    """The record's id: what its own schema marks, or its entity's; else one inside the record."""
    marked = [one.path for one in fields(known.source_schema) if one.key == "id"]
    own = [path for path in marked if "." not in path]
    usual = id_field(source.entry, workflow.source.entity) or "id"
    if own or field_at(known.source_schema, usual) is not None:
        return (own or [usual])[0]
    return next((path for path in marked if "[]" not in path), usual)
