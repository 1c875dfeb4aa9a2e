"""How a record is written: which calls, found by which key, and with which idempotency key."""

from dataclasses import dataclass

from pipeline.codegen import operations
from pipeline.codegen.expressions import Scope
from pipeline.codegen.literals import literal
from pipeline.codegen.names import pascal, phrase, variable
from pipeline.codegen.systems import SystemDesign
from pipeline.errors import OffGround
from pipeline.plan.model import Workflow


@dataclass(frozen=True)
class WriteDesign:
    """The calls of one write; names of methods, and TypeScript expressions.

    One that `adopts` creates, but looks first for what an interrupted run may have left.
    """

    mode: str
    create: str | None
    update: str | None
    find: str | None
    key: str
    key_name: str
    create_has_key: bool
    update_has_key: bool
    missing: str
    adopts: bool = False

    @property
    def has_key(self) -> bool:
        return self.create_has_key or self.update_has_key


def write_design(workflow: Workflow, target: SystemDesign, scope: Scope) -> WriteDesign:
    """The write of a workflow; OffGround where the system has no calls for its mode."""
    _refuse_several(workflow)
    entity, mode = workflow.target.entity, workflow.write_mode
    find = update = create = None
    key, key_name = "", ""
    if mode in ("upsert", "update"):
        find, key, key_name = _find(workflow, target, scope)
        update = target.add(operations.write_method(target.entry, entity, "update"))
        needed = operations.operation(target.entry, entity, "update")
        target.types[pascal(entity)].use([*needed.required, *operations.placeholders(needed.path)])
    if mode != "update":
        create = target.add(operations.write_method(target.entry, entity, "create"))
    adopts = mode in ("create", "append") and not _has_key(target, create)
    adopts = adopts and _is_findable(workflow, target)
    if adopts:
        find, key, key_name = _find(workflow, target, scope)
    return WriteDesign(
        mode=mode,
        create=create,
        update=update,
        find=find,
        key=key,
        key_name=key_name,
        create_has_key=_has_key(target, create),
        update_has_key=_has_key(target, update),
        adopts=adopts,
        missing=f"{target.system.display_name} has no {phrase(entity)} to update",
    )


def _refuse_several(workflow: Workflow) -> None:
    if workflow.writes:
        raise OffGround(
            f"{workflow.name} writes {1 + len(workflow.writes)} records for each one that comes "
            "in; Weft can generate one. Make a workflow for each."
        )


def _is_findable(workflow: Workflow, target: SystemDesign) -> bool:
    found = target.entry.operation(workflow.target.entity, "find")
    return bool(found and workflow.match_on and workflow.match_on[0].target in found.find_by)


def _find(workflow: Workflow, target: SystemDesign, scope: Scope) -> tuple[str, str, str]:
    if not workflow.match_on:
        raise OffGround(
            f"{workflow.name} updates records: say by which field they are found, for example "
            f"the {phrase(workflow.target.entity)}'s number."
        )
    pair = workflow.match_on[0]
    method = operations.find_method(target.entry, workflow.target.entity, workflow.match_on)
    described = literal(pair.source)
    key = f"required(toText({scope.afresh().value(pair.source)}), {described})"
    return target.add(method), key, variable(operations.key_name(pair))


def _has_key(target: SystemDesign, method: str | None) -> bool:
    return method is not None and "key: string" in target.methods[method].arguments
