"""A row of the matrix: one pair of systems, what it proves, and what is expected of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.targets import targets
from pipeline.plan.model import Plan, Variable, Workflow
from tests.codegen.matrix.building import plan
from tests.codegen.matrix.patterns import Pattern

Record = dict[str, Any]
Make = Callable[[int], Record]


@dataclass(frozen=True)
class Row:
    """`make` gives the source's record of a number, and `there` what other systems have before.

    `arrive` says how many records of each target (`system.entity`) one of the source becomes:
    one of each that is written, where it says nothing. `left_out` is a record that never arrives,
    `refused` one that arrives only when other systems have what is in `mended_by` too.
    """

    name: str
    proves: frozenset[Pattern]
    workflows: tuple[Workflow, ...]
    make: Make
    there: Mapping[str, Make] = field(default_factory=dict)
    arrive: Mapping[str, int] = field(default_factory=dict)
    left_out: Record | None = None
    refused: Record | None = None
    mended_by: Mapping[str, Record] = field(default_factory=dict)
    ambiguous: bool = False  # what a crash leaves uncertain is left to a person
    multi_tenant: bool = False
    variables: tuple[Variable, ...] = ()  # of each customer

    @property
    def workflow(self) -> Workflow:
        return self.workflows[0]

    @property
    def pair(self) -> tuple[str, str]:
        return self.workflow.source.system, self.workflow.target.system

    @property
    def source(self) -> str:
        return f"{self.workflow.source.system}.{self.workflow.source.entity}"

    @property
    def event(self) -> str | None:
        """What the source sends of each record; None where the workflow reads them."""
        return self.workflow.trigger.event

    @property
    def arriving(self) -> Mapping[str, int]:
        written = {f"{one.system}.{one.entity}": 1 for one in targets(self.workflow)}
        return self.arrive or written

    def plan(self, known: Catalogue) -> Plan:
        return plan(
            known, *self.workflows, multi_tenant=self.multi_tenant, variables=self.variables
        )


def proving(*patterns: Pattern) -> frozenset[Pattern]:
    return frozenset(patterns)
