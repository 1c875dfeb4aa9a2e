"""What a step is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from pipeline.artifacts import Artifact, StepName
from pipeline.cancellation import Cancellation
from pipeline.case import Case
from pipeline.effects import Effects
from pipeline.gates import Gate, GateKind
from pipeline.integration import Integration
from pipeline.replies import Reply
from pipeline.services import Report, Services


@dataclass(frozen=True)
class Wanted:
    """A decision that a step needs before it runs, and how to ask for it.

    `show` gets the opened gate of each wanted decision with the same `message`, and makes the one
    reply that asks; decisions without a `message` of their own share one.
    """

    kind: GateKind
    digest: str
    message: str
    show: Callable[[Sequence[Gate]], Reply]
    subject: str = ""

    def approved_in(self, integration: Integration) -> bool:
        return any(
            gate.kind == self.kind
            and gate.subject == self.subject
            and gate.digest == self.digest
            and gate.state == "answered"
            and gate.approved
            for gate in integration.gates
        )


@dataclass(frozen=True)
class Work:
    """What a running step may use."""

    services: Services
    cancellation: Cancellation
    report: Report

    def effects(self, integration_id: str) -> Effects:
        return Effects(self.services.store, integration_id, self.cancellation)


class NeedsPerson(Exception):
    """A running step can't go on until a person did something elsewhere; `reply` asks for it."""

    def __init__(self, fact: str, reply: Reply) -> None:
        super().__init__(fact)
        self.reply = reply


class Step(Protocol):
    @property
    def name(self) -> StepName: ...

    def inputs(self, case: Case, services: Services) -> JsonValue:
        """All that the artifact depends on, as JSON; the step runs when this changed."""
        ...

    def generator(self, case: Case) -> str:
        """Version of what makes the artifact; a newer one never moves a finished integration."""
        ...

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        """Decisions needed first: of each group, one must be approved."""
        ...

    def run(self, case: Case, work: Work) -> Artifact: ...

    def fact(self, artifact: Artifact) -> str:
        """One line for the progress message."""
        ...

    def announce(self, case: Case, artifact: Artifact, services: Services) -> list[Reply]:
        """What people should see of the artifact, beyond its line of progress."""
        ...
