"""Changes of single fields in words: map, unmap, a constant, a variable, a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import JsonValue

from pipeline.analysts.offline.conditions import typed
from pipeline.analysts.offline.fields_said import source_field
from pipeline.analysts.offline.lines import groups
from pipeline.analysts.offline.naming import name_words, phrase_words, resolve
from pipeline.analysts.offline.pairs import read_pairs
from pipeline.analysts.offline.statement import Statement
from pipeline.analysts.offline.words import singular
from pipeline.analysts.offline.workflows import group_mappings
from pipeline.errors import InvalidEdit
from pipeline.plan import edits as e
from pipeline.plan.model import Mapping, Workflow


def own_line(statement: Statement) -> Iterator[e.PlanEdit]:
    """“Put the discount on its own line”: a group of elements of the target's array."""
    if not statement.says(
        r"\b(?:(?:its|their|a|an) )?(?:own|separate|extra|additional) (?:line|row|item)"
    ):
        return
    said = set(map(singular, re.findall(r"\w+", statement.text.lower())))
    for workflow in statement.workflows:
        beside = groups(statement.source(workflow), statement.target(workflow))
        for group in beside:
            words = set(name_words(group.source.path)) - {"line", "item", "code"}
            if words & said:
                for mapping in group_mappings(group, beside):
                    yield _edit_of(workflow, mapping)


def _edit_of(workflow: Workflow, mapping: Mapping) -> e.MapField:
    transform = mapping.transform
    return e.MapField(
        workflow=workflow.name, target=mapping.target, source=mapping.source,
        constant=mapping.constant, each=mapping.each,
        transform=transform.name if transform else None,
        transform_args=transform.args if transform else {},
    )  # fmt: skip


def constant(statement: Statement) -> Iterator[e.PlanEdit]:
    match = statement.says(
        r"\b(?:set|fill|make|write)\s+(?:the )?(?P<field>[\w.\[\] ]+?)\s+(?:always )?(?:to|as|"
        r"with|=)\s+"
        r"(?:the (?:constant|value|text) )?(?:always )?(?P<value>\"[^\"]*\"|'[^']*'|true|false|"
        r"-?\d+(?:\.\d+)?)\s*$"
    )
    if match is None:
        return
    value = match["value"].strip("\"'")
    for workflow in statement.workflows:
        field = resolve(match["field"], statement.target(workflow))
        if field is not None:
            yield e.MapField(
                workflow=workflow.name, target=field.path, constant=typed(value, field)
            )


def variable(statement: Statement) -> Iterator[e.PlanEdit]:
    match = statement.says(
        r"\b(?:use|take|set)?\s*(?:the )?(?:variable )?(?P<name>[\w -]+?)\s+(?:is|=|to|should be|"
        r":)\s+"
        r"\"?(?P<value>[^\"]+?)\"?\s*$"
    ) or statement.says(
        r"\b(?:use|take)\s+\"?(?P<value>[^\"]+?)\"?\s+(?:as|for)\s+(?:the |our )?(?P<name>[\w "
        r"-]+?)\s*$"
    )
    if match is None:
        return
    wanted = set(phrase_words(match["name"])) - {"variable", "use", "set"}
    for variable in statement.plan.variables:
        if len(wanted) >= 1 and wanted <= set(name_words(variable.name)):
            value = _typed_variable(match["value"], variable.type)
            yield e.SetVariable(name=variable.name, type=variable.type, default=value)


def _typed_variable(text: str, kind: str) -> JsonValue:
    if kind == "number":
        return float(text) if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else text
    return text.lower() in ("true", "yes") if kind == "boolean" else text


def pairs(statement: Statement) -> Iterator[e.PlanEdit]:
    text = re.sub(
        r"^\W*(?:please|also|and|then|can you|could you)\W+|\W+(?:instead|please|as well|too)$",
        "",
        statement.text,
        flags=re.I,
    )
    use = re.match(
        r"(?:use|take|put|write|copy|send|add)\s+(?:the )?(?P<source>[\w.\[\] ]+?)\s+"
        r"(?:as|for|in|into|to)\s+(?:the )?(?P<target>[\w.\[\] ]+)$",
        text,
        re.I,
    )
    pairs = read_pairs(text, statement.mentions)
    sides = [(pair.source, pair.target, pair.constant) for pair in pairs if not pair.tentative]
    if use and not sides:
        sides = [(use["source"], use["target"], False)]
    for workflow in statement.workflows:
        for source, target, constant in sides:
            yield _map(statement, workflow, source, target, constant)


def _map(
    statement: Statement, workflow: Workflow, source: str, target: str, constant: bool
) -> e.MapField:
    """InvalidEdit (at applying) tells the closest names where a side is not found."""
    into = resolve(target, statement.target(workflow))
    path = into.path if into else target.replace(" ", "_")
    if constant:
        value = typed(source, into) if into else source
        return e.MapField(workflow=workflow.name, target=path, constant=value)
    origin = source_field(statement, workflow, source)
    origin = origin or resolve(source, statement.source(workflow))
    origin_path = origin.path if origin else source.replace(" ", "_")
    return e.MapField(workflow=workflow.name, target=path, source=origin_path)


def also(statement: Statement) -> Iterator[e.PlanEdit]:
    """“Also map the phone number”: the same words name the field on both sides."""
    match = statement.says(r"\b(?:map|include|add|sync|copy|write|send|bring)\s+(?:over )?(?:the "
                           r"|their |its )?"
                           r"(?P<field>[\w ]+?)(?:\s+(?:too|as well|also|field))*\s*$")  # fmt: skip
    if match is None:
        return
    for workflow in statement.workflows:
        source = resolve(match["field"], statement.source(workflow), least=0.6)
        target = resolve(match["field"], statement.target(workflow), least=0.6)
        if source is not None and target is not None and not target.read_only:
            yield e.MapField(workflow=workflow.name, target=target.path, source=source.path)
        elif source is not None or target is not None:
            side = "source" if source is None else "target"
            raise InvalidEdit(f"The {side} has no field like “{match['field']}”; say “map … to …”.")
