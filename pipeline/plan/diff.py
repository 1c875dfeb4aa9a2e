"""What differs between two plans: sentences for the thread, and a unified diff for a file."""

import difflib
from collections.abc import Iterator
from typing import TypeGuard

import yaml
from cron_descriptor import FormatError, Options, get_description

from pipeline.plan.model import Filter, Mapping, Plan, Transform, Trigger, Workflow
from pipeline.plan.words import show_path

_OPERATORS = {
    "eq": "=", "ne": "≠", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤",
    "in": "is one of", "not-in": "is none of", "contains": "contains",
    "not-contains": "does not contain", "exists": "is there", "missing": "is not there",
    "changed-to": "changed to", "matches": "matches",
}  # fmt: skip


def show_filter(item: Filter) -> str:
    """A filter as people read it: `test = false`."""
    if item.op in ("exists", "missing"):
        return f"{item.field} {_OPERATORS[item.op]}"
    return f"{item.field} {_OPERATORS[item.op]} {show_value(item.value)}"


def show_grouping(workflow: Workflow) -> str:
    """How rows become records: `one record of all with the same order_no`; often nothing."""
    by = workflow.group_by
    return f"one record of all with the same {by}" if by is not None else ""


def show_value(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(show_value(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} → {show_value(item)}" for key, item in value.items())
    return str(value)


def show_source(mapping: Mapping) -> str:
    """Where a mapping's value comes from: a path, a constant, and its transform."""
    if mapping.source is None:
        return f"“{show_value(mapping.constant)}”"
    transform = f" ({show_transform(mapping.transform)})" if mapping.transform else ""
    return show_path(mapping.source) + transform


def show_transform(transform: Transform) -> str:
    """A transform as people read it: `multiply by line_items[].quantity`."""
    if transform.custom is not None:
        return transform.custom.summary or transform.custom.name
    if transform.name == "enum" and "map" in transform.args:
        return show_value(transform.args["map"])
    words = transform.name.replace("_", " ")
    args = [f"{name} {show_value(value)}" for name, value in transform.args.items()]
    return " ".join([words, *args])


def show_mapping(mapping: Mapping) -> tuple[str, str]:
    """Where a value comes from, and what a reader should know of the way: often nothing."""
    source = show_path(mapping.source or f"“{show_value(mapping.constant)}”")
    transform = show_transform(mapping.transform) if is_telling(mapping.transform) else ""
    review = "to review" if mapping.status == "needs-review" else ""
    return source, ", ".join(note for note in (review, mapping.note or transform) if note)


def is_telling(transform: Transform | None) -> TypeGuard[Transform]:
    """Whether a transform changes more than a value's form, which goes without saying."""
    return transform is not None and transform.name not in ("truncate", "to_string", "to_number")


def show_trigger(trigger: Trigger) -> str:
    """When a workflow runs: `webhook orders/create`, `at 02:00, UTC (cron 0 2 * * *)`."""
    cron = f" (cron {trigger.cron})" if trigger.kind == "schedule" else ""
    return show_start(trigger) + cron


def show_start(trigger: Trigger) -> str:
    """The same in fewer words: `webhook orders/create`, `at 02:00, UTC`."""
    if trigger.kind == "schedule":
        return f"{_spoken(trigger.cron or '')}, {trigger.timezone or 'UTC'}"
    if trigger.kind == "webhook":
        return f"webhook {trigger.event}" if trigger.event else "a webhook of your own"
    return "started by hand"


def _spoken(cron: str) -> str:
    """A cron expression in words; as it stands where it is none."""
    options = Options()
    options.use_24hour_time_format = True
    options.locale_code = "en_US"  # whatever the machine's own language
    try:
        words = str(get_description(cron, options))
    except FormatError:
        return f"schedule {cron}"
    return words[:1].lower() + words[1:]


def plan_diff(before: Plan, after: Plan) -> list[str]:
    """Sentences for what changed, one a change; empty where nothing did."""
    return [*_header(before, after), *_systems(before, after), *_workflows(before, after)]


def unified(before: Plan, after: Plan) -> str:
    """A unified diff of the two plans as YAML, without what is at its default."""
    old, new = _yaml(before), _yaml(after)
    return "".join(difflib.unified_diff(old, new, "plan before", "plan after", n=2))


def _yaml(plan: Plan) -> list[str]:
    content = plan.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).splitlines(keepends=True)


def _header(before: Plan, after: Plan) -> Iterator[str]:
    if before.title != after.title:
        yield f"Title: {after.title}"
    old = {question.id: question.answer for question in before.questions}
    for question in after.questions:
        if question.answer is not None and question.answer != old.get(question.id):
            yield f"Answered: {question.text} — {question.answer}"
    variables = {variable.name: variable.default for variable in before.variables}
    for variable in after.variables:
        if variable.name not in variables or variables[variable.name] != variable.default:
            yield f"Variable {variable.name}: {show_value(variable.default)}"


def _systems(before: Plan, after: Plan) -> Iterator[str]:
    old = {system.name: system for system in before.systems}
    for system in after.systems:
        was = old.get(system.name)
        if was is None:
            yield f"System added: {system.display_name}"
            continue
        if was.auth != system.auth:
            grant = f" ({system.auth.grant})" if system.auth.grant else ""
            yield f"{system.display_name}: authentication {system.auth.type}{grant}"
        if was.base_url != system.base_url:
            yield f"{system.display_name}: base URL {system.base_url}"
    kept = {system.name for system in after.systems}
    for name in [name for name in old if name not in kept]:
        yield f"System removed: {old[name].display_name}"


def _workflows(before: Plan, after: Plan) -> Iterator[str]:
    old = {workflow.name: workflow for workflow in before.workflows}
    new = {workflow.name: workflow for workflow in after.workflows}
    for name in [name for name in old if name not in new]:
        yield f"Workflow removed: {name}"
    for name, workflow in new.items():
        if name not in old:
            yield f"Workflow added: {name}"
        elif workflow != old[name]:
            yield from _workflow(old[name], workflow)


def _workflow(before: Workflow, after: Workflow) -> Iterator[str]:
    if before.trigger != after.trigger:
        yield f"Trigger: {show_trigger(after.trigger)}"
    yield from _listed("Filter", *(set(map(show_filter, w.filters)) for w in (before, after)))
    if before.group_by != after.group_by:
        yield f"Rows: {show_grouping(after) or 'each is a record'}"
    if (before.write_mode, before.match_on) != (after.write_mode, after.match_on):
        keys = ", ".join(pair.target for pair in after.match_on)
        yield f"Write mode: {after.write_mode}" + (f", matched on {keys}" if keys else "")
    yield from _lookups(before, after)
    yield from _mappings("", before.mappings, after.mappings)
    for kind, olds, news in _nested(before, after):
        yield from _mappings(kind, olds, news)


def _lookups(before: Workflow, after: Workflow) -> Iterator[str]:
    old = {lookup.name: lookup for lookup in before.lookups}
    for lookup in after.lookups:
        was = old.get(lookup.name, lookup)
        if was.on_missing != lookup.on_missing:
            yield f"Lookup {lookup.name}: {lookup.on_missing} when nothing is found"
        if was.by != lookup.by:
            keys = " and ".join(f"{pair.target} = {pair.source}" for pair in lookup.by)
            yield f"Lookup {lookup.name}: found by {keys}"


def _nested(
    before: Workflow, after: Workflow
) -> Iterator[tuple[str, list[Mapping], list[Mapping]]]:
    lookups = {lookup.name: lookup.mappings for lookup in before.lookups}
    for lookup in after.lookups:
        yield f"{lookup.name}: ", lookups.get(lookup.name, []), lookup.mappings
    writes = {write.id: write.mappings for write in before.writes}
    for write in after.writes:
        yield f"{write.id}: ", writes.get(write.id, []), write.mappings


def _listed(label: str, old: set[str], new: set[str]) -> Iterator[str]:
    yield from (f"{label} added: {text}" for text in sorted(new - old))
    yield from (f"{label} removed: {text}" for text in sorted(old - new))


def _mappings(prefix: str, before: list[Mapping], after: list[Mapping]) -> Iterator[str]:
    old = {(mapping.target, mapping.each): mapping for mapping in before}
    new = {(mapping.target, mapping.each): mapping for mapping in after}
    for key, mapping in new.items():
        was = old.get(key)
        if was is None or show_source(was) != show_source(mapping):
            yield f"{prefix}{key[0]} ← {show_source(mapping)}"
        elif was.transform != mapping.transform:  # a function's body
            yield f"{prefix}{key[0]} ← {show_source(mapping)}, rewritten"
    for key in [key for key in old if key not in new]:
        yield f"{prefix}{key[0]} is no longer written"
