"""“All of them”, “urgent too”: a filter that goes, or takes more values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.analysts.offline.conditions import typed
from pipeline.analysts.offline.statement import Statement
from pipeline.analysts.offline.words import plural, stem
from pipeline.plan import edits as e
from pipeline.plan.model import Filter, Workflow
from pipeline.plan.schemas import find_field

_ALL = re.compile(
    r"^\W*(?:(?:please|actually|take|send|sync|include|and)\W+)*(?:all|every|any)\b"
    r"(?! (?:the )?time)|"
    r"\bnot (?:just|only)\b|\bno matter\b|\bregardless of\b",
    re.I,
)
_TOO = re.compile(
    r"^\W*(?:(?:please|and|also|include|take|add)\W+)*(?P<value>[\w -]+?)\s+(?:ones? |\w+s )?"
    r"(?:too|as well)\W*$|^\W*also\s+(?:include |take )?(?P<also>[\w -]+?)(?: ones)?\W*$",
    re.I,
)


def widened(statement: Statement) -> Iterator[e.PlanEdit]:
    for workflow in statement.workflows:
        yield from (_dropped(statement, workflow) if _ALL.search(statement.text) else
                    _joined(statement, workflow))  # fmt: skip


def _dropped(statement: Statement, workflow: Workflow) -> Iterator[e.PlanEdit]:
    """The filters that “not just paid ones” names; all of them, where none is named."""
    entity = workflow.source.entity.replace("-", " ")
    if not re.search(
        rf"\b(?:{entity}|{plural(entity)}|of them|ones|records)\b", statement.text, re.I
    ):
        return
    said = stem(statement.text)
    named = [one for one in workflow.filters if stem(str(one.value)) in said]
    for one in named or workflow.filters:
        yield e.RemoveFilter(workflow=workflow.name, field=one.field)


def _joined(statement: Statement, workflow: Workflow) -> Iterator[e.PlanEdit]:
    match = _TOO.match(statement.text)
    said = (match["value"] or match["also"]).strip() if match else ""
    for one in workflow.filters if said else []:
        value = _other_value(statement, workflow, one, said)
        if value is not None:
            known = one.value if isinstance(one.value, list) else [one.value]
            yield e.RemoveFilter(workflow=workflow.name, field=one.field)
            yield e.AddFilter(workflow=workflow.name, field=one.field, operator="in",
                              value=[*known, value])  # fmt: skip


def _other_value(statement: Statement, workflow: Workflow, one: Filter, said: str) -> str | None:
    """Another usual value of the field that a filter is on."""
    field = find_field(statement.source(workflow), one.field)
    if field is None or one.op not in ("eq", "in"):
        return None
    value = typed(said, field)
    usual = {stem(str(each)) for each in (*field.enum, *field.examples)}
    return str(value) if stem(str(value)) in usual else None
