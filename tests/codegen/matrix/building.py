"""Plans in few words."""

from typing import Any

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import (
    Endpoint,
    Filter,
    KeyPair,
    Mapping,
    Plan,
    Scope,
    System,
    Transform,
    Trigger,
    Workflow,
)

OFTEN = Trigger(kind="schedule", cron="*/15 * * * *")
BY_HAND = Trigger(kind="manual")


def on(event: str) -> Trigger:
    return Trigger(kind="webhook", event=event)


def key(target: str, source: str) -> list[KeyPair]:
    return [KeyPair(target=target, source=source)]


def equals(field: str, value: Any) -> Filter:
    return Filter(field=field, op="eq", value=value)


def plan(known: Catalogue, *workflows: Workflow, **more: Any) -> Plan:
    """A plan with these workflows and the systems that they name."""
    names = dict.fromkeys(
        name
        for one in workflows
        for name in (
            one.source.system,
            *(lookup.system for lookup in one.lookups),
            one.target.system,
            *(write.system for write in one.writes),
        )
    )
    systems = []
    for name in names:
        entry = known.system(name)
        systems.append(
            System(
                name=name, display_name=entry.display_name, role="both", base_url=entry.base_url,
                auth=entry.auth[0], config=entry.config,
            )
        )  # fmt: skip
    scope = Scope(in_scope=True, reason="It moves records.")
    return Plan(
        scope=scope, title=workflows[0].name, systems=systems, workflows=list(workflows), **more
    )


def flow(name: str, source: str, target: str, fields: dict[str, Any], **more: Any) -> Workflow:
    """A workflow from `system.entity` to `system.entity`; `fields` is target -> source."""
    from_system, from_entity = source.split(".")
    to_system, to_entity = target.split(".")
    return Workflow(
        name=name,
        source=Endpoint(system=from_system, entity=from_entity),
        target=Endpoint(system=to_system, entity=to_entity),
        mappings=mappings(fields),
        **more,
    )


def mappings(fields: dict[str, Any]) -> list[Mapping]:
    """Of target -> source; a tuple adds a transform, a list of one value is a constant.

    A dictionary says all of a mapping itself.
    """
    return [_mapping(target, source) for target, source in fields.items()]


def _mapping(target: str, source: Any) -> Mapping:
    if isinstance(source, dict):
        return Mapping(target=target, **source)
    if isinstance(source, list):
        return Mapping(target=target, constant=source[0])
    if isinstance(source, tuple):
        path, name, *arguments = source
        transform = Transform(name=name, args=arguments[0] if arguments else {})
        return Mapping(target=target, source=path, transform=transform)
    return Mapping(target=target, source=source)
