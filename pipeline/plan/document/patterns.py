"""Integration Patterns: limits, failures, how each workflow reads, and what to beware of."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING

from pipeline.catalogue.model import Event, RateLimit, SystemEntry
from pipeline.plan.document.citing import facts_on, known
from pipeline.plan.markdown import bullet, code, escape, table
from pipeline.plan.model import Plan, Workflow
from pipeline.plan.schemas import entry_of, event_of, source_schema
from pipeline.plan.words import show_trigger

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def pattern_sections(plan: Plan, catalogue: Catalogue) -> Iterator[str]:
    for system in plan.systems:
        entry = entry_of(catalogue, system.name)
        if entry is None:
            continue
        told = facts_on(plan, [f"{system.name}.limits"])  # in the vendor's words, where there are
        lines = told or list(_limits(entry))
        lines += facts_on(plan, [f"{system.name}.{part}" for part in
                               ("errors", "pagination", "events")])  # fmt: skip
        parts = ["\n".join(map(bullet, lines)), _failures(entry)]
        if any(parts):
            yield "\n\n".join([f"### {escape(system.display_name)}", *filter(None, parts)])
    for workflow in plan.workflows:
        lines = [
            *_reading(workflow, event_of(catalogue, workflow)),
            *_warnings(plan, workflow, catalogue),
        ]
        yield f"### {escape(workflow.name)}\n\n" + "\n".join(map(bullet, lines))


def _limits(entry: SystemEntry) -> Iterator[str]:
    for limit in entry.limits:
        plan = f" ({escape(limit.plan)})" if limit.plan else ""
        only = f", {escape(limit.only)} only" if limit.only else ""
        at_once = f", {limit.concurrent} at once" if limit.concurrent else ""
        yield (
            f"Limit: {limit.requests} requests per {limit.per_seconds:g} s {escape(limit.scope)}"
            f"{plan}{only}{at_once} {known(entry)}"
        )


def _per_minute(limit: RateLimit) -> float:
    return inf if limit.only else limit.requests / limit.per_seconds * 60


def _failures(entry: SystemEntry) -> str:
    """One row a meaning, with every status and code that has it."""
    codes: dict[tuple[str, bool], list[str]] = {}
    for rule in entry.errors:
        what = " ".join(str(part) for part in (rule.status, rule.code) if part is not None)
        codes.setdefault((rule.meaning, rule.retry), []).append(code(what or "error"))
    rows = [
        [", ".join(dict.fromkeys(found)), escape(meaning), "yes" if retry else "no"]
        for (meaning, retry), found in codes.items()
    ]
    return (
        f"Failures {known(entry)}\n\n{table(['Answer', 'Meaning', 'Retried'], rows)}"
        if rows
        else ""
    )


def _reading(workflow: Workflow, event: Event | None) -> Iterator[str]:
    yield f"Starts by {escape(show_trigger(workflow.trigger))}"
    if event is not None and event.register_hint:
        yield f"The address is registered under {escape(event.register_hint)}"
    if workflow.pagination.style != "none":
        size = f", {workflow.pagination.page_size} a page" if workflow.pagination.page_size else ""
        yield f"Pages: {workflow.pagination.style}{size}"
    if workflow.cursor is not None:
        yield (
            f"Continues by {code(workflow.cursor.field)}, reading "
            f"{workflow.cursor.overlap_seconds} s again so that nothing is missed"
        )
    if workflow.conflict:
        yield f"When both sides changed: {escape(workflow.conflict)}"


def _warnings(plan: Plan, workflow: Workflow, catalogue: Catalogue) -> Iterator[str]:
    """What an engineer should know before it runs."""
    if workflow.trigger.kind == "schedule" and workflow.cursor is None:
        yield "**Warning:** there is no cursor field, so every run reads all records again"
    if workflow.trigger.kind == "schedule":
        yield "**Warning:** deletions in the source are not seen by reading changes"
    if workflow.trigger.kind == "webhook":
        yield "**Warning:** a webhook may come twice or late; records are told apart by their id"
    yield from _of_groups(workflow)
    entry = entry_of(catalogue, workflow.target.system)
    if entry is not None and any(rule.status == 200 for rule in entry.errors):
        yield f"**Warning:** {escape(entry.display_name)} may answer 200 with a fault inside"
    if entry is not None and workflow.lookups and any(not limit.only for limit in entry.limits):
        calls = len(workflow.lookups) + 1 + len(workflow.writes)
        rate = min(map(_per_minute, entry.limits)) / calls
        yield (
            f"**Warning:** {calls} calls a record or more: by the limits of "
            f"{escape(entry.display_name)} some {rate:.0f} records a minute"
        )
    if source_schema(catalogue, workflow) is None:
        yield "**Warning:** the source's fields are not known; nothing is checked against them"


def _of_groups(workflow: Workflow) -> Iterator[str]:
    """What to know of rows that are put together."""
    if workflow.group_by is None:
        return
    by = code(workflow.group_by)
    yield f"A run that finds a new row reads all rows, as any may belong to the same {by}"
    yield f"Rows without {by} are left out, and counted in the log"
    if workflow.write_mode in ("create", "append"):
        yield (
            f"**Warning:** a row that comes after its {by} was written changes nothing there; "
            "create or update instead where rows may come late"
        )
