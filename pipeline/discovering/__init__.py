"""After credentials: what an account really has, compared with what the plan writes there.

A field that the account lacks, or a value that it does not offer, becomes a question; fields that
only this account has become known, so that people can map them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from pydantic import JsonValue
from rapidfuzz import process

from pipeline.artifacts import Evidence
from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import Discovery
from pipeline.model import Value
from pipeline.plan.edits import MapField, PlanEdit, UnmapField
from pipeline.plan.model import Learned, Mapping, Plan, Question
from pipeline.plan.paths import parse, read
from pipeline.plan.schemas import entity_schema, find_field
from pipeline.ports import Reading

_KEEP = "leave it as it is"
_LEAVE_OUT = "leave it out"
_OFFERED = 3
_ALIKE = 60.0  # of 100
_TYPES = {
    **dict.fromkeys(("int", "integer"), "integer"),
    **dict.fromkeys(("double", "currency", "number", "percent"), "number"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
}


@runtime_checkable
class Readable(Protocol):
    """A platform that can read from a system over a connection."""

    def read(
        self, project_id: str, environment: str, system: str, method: str, path: str
    ) -> Reading: ...


class Discovered(Value):
    """What one account taught."""

    questions: list[Question] = []
    learned: list[Learned] = []
    evidence: list[Evidence] = []


@dataclass
class _Account:
    """The fields that one entity really has, with the values that each one takes."""

    values: dict[str, list[JsonValue]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Written:
    """A mapping, and where an edit finds it."""

    workflow: str
    entity: str
    mapping: Mapping
    write: str | None = None
    required: bool = False


def discover(
    plan: Plan, catalogue: Catalogue, system: str, platform: Readable, project: str, place: str
) -> Discovered:
    """Read what the account has. PlatformError where it can't be read."""
    try:
        rule = catalogue.system(system).discovery
    except KeyError:
        rule = None
    if rule is None:
        return Discovered()
    found = Discovered()
    written = list(_written(plan, catalogue, system))
    for entity in dict.fromkeys(one.entity for one in written):
        if entity not in rule.objects:
            continue
        name = rule.objects[entity]
        reading = platform.read(
            project, place, system, rule.method, rule.path.replace("{object}", name)
        )
        own = [one for one in written if one.entity == entity]
        found = _merged(found, _compared(plan, catalogue, system, rule, reading, name, own))
    return found


def _merged(one: Discovered, other: Discovered) -> Discovered:
    return Discovered(
        questions=one.questions + other.questions,
        learned=one.learned + other.learned,
        evidence=one.evidence + other.evidence,
    )


def _written(plan: Plan, catalogue: Catalogue, system: str) -> Iterator[_Written]:
    """Every mapping of a write to this system."""
    for workflow in plan.workflows:
        target = workflow.target
        first = (None, target.system, target.entity, workflow.mappings)
        later = [(one.id, one.system, one.entity, one.mappings) for one in workflow.writes]
        for write, where, entity, mappings in (first, *later):
            schema = entity_schema(catalogue, system, entity)
            for mapping in mappings if where == system else ():
                info = find_field(schema, mapping.target)
                required = info is not None and info.required
                yield _Written(workflow.name, entity, mapping, write, required)


def _compared(
    plan: Plan,
    catalogue: Catalogue,
    system: str,
    rule: Discovery,
    reading: Reading,
    name: str,
    written: Sequence[_Written],
) -> Discovered:
    account = _account(rule, reading.body)
    display = plan.system(system).display_name
    if reading.status >= 400 or not account.values:
        claim = f"the fields of {display}'s {name}: it answered {reading.status}"
        return Discovered(evidence=[Evidence(claim=claim, word="not reached")])
    entity = written[0].entity
    schema = entity_schema(catalogue, system, entity)
    learned = [
        Learned(system=system, entity=entity, path=path, type=account.types.get(path, "string"))
        for path in account.values
        if find_field(schema, path) is None
    ]
    questions = [
        question
        for one in written
        if (question := _question(f"{display}'s {name}", system, account, one)) is not None
    ]
    claim = f"{len(account.values)} fields of {display}'s {name} compared with the plan: "
    claim += f"{len(questions)} differ, {len(learned)} are the account's own"
    word = "mocked" if reading.mock else "ran"
    evidence = [Evidence(claim=claim, word=word)]
    return Discovered(questions=questions, learned=learned, evidence=evidence)


def _account(rule: Discovery, body: JsonValue) -> _Account:
    items = read(body, rule.items_path) if rule.items_path else body
    account = _Account()
    for item in items if isinstance(items, list) else []:
        name = read(item, rule.name_path)
        if not isinstance(name, str):
            continue
        values = read(item, rule.values_path) if rule.values_path else None
        account.values[name] = [one for one in values or [] if one is not None]
        kind = read(item, rule.type_path) if rule.type_path else None
        account.types[name] = _TYPES.get(str(kind).lower(), "string")
    return account


def _question(owner: str, system: str, account: _Account, one: _Written) -> Question | None:
    """What to ask of one mapping; None where the account takes it."""
    target, constant = one.mapping.target, one.mapping.constant
    identity = f"account-{system}-{one.entity}-{target}".lower()
    name = target if target in account.values else parse(target).steps[0].name
    if name not in account.values:
        text = f"{owner} has no field “{target}” in this account. What should be done with it?"
        return _asked(identity, text, _instead(one, account))
    values = account.values[name]
    if constant is None or not values or constant in values:
        return None
    offered = [value for value in values if isinstance(value, str)]
    chosen = _alike(str(constant), offered) or offered[:_OFFERED]
    text = f"{owner} does not offer “{constant}” for {target} in this account. Which value is it?"
    return _asked(identity, text, {value: [_filled(one, target, value)] for value in chosen})


def _instead(one: _Written, account: _Account) -> dict[str, list[PlanEdit]]:
    """What may be done with a field that the account lacks."""
    emptied: list[PlanEdit] = []
    if not one.required:
        emptied = [UnmapField(workflow=one.workflow, write=one.write, target=one.mapping.target)]
    options = {_LEAVE_OUT: emptied} if emptied else {}
    for name in _alike(one.mapping.target, list(account.values)):
        options[f"use {name}"] = [*emptied, _filled(one, name, one.mapping.constant)]
    return options


def _filled(one: _Written, target: str, constant: JsonValue) -> PlanEdit:
    """The mapping again, with another target or another constant."""
    mapping = one.mapping
    transform = mapping.transform
    return MapField(
        workflow=one.workflow,
        write=one.write,
        target=target,
        source=mapping.source,
        constant=constant,
        transform=transform.name if transform else None,
        transform_args=transform.args if transform else {},
        custom=transform.custom if transform else None,
        each=mapping.each,
    )


def _alike(name: str, names: Sequence[str]) -> list[str]:
    found = process.extract(name, names, limit=_OFFERED, score_cutoff=_ALIKE)
    return [str(best) for best, _, _ in found]


def _asked(identity: str, text: str, options: dict[str, list[PlanEdit]]) -> Question:
    return Question(
        id=identity,
        text=text,
        importance="high",
        options=[*options, _KEEP],
        assumption=_KEEP,
        edits={
            name: [edit.model_dump(mode="json") for edit in edits]
            for name, edits in options.items()
        },
    )
