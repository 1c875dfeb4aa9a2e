"""A plan in lines of words, as people read it in a thread, a terminal or a diff."""

from collections.abc import Iterator

from pipeline.plan.model import KeyPair, Mapping, Plan, Workflow
from pipeline.plan.words import (
    show_auth,
    show_entity,
    show_filter,
    show_grouping,
    show_mapping,
    show_missing,
    show_mode,
    show_path,
    show_trigger,
    show_value,
)


def workflow_title(plan: Plan, workflow: Workflow) -> str:
    """`Shopify order → QuickBooks Online sales receipt`."""
    ends = (workflow.source, workflow.target)
    source, target = (f"{system_name(plan, end.system)} {show_entity(end.entity)}" for end in ends)
    return f"{source} → {target}"


def workflow_lines(workflow: Workflow) -> Iterator[str]:
    """What starts it, which records it takes, what it looks up, and what it writes."""
    mode = show_mode(workflow.write_mode)
    yield f"Starts: {show_trigger(workflow.trigger)} · writes: {mode}"
    if workflow.match_on:
        yield f"The same record where {_keys(workflow.match_on)}"
    for condition in workflow.filters:
        yield f"Only where {show_filter(condition)}"
    if workflow.group_by is not None:
        yield f"Rows: {show_grouping(workflow)}"
    if workflow.each is not None:
        yield f"One record for each of {workflow.each}"
    for lookup in workflow.lookups:
        missing = show_missing(lookup.on_missing)
        yield f"Finds {show_entity(lookup.entity)} by {_keys(lookup.by)}; if missing: {missing}"
    for write in workflow.writes:
        yield f"Then writes {show_entity(write.entity)} ({show_mode(write.write_mode)})"


def outline(plan: Plan) -> Iterator[str]:
    """All that a change of the plan can change, but for questions, which say so themselves."""
    yield plan.title
    for system in plan.systems:
        yield f"{system.display_name}: {show_auth(system.auth)} at {system.base_url}"
    for variable in plan.variables:
        yield f"Variable {variable.name}: {show_value(variable.default)}"
    for workflow in plan.workflows:
        yield workflow_title(plan, workflow)
        yield from workflow_lines(workflow)
        yield from _mappings("", workflow.mappings)
        for lookup in workflow.lookups:
            yield from _mappings(f"{lookup.name}: ", lookup.mappings)
        for write in workflow.writes:
            yield from _mappings(f"{write.id}: ", write.mappings)


def _mappings(prefix: str, mappings: list[Mapping]) -> Iterator[str]:
    for mapping in mappings:
        source, remark = show_mapping(mapping)
        yield f"{prefix}{mapping.target} ← {source}" + (f" ({remark})" if remark else "")
        custom = mapping.transform.custom if mapping.transform else None
        yield from (f"    {line}" for line in (custom.source.splitlines() if custom else []))


def _keys(pairs: list[KeyPair]) -> str:
    return " and ".join(f"{pair.target} = {show_path(pair.source)}" for pair in pairs)


def system_name(plan: Plan, system: str) -> str:
    """As people call it; what a plan in the making does not have goes by its own name."""
    try:
        return plan.system(system).display_name
    except KeyError:
        return system
