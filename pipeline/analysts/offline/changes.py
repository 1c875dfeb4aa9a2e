"""Changes in words, each read by one function into edits of the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.analysts.offline.assigning import assigned, column_added, placed, worded
from pipeline.analysts.offline.filters import read_filters
from pipeline.analysts.offline.keys import read_writing
from pipeline.analysts.offline.matching import match_on
from pipeline.analysts.offline.naming import name_words, phrase_words
from pipeline.analysts.offline.refilling import (
    also,
    constant,
    own_line,
    pairs,
    variable,
)
from pipeline.analysts.offline.regrouping import grouping
from pipeline.analysts.offline.removing import removed
from pipeline.analysts.offline.replacing import replaced
from pipeline.analysts.offline.schedule import read_schedule
from pipeline.analysts.offline.signing_in import read_auth
from pipeline.analysts.offline.starts import named_event
from pipeline.analysts.offline.statement import Reader, Statement
from pipeline.analysts.offline.widening import widened
from pipeline.analysts.offline.words import singular
from pipeline.errors import InvalidEdit
from pipeline.plan import edits as e
from pipeline.plan.model import Workflow
from pipeline.plan.paths import array_of
from pipeline.plan.schemas import entry_of

if TYPE_CHECKING:
    pass


def _base_url(statement: Statement) -> Iterator[e.PlanEdit]:
    match = statement.says(r"\b(?:base ?url|address|host|endpoint)\b.*?(?P<url>https?://\S+)")
    if match and statement.mentions:
        url = match["url"].rstrip(".,;)")
        yield e.SetBaseUrl(system=statement.mentions[0].system, base_url=url)


def _rename(statement: Statement) -> Iterator[e.PlanEdit]:
    match = statement.says(
        r"^\W*(?:please\W+|and\W+|also\W+)*(?:rename|call|title|name(?= (?:it|"
        r"this)\b))\b\s*(?:it|this|the (?:integration|workflow|plan|title)|"
        r"(?P<which>[\w-]+))?\s*(?:to|as|:|=|should be|is)?\s+\"?(?P<name>[^\"]{2,80}?)\"?\s*$"
    )
    if match is None or statement.says(r"\bwhen|\bcalled\b|\b(?:column|field)\b"):
        return
    which = match["which"]
    named = next((one.name for one in statement.plan.workflows if one.name == which), None)
    yield e.Rename(workflow=named, name=match["name"].strip())


def _auth(statement: Statement) -> Iterator[e.PlanEdit]:
    for system, (kind, grant) in read_auth(statement.text, statement.mentions).items():
        yield e.SetAuth(system=system, type=kind, grant=grant)


def _trigger(statement: Statement) -> Iterator[e.PlanEdit]:
    schedule = read_schedule(statement.text)
    for workflow in statement.workflows:
        if schedule is not None:
            yield e.SetTrigger(workflow=workflow.name, kind="schedule", cron=schedule.cron,
                               timezone=schedule.timezone)  # fmt: skip
        elif zone := statement.says(r"\btime ?zone\b\D*?(?P<zone>[A-Z]\w+/\w+|UTC)"):
            yield e.SetTrigger(workflow=workflow.name, timezone=zone["zone"])
        elif statement.says(r"\b(?:by hand|manual(?:ly)?|on demand)\b"):
            yield e.SetTrigger(workflow=workflow.name, kind="manual")
        else:
            yield from _event(statement, workflow)


def _event(statement: Statement, workflow: Workflow) -> Iterator[e.PlanEdit]:
    if not statement.says(
        r"\b(?:web ?hook|trigger|run|start|fire|listen|real[- ]time|instantly|event)"
    ):
        return
    entry = entry_of(statement.catalogue, workflow.source.system)
    event = named_event(statement.text, entry, workflow.source.entity) if entry else None
    if event is not None or statement.says(r"\bweb ?hook|real[- ]time|instantly"):
        yield e.SetTrigger(
            workflow=workflow.name, kind="webhook", event=event.name if event else None
        )


def _remove_filter(statement: Statement) -> Iterator[e.PlanEdit]:
    match = statement.says(
        r"\b(?:remove|drop|delete|no) (?:the )?filters?(?: (?:on|for|by) (?:the )?(?P<on>.+))?$"
    )
    if match is None:
        return
    for workflow in statement.workflows:
        wanted = set(phrase_words(match["on"] or ""))
        if not workflow.filters:
            raise InvalidEdit(f"{workflow.name} has no filter.")
        for one in workflow.filters:
            if not wanted or wanted & set(name_words(one.field)):
                yield e.RemoveFilter(workflow=workflow.name, field=one.field)


def _filter(statement: Statement) -> Iterator[e.PlanEdit]:
    if not statement.says(r"\b(?:only|skip|ignore|exclude|filter|except|without|where|tagged|"
                          r"labell?ed|"
                          r"over|above|under|below|not|leave out|drop|omit|just)\b"):  # fmt: skip
        return
    for workflow in statement.workflows:
        entry = entry_of(statement.catalogue, workflow.source.system)
        if entry is None or not entry.entities:
            continue
        entity = entry.entity(workflow.source.entity)
        nouns = [entity.name.replace("-", " "), *entity.aliases, "ones", "records"]
        for one in read_filters(statement.text, statement.source(workflow), nouns, ""):
            yield e.AddFilter(
                workflow=workflow.name, field=one.field, operator=one.op, value=one.value
            )


def _on_missing(statement: Statement) -> Iterator[e.PlanEdit]:
    match = statement.says(r"\b(?:missing|unknown|not found|no (?:\w+ )?(?:is )?found|doesn't "
                           r"exist|"
                           r"don't exist|does not exist|do not exist|isn't there|can't be found|"
                           r"no match)")  # fmt: skip
    refused = statement.says(r"\b(?:don't|do not|never) create (?:new |missing )?(?P<noun>\w+)")
    modes = (("fail", r"\b(?:fail|error|stop|abort|raise)\b"), ("skip", r"\b(?:skip|ignore|leave "
                                                                        r"out)\b"),
             ("create", r"\b(?:create|add|make)\b"))  # fmt: skip
    if match is None and refused is None:
        return
    mode = next((mode for mode, pattern in modes if statement.says(pattern)), None)
    mode = "fail" if refused is not None and mode in (None, "create") else mode
    for workflow in statement.workflows:
        for lookup in workflow.lookups:
            if mode and _speaks_of(statement, lookup.entity, lookup.system):
                yield e.SetOnMissing(workflow=workflow.name, lookup=lookup.name, on_missing=mode)


def _speaks_of(statement: Statement, entity: str, system: str) -> bool:
    entry = entry_of(statement.catalogue, system)
    known = next((one for one in entry.entities if one.name == entity), None) if entry else None
    names = [entity, *(known.aliases if known else [])]
    said = " ".join(map(singular, re.findall(r"\w+", statement.text.lower())))
    return any(re.search(rf"\b{re.escape(' '.join(name_words(name)))}\b", said) for name in names)


def _write_mode(statement: Statement) -> Iterator[e.PlanEdit]:
    writing = read_writing(statement.text)
    if writing.mode is None:
        return
    for workflow in statement.workflows:
        found = next((one for one in workflow.lookups if one.entity == writing.of), None)
        if found is not None and found.by and writing.of != workflow.target.entity:
            raise InvalidEdit(f"A {found.entity} is found by {found.by[0].target}; another way to "
                              "find it can't be set here yet.")  # fmt: skip
        keys = match_on(
            writing, workflow.mappings, statement.source(workflow), statement.target(workflow),
            writing.mode, workflow.source.entity,
        )  # fmt: skip
        pair = keys[0] if keys and writing.key and not array_of(keys[0].target) else None
        yield e.SetWriteMode(
            workflow=workflow.name, write_mode=writing.mode,
            match_target=pair.target if pair else None, match_source=pair.source if pair else None,
        )  # fmt: skip


# The first reader that finds something is believed, so the more particular stand first.
READERS: list[Reader] = [
    _base_url, grouping, own_line, _on_missing, _remove_filter, replaced, worded, column_added,
    constant, variable, _auth, removed, _rename, _trigger, assigned, _filter, widened, pairs,
    _write_mode, also, placed,
]  # fmt: skip
