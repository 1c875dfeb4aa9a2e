"""What sign-in asks for: an entry's usual scopes, and those that the plan's own calls need."""

from collections.abc import Iterator, Mapping

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Action
from pipeline.plan.model import Plan, System, WriteMode

_READS: tuple[Action, ...] = ("read", "list")
_WRITES: dict[WriteMode, tuple[Action, ...]] = {
    "create": ("find", "create", "action"),
    "upsert": ("find", "create", "update", "upsert"),
    "update": ("find", "update"),
    "append": ("create",),
    "delete": ("find", "delete"),
}


def with_scopes(plan: Plan, entries: Mapping[str, SystemEntry]) -> Plan:
    """The plan whose systems ask for every scope that is needed; nothing more is added."""
    calls = list(_calls(plan))
    systems = [
        _asking(one, entries[one.name], calls) if one.auth.scopes and one.name in entries else one
        for one in plan.systems
    ]
    return plan.model_copy(update={"systems": systems})


def _asking(
    system: System, entry: SystemEntry, calls: list[tuple[str, str, tuple[Action, ...]]]
) -> System:
    scopes = list(system.auth.scopes)
    for name, entity, actions in calls:
        for one in entry.operations:
            if name == entry.name and one.entity == entity and one.action in actions:
                scopes += [scope for scope in one.scopes if not _is_covered(scope, scopes)]
    return system.model_copy(update={"auth": system.auth.model_copy(update={"scopes": scopes})})


def _is_covered(scope: str, asked: list[str]) -> bool:
    """`accounting.invoices` covers `accounting.invoices.read`, as such names are meant."""
    return any(scope == one or scope.startswith(f"{one}.") for one in asked)


def _calls(plan: Plan) -> Iterator[tuple[str, str, tuple[Action, ...]]]:
    """System, entity and what is done to it."""
    for workflow in plan.workflows:
        yield workflow.source.system, workflow.source.entity, _READS
        yield workflow.target.system, workflow.target.entity, _WRITES[workflow.write_mode]
        for lookup in workflow.lookups:
            made: tuple[Action, ...] = ("create",) if lookup.on_missing == "create" else ()
            yield lookup.system, lookup.entity, ("find", "read", *made)
        for write in workflow.writes:
            yield write.system, write.entity, _WRITES[write.write_mode]
