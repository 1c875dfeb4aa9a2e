"""Workflows that mirror each other: who wins, and how a change of one's own is told."""

from dataclasses import dataclass

from pipeline.codegen.expressions import Scope
from pipeline.codegen.literals import literal
from pipeline.codegen.names import member
from pipeline.errors import OffGround
from pipeline.mapping.fields import Schema
from pipeline.plan.changed import updated_field
from pipeline.plan.model import Workflow
from pipeline.plan.paths import parse

_NEWEST = ("latest-wins", "newest-wins", "last-write-wins", "latest", "newest")


@dataclass(frozen=True)
class MirrorDesign:
    """One of two workflows that keep records the same; expressions are TypeScript."""

    group: str
    source: str
    target: str
    key: str
    changed: str
    current_changed: str
    newest_wins: bool
    target_wins: bool


def mirror(workflow: Workflow, scope: Scope, target_schema: Schema) -> MirrorDesign | None:
    """How a workflow keeps to its group; OffGround where its rule cannot be kept."""
    if workflow.sync_group is None:
        return None
    source, target = workflow.source.system, workflow.target.system
    rule = (workflow.conflict or "latest-wins").lower()
    winners = {f"{source}-wins": False, source: False, f"{target}-wins": True, target: True}
    if rule not in _NEWEST and rule not in winners:
        raise OffGround(
            f"Weft knows no rule “{rule[:60]}” for changes on both sides; it can let the newest "
            f"win (latest-wins), or always one side ({source}-wins, {target}-wins)."
        )
    if workflow.write_mode not in ("upsert", "update") or not workflow.match_on:
        raise OffGround(
            f"{workflow.name} keeps records the same both ways: it has to change records, found by "
            "a field that both sides have, for example the SKU."
        )
    changed = updated_field(scope.fields.source_schema)
    current = updated_field(target_schema)
    if changed is None:
        raise OffGround(
            f"{source} does not say when a {workflow.source.entity} changed, so Weft cannot tell a "
            "person's change from its own: sync one way."
        )
    if rule in _NEWEST and current is None:
        raise OffGround(
            f"{target} does not say when a {workflow.target.entity} changed, so the newest cannot "
            f"win: choose {source}-wins or {target}-wins."
        )
    shared = _shared_key(workflow)
    return MirrorDesign(
        group=workflow.sync_group,
        source=source,
        target=target,
        key=f"required(toText({scope.value(shared)}), {literal(shared)})",
        changed=scope.value(changed),
        current_changed=_at("current", current) if current else "undefined",
        newest_wins=rule in _NEWEST,
        target_wins=winners.get(rule, False),
    )


def _shared_key(workflow: Workflow) -> str:
    """The source's own field by which both sides know the record, also where it is looked up."""
    path = workflow.match_on[0].source
    lookups = {lookup.name: lookup for lookup in workflow.lookups}
    while (parsed := parse(path)).root == "lookup" and parsed.name in lookups:
        path = lookups.pop(parsed.name).by[0].source
    return path


def _at(owner: str, path: str) -> str:
    code = owner
    for position, step in enumerate(path.split(".")):
        code = member(code, step, optional=position > 0)
    return code
