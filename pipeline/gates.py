"""Gates: saved questions to a person. What is approved is a digest, never "whatever is current"."""

from datetime import datetime
from typing import Literal, get_args

from pipeline.model import Value

GateKind = Literal["plan", "set-up", "connection", "code", "deploy"]
GATE_KINDS: tuple[GateKind, ...] = get_args(GateKind)  # in the order in which they are asked
GateState = Literal["open", "answered", "superseded"]
Decision = Literal["approved", "rejected"]


class Answer(Value):
    decision: Decision
    actor: str
    at: datetime
    digest: str
    note: str = ""


class Gate(Value):
    id: str
    kind: GateKind
    subject: str = ""  # the system of a connection, the environment of a deploy
    digest: str  # of what was shown
    message: str  # key of the reply that asks
    may_answer: list[str]  # user ids
    blocked_by: list[str] = []  # why it can't be approved yet; a change of the plan mends it
    state: GateState = "open"
    opened_at: datetime
    answer: Answer | None = None

    @property
    def approved(self) -> bool:
        return self.answer is not None and self.answer.decision == "approved"
