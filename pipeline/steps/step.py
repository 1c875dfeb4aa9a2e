"""What a step is."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import JsonValue

from pipeline.artifacts import Artifact, StepName
from pipeline.cancellation import Cancellation
from pipeline.case import Case
from pipeline.effects import Effects
from pipeline.gates import Gate, GateKind
from pipeline.integration import Integration
from pipeline.replies import Reply
from pipeline.services import Report, Services

Made = TypeVar("Made", bound=Artifact)


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
    blocked_by: Sequence[str] = ()

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
    """A running step can't go on until a person did something elsewhere; `replies` ask for it."""

    def __init__(self, fact: str, *replies: Reply) -> None:
        super().__init__(fact)
        self.replies = replies


class Step(ABC, Generic[Made]):
    """One of the eight steps. Most need no decision of their own and show nothing of their own."""

    name: StepName

    @abstractmethod
    def inputs(self, case: Case, services: Services) -> JsonValue:
        """All that the artifact depends on, as JSON; the step runs when this changed."""

    @abstractmethod
    def run(self, case: Case, work: Work) -> Made: ...

    @abstractmethod
    def fact(self, artifact: Made) -> str:
        """One line for the progress message."""

    def generator(self, case: Case) -> str:
        """Version of what makes the artifact; a newer one never moves a finished integration."""
        return "1"

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        """Decisions needed first: of each group, one must be approved."""
        return []

    def announce(self, case: Case, artifact: Made, services: Services) -> list[Reply]:
        """What people should see of the artifact, beyond its line of progress."""
        return []

    def may_go_on(self, case: Case, services: Services) -> bool:
        """Whether the person that a NeedsPerson waits for has done it."""
        return False


AnyStep = Step[Any]  # which artifact a step makes is known only to itself
