"""The aggregate: one integration, built in one thread. It is changed inside one transaction."""

import secrets
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from pipeline.artifacts import STEPS, DeploymentRecord, StepName
from pipeline.gates import Gate
from pipeline.live.state import Summary, Watch
from pipeline.model import Value
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Learned, Question
from pipeline.replies import Reply, StepStatus

Status = Literal["active", "stopped", "out-of-scope", "deleted"]

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case


def new_id(prefix: str) -> str:
    """A sortable unique id: `<prefix>_` and 22 characters, 9 of time (ms) and 13 of chance."""
    number = time.time_ns() // 1_000_000
    stamp = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(40, -1, -5))
    return f"{prefix}_{stamp}{''.join(secrets.choice(_ALPHABET) for _ in range(13))}"


class Attachment(Value):
    name: str
    content: str


class Message(Value):
    """Something that a person said in the thread, secrets already masked."""

    id: str
    actor: str
    text: str
    at: datetime
    attachments: list[Attachment] = []


class TestCase(Value):
    """A person's own case: the record that comes in, and fields of what must come out."""

    __test__ = False  # not a class of tests

    name: str
    workflow: str | None = None
    input: JsonValue
    expected: JsonValue


class CredentialGrant(Value):
    """Where a system's credentials are; never the credentials."""

    system: str
    vault_reference: str | None = None
    mock: bool = False
    actor: str
    at: datetime


class StepState(Value):
    status: StepStatus = "waiting"
    artifact: str | None = Field(default=None, description="Digest of the latest artifact.")
    inputs_digest: str | None = None
    generator: str = ""
    started_at: datetime | None = None
    seconds: float | None = None
    fact: str = ""
    failure: str = ""


class Live(Value):
    """What runs in an environment: a pointer to what was approved."""

    environment: str
    version: str
    deployment: str = Field(description="Digest of the deployment's artifact.")
    project_digest: str
    number: int = Field(default=0, description="The code version that people approved.")
    card: str = Field(default="", description="Key of the reply that shows it.")
    paused: bool = False


class Integration(BaseModel):
    """Everything about one integration that is not an artifact, an effect or a secret."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    id: str
    team: str
    channel: str
    thread: str
    requester: str
    approvers: list[str] = []
    created_at: datetime
    revision: int = 0
    status: Status = "active"
    request: Message
    messages: list[Message] = []
    messages_read: int = Field(default=0, description="How many messages the analyst has read.")
    edits: list[PlanEdit] = []
    test_cases: list[TestCase] = []
    config: dict[str, JsonValue] = Field(default={}, description="`system.name` -> value")
    credentials: dict[str, CredentialGrant] = {}
    environment: str | None = Field(default=None, description="Chosen so far; may be chosen anew.")
    environments: list[str] = Field(
        default=["development", "production"], description="Offered for deployment."
    )
    gates: list[Gate] = []
    steps: dict[StepName, StepState] = Field(
        default_factory=lambda: {step: StepState() for step in STEPS}
    )
    learned: list[Learned] = Field(default=[], description="What real answers taught of schemas.")
    questions: list[Question] = Field(
        default=[], description="Asked after research, where an account differs from the plan."
    )
    repairs: int = Field(default=0, description="Weft's own attempts since a person changed it.")
    edits_shown: int = Field(default=0, description="How many edits the last shown plan had.")
    code_version: int = 0
    approved_code: list[str] = Field(
        default=[], description="Digests of the artifacts whose files were last approved."
    )
    live: dict[str, Live] = {}
    watched: dict[str, Watch] = Field(default={}, description="By environment.")
    summary: Summary | None = Field(default=None, description="People asked for one.")
    outbox: list[Reply] = Field(default=[], exclude=True)

    @property
    def people(self) -> list[str]:
        """Who may decide and change things here."""
        return [self.requester, *self.approvers]

    def say(self, reply: Reply) -> None:
        """Queue a reply; it is saved with this transaction and posted after it."""
        self.outbox.append(reply)

    def gate(self, gate_id: str) -> Gate | None:
        return next((gate for gate in self.gates if gate.id == gate_id), None)

    def open_gates(self) -> list[Gate]:
        return [gate for gate in self.gates if gate.state == "open"]

    def replace_gate(self, gate: Gate) -> None:
        self.gates = [gate if other.id == gate.id else other for other in self.gates]

    def set_step(self, step: StepName, **changes: Any) -> None:
        state = self.steps[step].model_copy(update=changes)
        self.steps = {**self.steps, step: state}

    def learn(self, fields: Sequence[Learned], questions: Sequence[Question]) -> None:
        """Take in what an account taught; what is known, or was asked, is not taken twice."""
        self.learned = [*self.learned, *(one for one in fields if one not in self.learned)]
        asked = {question.id for question in self.questions}
        self.questions = [*self.questions, *(one for one in questions if one.id not in asked)]

    def go_live(self, record: DeploymentRecord, deployment: str, card: str = "") -> None:
        """Point at what now runs in an environment; `deployment` is the record's digest."""
        live = Live(
            environment=record.environment,
            version=record.version,
            deployment=deployment,
            project_digest=record.project_digest,
            number=record.number,
            card=card or f"deployed:{record.environment}:{record.version}",
        )
        self.live = {**self.live, record.environment: live}

    def set_live(self, environment: str, **changes: Any) -> None:
        changed = self.live[environment].model_copy(update=changes)
        self.live = {**self.live, environment: changed}
