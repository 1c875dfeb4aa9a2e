"""Requests for every ordered pair of systems, and what becomes of each before anything is built."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import SourceFile
from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import SystemEntry
from pipeline.codegen.design import not_generated
from pipeline.codegen.generate import generate
from pipeline.codegen.names import indefinite, phrase, plural
from pipeline.codegen.tests import generate_tests
from pipeline.errors import OffGround
from pipeline.plan.check import check
from pipeline.plan.model import Plan
from pipeline.ports import Request

_SOURCES = 2  # entities of each system that are read


@dataclass(frozen=True)
class Outcome:
    """`reasons` are the sentences with which the plan's gate stays closed; none: generated."""

    request: str
    reasons: list[str]
    plan: Plan | None = None
    files: tuple[SourceFile, ...] = ()


def requests(known: Catalogue) -> Iterator[str]:
    """One of a new record for each pair, and one that keeps records the same where they are listed.

    Only systems whose calls are known; each with the entities that its description names first.
    """
    systems = [entry for entry in known.systems() if entry.tier == "first"]
    for source in systems:
        for target in systems:
            made = _written(target)
            if source.name != target.name and made is not None:
                for entity in _read(source)[:_SOURCES]:
                    yield from _said(source, entity, target, made)


def tried(text: str, known: Catalogue, analyst: OfflineAnalyst) -> Outcome:
    """What comes of a request; a generated project is made, but not run."""
    try:
        plan = analyst.research(Request(text=text, today="2026-03-01"), lambda _: None)
    except OffGround as error:
        return Outcome(text, [str(error)])
    if not plan.scope.in_scope:
        return Outcome(text, [plan.scope.reason])
    reasons = [finding.message for finding in check(plan, known)] or not_generated(plan, known)
    if reasons:
        return Outcome(text, reasons, plan)
    files = (*generate(plan, known), *generate_tests(plan, known, []))
    return Outcome(text, [], plan, files)


def _said(source: SystemEntry, entity: str, target: SystemEntry, made: str) -> Iterator[str]:
    here, there = source.display_name, target.display_name
    one, other = indefinite(entity), indefinite(made)
    many, others = phrase(plural(entity)), phrase(plural(made))
    if _announces(source, entity):
        yield f"When {one} is created in {here}, create {other} in {there}"
    elif _lists(source, entity):
        yield f"Every hour, copy new {many} from {here} to {there} as {others}"
    if _lists(source, entity):
        yield f"Every night, sync {many} from {here} to {there} {others}, updating what is there"


def _read(entry: SystemEntry) -> list[str]:
    names = [entity.name for entity in entry.entities]
    return [name for name in names if _announces(entry, name) or _lists(entry, name)]


def _written(entry: SystemEntry) -> str | None:
    names = [entity.name for entity in entry.entities]
    return next((name for name in names if entry.operation(name, "create")), None)


def _announces(entry: SystemEntry, entity: str) -> bool:
    return any(event.entity == entity and event.action == "created" for event in entry.events)


def _lists(entry: SystemEntry, entity: str) -> bool:
    return entry.operation(entity, "list") is not None
