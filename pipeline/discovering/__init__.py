"""After credentials: what an account really has, compared with what the plan writes there.

A field that the account lacks, or a value that it does not offer, becomes a question; fields that
only this account has become known, so that people can map them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from pydantic import JsonValue

from pipeline.artifacts import Evidence
from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import Discovery
from pipeline.discovering.account import Account, can_be_mapped, completed, read_account
from pipeline.discovering.columns import columns_question
from pipeline.discovering.questions import question
from pipeline.discovering.written import Written, writes_to
from pipeline.model import Value
from pipeline.plan.model import Learned, Plan, Question
from pipeline.plan.schemas import entity_schema, find_field
from pipeline.ports import Reading, ReadRequest


@runtime_checkable
class Readable(Protocol):
    """A platform that can read from a system over a connection."""

    def read(
        self, project_id: str, environment: str, system: str, request: ReadRequest
    ) -> Reading: ...


class Discovered(Value):
    """What one account taught."""

    questions: list[Question] = []
    learned: list[Learned] = []
    evidence: list[Evidence] = []


@dataclass(frozen=True)
class _Entity:
    """What is compared at a time: the writes of one entity, and what asks for its fields."""

    system: str
    owner: str
    rule: Discovery
    written: Sequence[Written]


def discover(
    plan: Plan,
    catalogue: Catalogue,
    system: str,
    platform: Readable,
    project: str,
    place: str,
    config: Mapping[str, JsonValue],
) -> Discovered:
    """Read what the account has; `config` are its connection's. PlatformError where it can't."""
    try:
        rule = catalogue.system(system).discovery
    except KeyError:
        rule = None
    if rule is None:
        return Discovered()
    found = Discovered()
    written = [one for one in writes_to(plan, catalogue, system)
               if one.mapping.target.startswith(rule.prefix)]  # fmt: skip
    for name in dict.fromkeys(one.entity for one in written):
        if name not in rule.objects:
            continue
        named = {**config, "object": rule.objects[name]}
        request = ReadRequest(
            method=rule.method,
            path=completed(rule.path, named),
            headers=rule.headers,
            body=completed(rule.body, named),
        )
        reading = platform.read(project, place, system, request)
        entity = _Entity(
            system=system,
            owner=f"{plan.system(system).display_name}'s {rule.objects[name]}",
            rule=rule,
            written=[one for one in written if one.entity == name],
        )
        account = read_account(rule, reading.body, config)
        found = _merged(found, _compared(entity, catalogue, reading, account))
    return found


def _merged(one: Discovered, other: Discovered) -> Discovered:
    return Discovered(
        questions=one.questions + other.questions,
        learned=one.learned + other.learned,
        evidence=one.evidence + other.evidence,
    )


def _compared(
    entity: _Entity, catalogue: Catalogue, reading: Reading, account: Account
) -> Discovered:
    if reading.status >= 400 or not account.values:
        said = f"it answered {reading.status}" if reading.status >= 400 else "it names none"
        claim = f"the fields of {entity.owner}: {said}"
        return Discovered(evidence=[Evidence(claim=claim, word="not reached")])
    learned = _learned(entity, catalogue, account)
    questions = _questions(entity, account)
    claim = f"{len(account.values)} fields of {entity.owner} compared with the plan: "
    claim += f"{len(questions)} differ, {len(learned)} are the account's own"
    word = "mocked" if reading.mock else "ran"
    evidence = [Evidence(claim=claim, word=word)]
    return Discovered(questions=questions, learned=learned, evidence=evidence)


def _questions(entity: _Entity, account: Account) -> list[Question]:
    if entity.rule.form == "names":
        asked = columns_question(entity.owner, entity.system, account, entity.written)
        return [asked] if asked else []
    prefix = entity.rule.prefix
    found = [question(entity.owner, entity.system, account, one, prefix) for one in entity.written]
    return [one for one in found if one is not None]


def _learned(entity: _Entity, catalogue: Catalogue, account: Account) -> list[Learned]:
    """The account's fields that the catalogue does not know by name."""
    name = entity.written[0].entity
    schema = entity_schema(catalogue, entity.system, name)
    paths = {entity.rule.prefix + field: field for field in account.values}
    known = {path for path in paths if (info := find_field(schema, path)) and info.type != "any"}
    return [
        Learned(
            system=entity.system,
            entity=name,
            path=path,
            type=account.types[field],
            kind=account.kinds[field],
        )
        for path, field in paths.items()
        if path not in known and can_be_mapped(field)
    ]
