"""“Use this instead of that”: of fields, events, values of filters and constants."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.analysts.offline.conditions import typed
from pipeline.analysts.offline.fields_said import bare_words, mappings_said, source_field
from pipeline.analysts.offline.nouns import nouns_of
from pipeline.analysts.offline.places import read_places
from pipeline.analysts.offline.statement import Statement
from pipeline.analysts.offline.words import stem
from pipeline.errors import InvalidEdit
from pipeline.plan import edits as e
from pipeline.plan.model import Workflow
from pipeline.plan.schemas import entry_of, find_field

_LEAD = r"^\W*(?:(?:please|actually|no|and|also|then|rather|better|let's|we|should)\W+)*"
_INSTEAD = [
    re.compile(_LEAD + pattern + r"\W*$", re.I)
    for pattern in (
        r"(?:use|take|put|send|write|map|make (?:it|them)|post to|create)?\s*(?P<new>.+?)\s*,?\s*"
        r"(?:instead of|rather than|in place of|,? (?:and )?not)\s+(?P<old>.+?)",
        r"(?:replace|swap|change|switch)\s+(?P<old>.+?)\s+(?:with|by|for|to)\s+(?P<new>.+?)",
        r"instead of\s+(?P<old>.+?),?\s+(?:use|take|put|send|write|map)\s+(?P<new>.+?)",
    )
]


def replaced(statement: Statement) -> Iterator[e.PlanEdit]:
    match = next((found for one in _INSTEAD if (found := one.match(statement.text))), None)
    if match is None:
        return
    new, old = bare_words(match["new"]), bare_words(match["old"])
    new = re.sub(r"\s+(?:for|in|as) (?:the )?[\w ]+$", "", new) or new
    for workflow in statement.workflows:
        for read in (_event, _value, _constant, _source):
            edits = list(read(statement, workflow, new, old))
            if edits:
                yield from edits
                break
        else:
            _refuse_entity(statement, workflow, new)


def _event(statement: Statement, workflow: Workflow, new: str, old: str) -> Iterator[e.PlanEdit]:
    entry = entry_of(statement.catalogue, workflow.source.system)
    named = (
        next((one for one in entry.events if stem(one.name) == stem(new)), None) if entry else None
    )
    if named is not None:
        yield e.SetTrigger(workflow=workflow.name, kind="webhook", event=named.name)


def _value(statement: Statement, workflow: Workflow, new: str, old: str) -> Iterator[e.PlanEdit]:
    """A filter's value: “closed lost instead of closed won”."""
    for one in workflow.filters:
        if stem(str(one.value)) != stem(old):
            continue
        field = find_field(statement.source(workflow), one.field)
        value = typed(new, field) if field is not None else new
        yield e.AddFilter(workflow=workflow.name, field=one.field, operator=one.op, value=value)


def _constant(statement: Statement, workflow: Workflow, new: str, old: str) -> Iterator[e.PlanEdit]:
    for one in workflow.mappings:
        if one.constant is not None and stem(str(one.constant)) == stem(old):
            place = next(iter(read_places(new)), None)
            value = place.value if place else new
            yield e.MapField(workflow=workflow.name, target=one.target, constant=value,
                             each=one.each)  # fmt: skip


def _source(statement: Statement, workflow: Workflow, new: str, old: str) -> Iterator[e.PlanEdit]:
    origin = source_field(statement, workflow, new)
    fitting = mappings_said(old, workflow, statement) if origin is not None else []
    for one in fitting[:1]:
        assert origin is not None
        yield e.MapField(workflow=workflow.name, target=one.target, source=origin.path,
                         each=one.each)  # fmt: skip


def _refuse_entity(statement: Statement, workflow: Workflow, new: str) -> None:
    entry = entry_of(statement.catalogue, workflow.target.system)
    if entry is not None and nouns_of(new, entry):
        wanted = entry.entity(nouns_of(new, entry)[0].entity).display_name.lower()
        raise InvalidEdit(
            f"What this plan writes is a {workflow.target.entity.replace('-', ' ')}. For another "
            f"kind of record ({wanted}), ask in a new thread: almost all of it would change."
        )
