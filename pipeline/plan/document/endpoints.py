"""API Endpoints: every call that the integration makes or receives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.catalogue.operation import Action, Operation
from pipeline.catalogue.schema import fields
from pipeline.plan.document.citing import facts_on, known
from pipeline.plan.markdown import bullet, code, escape, table
from pipeline.plan.model import Endpoint, Lookup, Plan, Workflow, Write
from pipeline.plan.schemas import entity_schema, entry_of, event_of

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_HEAD = ("", "What", "Call", "Parameters", "Required in the body", "The answer holds it at")
_SINGLE = ("create", "update", "upsert", "read", "action")


def endpoint_section(plan: Plan, workflow: Workflow, catalogue: Catalogue) -> str:
    """A table of calls, then the facts on what they read and write."""
    rows, subjects = [], [f"{workflow.source.system}.{workflow.source.entity}"]
    event = event_of(catalogue, workflow)
    if workflow.trigger.kind == "webhook" and event is not None:
        where = code(event.record_path) if event.record_path else "the body itself"
        sender = f"POST from {escape(workflow.source.system)}"
        rows.append(["receives", code(event.name), sender, "", "", where])
    for purpose, system, operation in _calls(workflow, catalogue):
        rows.append(_row(purpose, system, operation, catalogue))
        subjects.append(f"{system}.{operation.entity}")
    lines = facts_on(plan, subjects)
    names = dict.fromkeys([workflow.source.system, *(end.system for end in _ends(workflow))])
    sources = [f"{name}: {known(entry_of(catalogue, name))}" for name in names]
    parts = [
        f"### {escape(workflow.name)}",
        table(_HEAD, rows),
        f"Sources: {' · '.join(sources)}",
        "\n".join(map(bullet, lines)),
    ]
    return "\n\n".join(part for part in parts if part)


def _row(purpose: str, system: str, operation: Operation, catalogue: Catalogue) -> list[str]:
    paging = operation.pagination
    names = [*operation.query, operation.query_parameter, paging.parameter, paging.size_parameter]
    needed = dict.fromkeys([*operation.required, *_required(catalogue, system, operation)])
    return [
        purpose,
        escape(f"{system} {operation.entity}"),
        code(f"{operation.method} {operation.path}"),
        _codes(dict.fromkeys(name for name in names if name)),
        _codes(needed),
        code(operation.response_path) if operation.response_path else _whole(operation),
    ]


def _codes(names: dict[str, None]) -> str:
    return ", ".join(map(code, names))


def _whole(operation: Operation) -> str:
    return "the body itself" if operation.action in _SINGLE else "the body, a list"


def _ends(workflow: Workflow) -> list[Endpoint | Lookup | Write]:
    return [*workflow.lookups, workflow.target, *workflow.writes]


_Call = tuple[str, str, Operation]


def _calls(workflow: Workflow, catalogue: Catalogue) -> Iterator[_Call]:
    """In the order in which a run makes them."""
    if workflow.trigger.kind != "webhook":
        yield from _call("reads", workflow.source, ("list",), catalogue)
    for lookup in workflow.lookups:
        yield from _call("finds", lookup, ("find", "list"), catalogue)
        if lookup.on_missing == "create":
            yield from _call("creates if missing", lookup, ("create",), catalogue)
    writes: list[tuple[Endpoint | Write, str]] = [(workflow.target, workflow.write_mode)]
    writes += [(write, write.write_mode) for write in workflow.writes]
    for end, mode in writes:
        if mode in ("upsert", "update"):
            yield from _call("finds", end, ("find",), catalogue)
            yield from _call("updates", end, ("upsert", "update"), catalogue)
        if mode == "delete":
            yield from _call("finds", end, ("find",), catalogue)
            yield from _call("deletes", end, ("delete",), catalogue)
        elif mode != "update":
            yield from _call("writes", end, ("create", "upsert", "action"), catalogue)


def _call(
    purpose: str,
    end: Endpoint | Lookup | Write,
    actions: tuple[Action, ...],
    catalogue: Catalogue,
) -> Iterator[_Call]:
    """The first of these operations that the system has."""
    entry = entry_of(catalogue, end.system)
    found = [entry.operation(end.entity, action) for action in actions] if entry else []
    yield from ((purpose, end.system, one) for one in [one for one in found if one][:1])


def _required(catalogue: Catalogue, system: str, operation: Operation) -> list[str]:
    schema = entity_schema(catalogue, system, operation.entity)
    if schema is None or operation.action not in ("create", "upsert"):
        return []
    return [one.path for one in fields(schema) if one.required and not one.read_only]
