"""What differs between two plans: sentences for the thread, and a unified diff for a file."""

import difflib
from collections.abc import Iterator

from pipeline.plan.model import Mapping, Plan, Workflow
from pipeline.plan.outline import outline
from pipeline.plan.words import (
    show_auth,
    show_entity,
    show_filter,
    show_grouping,
    show_missing,
    show_mode,
    show_path,
    show_source,
    show_trigger,
    show_value,
)


def plan_diff(before: Plan, after: Plan) -> list[str]:
    """Sentences for what changed, one a change; empty where nothing did."""
    return [*_header(before, after), *_systems(before, after), *_workflows(before, after)]


def unified(before: Plan, after: Plan) -> str:
    """A unified diff of the two plans in lines of words; empty where only answers differ."""
    old, new = ([f" {line}\n" for line in outline(plan)] for plan in (before, after))
    return "".join(difflib.unified_diff(old, new, "plan before", "plan after", n=0))


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
            yield f"{system.display_name}: {show_auth(system.auth)}"
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
        yield f"Writes: {show_mode(after.write_mode)}" + (f", matched on {keys}" if keys else "")
    yield from _lookups(before, after)
    yield from _mappings("", before.mappings, after.mappings)
    for kind, olds, news in _nested(before, after):
        yield from _mappings(kind, olds, news)


def _lookups(before: Workflow, after: Workflow) -> Iterator[str]:
    old = {lookup.name: lookup for lookup in before.lookups}
    for lookup in after.lookups:
        was = old.get(lookup.name, lookup)
        if was.on_missing != lookup.on_missing:
            missing = show_missing(lookup.on_missing)
            yield f"Where no {show_entity(lookup.name)} is found: {missing}"
        if was.by != lookup.by:
            keys = " and ".join(f"{pair.target} = {show_path(pair.source)}" for pair in lookup.by)
            yield f"Finds {show_entity(lookup.name)} by {keys}"


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
