"""The research document of a plan: Markdown, with a source for every fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.catalogue.model import Event, Operation, SystemEntry
from pipeline.catalogue.schema import fields
from pipeline.plan.apply import show_auth
from pipeline.plan.diff import show_filter, show_source, show_trigger, show_value
from pipeline.plan.markdown import bullet, code, escape, link, table
from pipeline.plan.model import Endpoint, Fact, Lookup, Mapping, Plan, System, Workflow, Write
from pipeline.plan.schemas import entry_of, event_of, source_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_WEAK = ("inferred", "unverified")


def research_document(plan: Plan, catalogue: Catalogue) -> str:
    """The document in four sections; values of one user stay out of it."""
    parts = [
        f"# {escape(plan.title)}",
        escape(plan.summary),
        "## System & Authentication",
        *(_system(plan, system, catalogue) for system in plan.systems),
        "## API Endpoints",
        *(_endpoints(plan, workflow, catalogue) for workflow in plan.workflows),
        "## Integration Patterns",
        *_patterns(plan, catalogue),
        "## Data & Transformations",
        *(_data(workflow) for workflow in plan.workflows),
        *_questions(plan),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(plan: Plan, subjects: Iterable[str]) -> list[str]:
    wanted = set(subjects)
    return [show_fact(fact) for fact in plan.facts if fact.subject in wanted]


def show_fact(fact: Fact) -> str:
    """A fact with its source, grade and date; a weak one is called weak."""
    weak = "**Weak:** " if fact.grade in _WEAK else ""
    origin = f"[{link(fact.source)}; {fact.grade}, {fact.verified_on.isoformat()}]"
    return f"{weak}{escape(fact.text)} {origin}"


def _known(entry: SystemEntry | None) -> str:
    """Where what the catalogue says of a system comes from."""
    if entry is None:
        return "[the request; unverified]"
    if entry.tier == "user":
        return "[the attached OpenAPI file; user-supplied]"
    on = f", {entry.verified_on.isoformat()}" if entry.verified_on else ""
    return f"[{link(entry.docs_url)}; vendor-doc{on}]"


def _system(plan: Plan, system: System, catalogue: Catalogue) -> str:
    entry = entry_of(catalogue, system.name)
    known, auth = _known(entry), system.auth
    lines = [f"{escape(system.display_name)} is the {_ROLES[system.role]}."]
    if system.base_url:
        lines.append(f"Base URL: {code(system.base_url)} {known}")
    for item in system.config:
        lines.append(f"To be asked for: {escape(item.label)} ({code(item.name)})")
    lines.append(f"Authentication: {show_auth(auth)} {known}")
    if auth.parameter:
        where = f"{auth.location} {code(auth.parameter)}"
        lines.append(f"The key goes in the {where} {known}")
    if auth.authorize_url and auth.token_url:
        lines.append(
            f"Authorize: {code(auth.authorize_url)}, token: {code(auth.token_url)} {known}"
        )
    if auth.scopes:
        lines.append(f"Scopes: {', '.join(map(code, auth.scopes))} {known}")
    if system.dynamic:
        lines.append("Each end user connects their own account [the request; user-supplied]")
    lines += _facts(plan, [system.name, f"{system.name}.auth", f"{system.name}.config"])
    return f"### {escape(system.display_name)}\n\n" + "\n".join(map(bullet, lines))


_ROLES = {"source": "source", "target": "target", "both": "source and target"}


def _endpoints(plan: Plan, workflow: Workflow, catalogue: Catalogue) -> str:
    rows, subjects = [], []
    event = event_of(catalogue, workflow)
    if workflow.trigger.kind == "webhook" and event is not None:
        rows.append(
            ["receives", code(event.name), "POST from " + escape(workflow.source.system), ""]
        )
    for purpose, system, entity, operation in _calls(workflow, catalogue):
        needed = [*operation.required, *_required(catalogue, system, entity, operation)]
        rows.append([purpose, escape(f"{system} {entity}"), code(f"{operation.method} "
                                                                 f"{operation.path}"),
                     ", ".join(map(code, dict.fromkeys(needed)))])  # fmt: skip
        subjects.append(f"{system}.{entity}")
    subjects.append(f"{workflow.source.system}.{workflow.source.entity}")
    head = ["", "What", "Call", "Required"]
    lines = _facts(plan, subjects)
    sources = [
        f"{system}: {_known(entry_of(catalogue, system))}"
        for system in dict.fromkeys((workflow.source.system, workflow.target.system))
    ]
    text = f"### {escape(workflow.name)}\n\n{table(head, rows)}\n\nSources: {' · '.join(sources)}"
    return text + ("\n\n" + "\n".join(map(bullet, lines)) if lines else "")


Call = tuple[str, str, str, Operation]


def _calls(workflow: Workflow, catalogue: Catalogue) -> Iterator[Call]:
    source = workflow.source
    if workflow.trigger.kind != "webhook":
        yield from _call("reads", source, ("list",), catalogue)
    for lookup in workflow.lookups:
        yield from _call("finds", lookup, ("find", "list"), catalogue)
        if lookup.on_missing == "create":
            yield from _call("creates if missing", lookup, ("create",), catalogue)
    writes: list[Endpoint | Write] = [workflow.target, *workflow.writes]
    for write in writes:
        if workflow.write_mode in ("upsert", "update"):
            yield from _call("finds", write, ("find",), catalogue)
            yield from _call("updates", write, ("upsert", "update"), catalogue)
        if workflow.write_mode != "update":
            yield from _call("writes", write, ("create", "upsert", "action"), catalogue)


def _call(
    purpose: str, end: Endpoint | Lookup | Write, actions: tuple[str, ...], catalogue: Catalogue
) -> Iterator[Call]:
    entry = entry_of(catalogue, end.system)
    found = [one for action in actions for one in (entry.operations if entry else [])
             if one.entity == end.entity and one.action == action]  # fmt: skip
    if found:
        yield purpose, end.system, end.entity, found[0]


def _required(catalogue: Catalogue, system: str, entity: str, operation: Operation) -> list[str]:
    if operation.action not in ("create", "upsert"):
        return []
    schema = catalogue.system(system).entity(entity).record_schema
    return [one.path for one in fields(schema) if one.required and not one.read_only]


def _patterns(plan: Plan, catalogue: Catalogue) -> Iterator[str]:
    for system in plan.systems:
        entry = entry_of(catalogue, system.name)
        if entry is None:
            continue
        lines = list(_limits(entry))
        lines += _facts(plan, [f"{system.name}.{part}" for part in
                               ("limits", "errors", "pagination", "events")])  # fmt: skip
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
        at_once = f", {limit.concurrent} at once" if limit.concurrent else ""
        yield (
            f"Limit: {limit.requests} requests per {limit.per_seconds:g} s {escape(limit.scope)}"
            f"{plan}{at_once} {_known(entry)}"
        )


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
        f"Failures {_known(entry)}\n\n{table(['Answer', 'Meaning', 'Retried'], rows)}"
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
    entry = entry_of(catalogue, workflow.target.system)
    if entry is not None and any(rule.status == 200 for rule in entry.errors):
        yield f"**Warning:** {escape(entry.display_name)} may answer 200 with a fault inside"
    if entry is not None and workflow.lookups and entry.limits:
        calls = len(workflow.lookups) + 1 + len(workflow.writes)
        tightest = min(entry.limits, key=lambda limit: limit.requests / limit.per_seconds)
        rate = tightest.requests / tightest.per_seconds * 60 / calls
        yield f"**Warning:** {calls} calls a record or more: limits allow some {rate:.0f} a minute"
    if source_schema(catalogue, workflow) is None:
        yield "**Warning:** the source's fields are not known; nothing is checked against them"


def _data(workflow: Workflow) -> str:
    parts = [f"### {escape(workflow.name)}"]
    if workflow.filters:
        parts.append(
            "Only records with " + " and ".join(code(show_filter(one)) for one in workflow.filters)
        )  # noqa: E501
    keys = ", ".join(f"{code(one.target)} = {code(one.source)}" for one in workflow.match_on)
    parts.append(f"Write mode: {workflow.write_mode}" + (f", matched by {keys}" if keys else ""))
    parts.append(_mapping_table(workflow.mappings))
    for lookup in workflow.lookups:
        by = ", ".join(f"{code(one.target)} = {code(one.source)}" for one in lookup.by)
        parts.append(f"#### Lookup: {escape(lookup.name)}\n\n{escape(lookup.entity)} by {by}; "
                     f"if there is none: {lookup.on_missing}")  # fmt: skip
        parts.append(_mapping_table(lookup.mappings))
    for write in workflow.writes:
        parts.append(f"#### Then: {escape(write.id)}\n\n{write.write_mode} "
                     f"{escape(write.entity)} in "
                     f"{escape(write.system)}")  # fmt: skip
        parts.append(_mapping_table(write.mappings))
    return "\n\n".join(part for part in parts if part)


def _mapping_table(mappings: list[Mapping]) -> str:
    rows = [
        [code(one.target), code(show_source(one)), one.each and code(one.each) or "",
         _confidence(one), escape(one.note)]
        for one in mappings
    ]  # fmt: skip
    return table(["Target", "Source", "For each", "Confidence", "Note"], rows) if rows else ""


def _confidence(mapping: Mapping) -> str:
    if mapping.status == "confirmed":
        return "confirmed"
    if mapping.source is None or mapping.source.startswith("$"):
        return ""
    doubt = " (please review)" if mapping.status == "needs-review" else ""
    return f"{mapping.confidence:.0%}{doubt}"


def _questions(plan: Plan) -> Iterator[str]:
    if not plan.questions:
        return
    rows = [
        [
            escape(one.text),
            one.importance,
            escape(one.answer or f"assumed: {show_value(one.assumption)}"),
        ]
        for one in plan.questions
    ]
    yield "### Decisions\n\n" + table(["Question", "Importance", "Answer"], rows)
