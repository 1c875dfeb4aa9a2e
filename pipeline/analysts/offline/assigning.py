"""What a field is filled with: “X should be Y”, “add a column X with Y”, “it should say …”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.analysts.offline.conditions import typed
from pipeline.analysts.offline.fields_said import (
    bare_words,
    source_field,
    target_field,
    text_mapping,
)
from pipeline.analysts.offline.places import read_places
from pipeline.analysts.offline.placing import constants
from pipeline.analysts.offline.removing import with_text
from pipeline.analysts.offline.statement import Statement
from pipeline.analysts.offline.words import split_list
from pipeline.catalogue.schema import fields
from pipeline.errors import InvalidEdit
from pipeline.plan import edits as e
from pipeline.plan.model import Workflow
from pipeline.plan.schemas import did_you_mean, free_objects

_LEAD = r"^\W*(?:(?:please|actually|and|also|then|the|make|set|can you|could you)\W+)*"
_SHOULD = re.compile(
    _LEAD
    + r"(?P<target>[\w.\[\] ]{2,40}?)\s+(?:should|must|shall|has to|needs to|can)\s+(?:always\s+)?"
    r"(?P<verb>be|go (?:in)?to|come from|equal|hold|contain|say)\s+(?P<value>.+?)\W*$",
    re.I,
)
_COLUMN = re.compile(
    _LEAD + r"add\s+(?:an?|another|the)?\s*(?:new |extra )?(?:column|field)\s+(?:called |named )?"
    r"[\"']?(?P<column>[\w ]+?)[\"']?\s+(?:with|from|=|for|filled with|holding)\s+"
    r"(?P<source>.+?)\W*$",
    re.I,
)
_AS_COLUMN = re.compile(
    _LEAD + r"(?:add|include|put)\s+(?P<source>.+?)\s+(?:as|in|to)\s+(?:an?|the|another)?\s*"
    r"(?:\w+\s+)?(?P<as>column|row|sheet|table)\b\W*$",
    re.I,
)
_SAYS = re.compile(
    r"\b(?:message|text|it|body|email|sms|note|comment)\b.*?\b(?:say|read|be|says)\b:?\s*"
    r"\"(?P<text>[^\"]+)\"",
    re.I,
)
_SHOWN = re.compile(
    _LEAD + r"(?:include|add|show|mention|list)\s+(?P<fields>.+?)"
    r"(?:\s+(?:too|as well|also|in the (?:message|text|post|email)|to the (?:message|text)))*\W*$",
    re.I,
)


def assigned(statement: Statement) -> Iterator[e.PlanEdit]:
    """A target field's value, said as what it should be: a text, or a field of the source."""
    match = _SHOULD.match(statement.text)
    if match is None:
        return
    for workflow in statement.workflows:
        left, right = match["target"], bare_words(match["value"])
        if match["verb"].lower().startswith("go"):
            yield from _moved(statement, workflow, left, right)
            continue
        into = target_field(statement, workflow, left)
        if into is None:
            continue
        origin = None if '"' in match["value"] else source_field(statement, workflow, right)
        if origin is not None:
            yield e.MapField(workflow=workflow.name, target=into.path, source=origin.path)
        else:
            value = typed(right, into)
            yield e.MapField(workflow=workflow.name, target=into.path, constant=value)


def _moved(statement: Statement, workflow: Workflow, left: str, right: str) -> Iterator[e.PlanEdit]:
    origin = source_field(statement, workflow, left)
    into = target_field(statement, workflow, right)
    if origin is not None and into is not None:
        yield e.MapField(workflow=workflow.name, target=into.path, source=origin.path)


def column_added(statement: Statement) -> Iterator[e.PlanEdit]:
    """A column of one's own, where the target takes any: rows, records, properties."""
    match = _COLUMN.match(statement.text) or _AS_COLUMN.match(statement.text)
    if match is None:
        return
    for workflow in statement.workflows:
        free = free_objects(statement.target(workflow))
        origin = source_field(statement, workflow, match["source"])
        if origin is None:
            paths = [one.path for one in fields(statement.source(workflow))]
            near = did_you_mean(match["source"], paths)
            raise InvalidEdit(f"The source has no field like “{match['source']}”.{near}")
        if not free:
            continue
        said = match.groupdict().get("column") or match["source"]
        name = "_".join(re.findall(r"[a-z0-9]+", bare_words(said).lower()))
        target = f"{free[0]}.{name}" if free[0] else name
        yield e.MapField(workflow=workflow.name, target=target, source=origin.path)


def worded(statement: Statement) -> Iterator[e.PlanEdit]:
    """A message's text: what it says, or one more field that it shows."""
    said, shown = _SAYS.search(statement.text), _SHOWN.match(statement.text)
    if said is None and shown is None:
        return
    for workflow in statement.workflows:
        mapping = text_mapping(statement, workflow)
        if mapping is None:
            continue
        if said is not None:
            yield with_text(workflow, mapping, _filled(statement, workflow, said["text"]))
        elif shown is not None and mapping.transform is not None:
            lines = [*_lines(statement, workflow, shown["fields"])]
            text = "\n".join([str(mapping.transform.args.get("text", "")), *lines])
            yield with_text(workflow, mapping, text)


def _lines(statement: Statement, workflow: Workflow, said: str) -> Iterator[str]:
    for words in split_list(said):
        origin = source_field(statement, workflow, words)
        if origin is None:
            raise InvalidEdit(f"The {workflow.source.entity} has no field like “{words}”.")
        yield f"{bare_words(words).capitalize()}: {{{origin.path}}}"


def _filled(statement: Statement, workflow: Workflow, text: str) -> str:
    """A template in people's words with the paths of the fields that they mean."""

    def path(match: re.Match[str]) -> str:
        origin = source_field(statement, workflow, match[1])
        if origin is None:
            raise InvalidEdit(f"The {workflow.source.entity} has no field like “{match[1]}”.")
        return f"{{{origin.path}}}"

    return re.sub(r"\{+([^{}]+)\}+|<([^<>]+)>", path, text)


def placed(statement: Statement) -> Iterator[e.PlanEdit]:
    """A channel, project or table named anew: “post to #sales instead”."""
    for workflow in statement.workflows:
        for one in constants(read_places(statement.text), statement.target(workflow)):
            yield e.MapField(workflow=workflow.name, target=one.target, constant=one.constant)
