"""Changes in words, each read by one function into edits of the plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import JsonValue

from pipeline.analysts.offline.filters import read_filters, typed
from pipeline.analysts.offline.keys import read_writing
from pipeline.analysts.offline.lines import groups
from pipeline.analysts.offline.naming import name_words, phrase_words, resolve
from pipeline.analysts.offline.pairs import read_pairs
from pipeline.analysts.offline.request import Mention
from pipeline.analysts.offline.schedule import read_schedule
from pipeline.analysts.offline.signing_in import read_auth
from pipeline.analysts.offline.starts import named_event
from pipeline.analysts.offline.words import singular, stem
from pipeline.analysts.offline.workflows import group_mappings
from pipeline.catalogue.shape import Schema
from pipeline.errors import InvalidEdit
from pipeline.plan import edits as e
from pipeline.plan.model import Mapping, Plan, Workflow
from pipeline.plan.paths import array_of
from pipeline.plan.schemas import entity_schema, entry_of, source_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


_SURE = 0.9  # what is taken away must be named, not guessed


class Statement:
    """One statement of a message, with what it is about."""

    def __init__(self, text: str, plan: Plan, catalogue: Catalogue) -> None:
        self.text = text
        self.plan = plan
        self.catalogue = catalogue

    @cached_property
    def mentions(self) -> list[Mention]:
        names = {system.name: system.display_name for system in self.plan.systems}
        return [
            Mention(one.system, names[one.system], one.start, one.end)
            for one in self.catalogue.recognise(self.text)
            if one.system in names
        ]

    @cached_property
    def workflows(self) -> list[Workflow]:
        """The workflows that are named, else all."""
        named = [one for one in self.plan.workflows if one.name in self.text.lower()]
        return named or list(self.plan.workflows)

    def source(self, workflow: Workflow) -> Schema:
        return source_schema(self.catalogue, workflow) or {}

    def target(self, workflow: Workflow) -> Schema:
        return entity_schema(self.catalogue, workflow.target.system, workflow.target.entity) or {}

    def says(self, pattern: str) -> re.Match[str] | None:
        return re.search(pattern, self.text, re.I)


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
    if match is None or statement.says(r"\bwhen|\bcalled\b"):
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


def _own_line(statement: Statement) -> Iterator[e.PlanEdit]:
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


def _unmap(statement: Statement) -> Iterator[e.PlanEdit]:
    match = statement.says(
        r"\b(?:unmap|(?:don't|do not|stop) (?:map|writ|send|sync|fill|set|includ)\w*|"
        r"(?:remove|drop|delete) (?:the )?(?:mapping (?:of|for|to)|field)|leave(?= .*\b(?:empty|"
        r"out|blank)))"
        r"\s+(?:the |any )?(?P<field>[\w.\[\] ]+?)(?:\s+(?:mapping|field|empty|out|blank|alone))*$"
    ) or statement.says(
        r"\b(?:remove|drop|delete) (?:the )?(?P<field>[\w.\[\] ]+?) (?:mapping|field)\b"
    )
    if match is None:
        return
    for workflow in statement.workflows:
        target = _mapped(match["field"], workflow, statement)
        if target is None:
            raise InvalidEdit(f"Nothing is mapped to or from “{match['field']}”.")
        yield e.UnmapField(workflow=workflow.name, target=target)


def _mapped(phrase: str, workflow: Workflow, statement: Statement) -> str | None:
    """The mapped target field that a phrase names, by its own name or by its source's."""
    wanted = stem(phrase)
    for mapping in workflow.mappings:
        if stem(mapping.target) == wanted or stem(mapping.target.rpartition(".")[2]) == wanted:
            return mapping.target
    field = resolve(phrase, statement.target(workflow), least=_SURE)
    targets = [mapping.target for mapping in workflow.mappings]
    if field is not None and field.path in targets:
        return field.path
    origin = resolve(phrase, statement.source(workflow), least=_SURE)
    return next(
        (one.target for one in workflow.mappings if origin and one.source == origin.path), None
    )


def _constant(statement: Statement) -> Iterator[e.PlanEdit]:
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


def _variable(statement: Statement) -> Iterator[e.PlanEdit]:
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


def _pairs(statement: Statement) -> Iterator[e.PlanEdit]:
    text = re.sub(
        r"^\W*(?:please|also|and|then|can you|could you)\W+", "", statement.text, flags=re.I
    )
    use = re.match(
        r"(?:use|take|put|write|copy|send)\s+(?:the )?(?P<source>[\w.\[\] ]+?)\s+"
        r"(?:as|for|in|into|to)\s+(?:the )?(?P<target>[\w.\[\] ]+)$",
        text,
        re.I,
    )
    pairs = read_pairs(text, statement.mentions)
    sides = [(pair.source, pair.target, pair.constant) for pair in pairs]
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
    origin = resolve(source, statement.source(workflow))
    origin_path = origin.path if origin else source.replace(" ", "_")
    return e.MapField(workflow=workflow.name, target=path, source=origin_path)


def _also(statement: Statement) -> Iterator[e.PlanEdit]:
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


def _write_mode(statement: Statement) -> Iterator[e.PlanEdit]:
    writing = read_writing(statement.text)
    if writing.mode is None:
        return
    for workflow in statement.workflows:
        target = resolve(writing.key, statement.target(workflow)) if writing.key else None
        source = resolve(writing.key, statement.source(workflow)) if writing.key else None
        in_array = target is not None and array_of(target.path)
        yield e.SetWriteMode(
            workflow=workflow.name, write_mode=writing.mode,
            match_target=target.path if target and not in_array else None,
            match_source=source.path if source else None,
        )  # fmt: skip


Reader = Callable[[Statement], Iterator[e.PlanEdit]]
# The first reader that finds something is believed, so the more particular stand first.
READERS: list[Reader] = [
    _base_url, _own_line, _on_missing, _remove_filter, _constant, _variable, _auth, _unmap,
    _rename, _trigger, _filter, _pairs, _write_mode, _also,
]  # fmt: skip
