"""What Weft says, typed and without any idea of Slack: `bot/views` draws it.

Every reply has a key, unique in its integration. A reply whose key was posted before edits that
message in place: progress, and a gate's message, whose buttons give way to the outcome.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, JsonValue

from pipeline.artifacts import Evidence, Finding, SourceFile, StepName
from pipeline.gates import Gate
from pipeline.live.capabilities import Issue
from pipeline.live.state import FailureGroup
from pipeline.model import Value
from pipeline.plan.model import Auth, ConfigItem, Plan, Scope

StepStatus = Literal["waiting", "running", "done", "failed", "stopped", "needs-person"]


class _Reply(Value):
    key: str


class Restated(_Reply):
    """The first answer: the request in one line, and what happens next."""

    kind: Literal["restated"] = "restated"
    title: str
    summary: str


class StepLine(Value):
    step: StepName
    status: StepStatus
    seconds: float | None = None
    fact: str = ""


class Progress(_Reply):
    kind: Literal["progress"] = "progress"
    title: str
    lines: list[StepLine]


class OutOfScope(_Reply):
    kind: Literal["out-of-scope"] = "out-of-scope"
    scope: Scope


class PlanShown(_Reply):
    """The plan on one screen, its gate, and the research document as a file."""

    kind: Literal["plan"] = "plan"
    plan: Plan
    gate: Gate
    document: SourceFile
    changes: list[str] = Field(default=[], description="What changed since it was last shown.")
    diff: str = ""


class Command(Value):
    """One thing that the platform will do; secrets stand as names."""

    text: str
    changes: str
    about: str = Field(default="", description="`project`, `system:<name>`, `link:<name>`…")
    outcome: str = Field(default="", description="What came of it, once it ran.")


class SetUpShown(_Reply):
    kind: Literal["set-up"] = "set-up"
    platform: str
    environment: str
    commands: list[Command]
    gate: Gate


class ConnectionShown(_Reply):
    """What a system needs to be connected; credentials are typed in a modal or the terminal."""

    kind: Literal["connection"] = "connection"
    system: str
    display_name: str
    host: str
    auth: Auth
    config: list[ConfigItem] = []
    redirect_url: str | None = None
    authorize_url: str | None = None
    gate: Gate
    evidence: list[Evidence] = []


class CodeShown(_Reply):
    """One version of the generated project, with its checks; the diff is a file."""

    kind: Literal["code"] = "code"
    version: int
    files: list[SourceFile]
    diff: str = Field(description="Unified diff against the last approved version.")
    has_approved: bool = Field(default=False, description="Whether there is such a version.")
    shown_before: int = Field(
        default=0, description="The version that was shown last and never approved; 0: none."
    )
    since: str = Field(default="", description="Unified diff against that version.")
    evidence: list[Evidence]
    requests: list[list[str]] = Field(
        default=[], description="Dry run: rows of request, status, effect."
    )
    exchanges: SourceFile | None = Field(
        default=None, description="Dry run: every request with its answer, without secrets."
    )
    gate: Gate


class FindingsShown(_Reply):
    """Verification failed and could not be mended: the places and the choices."""

    kind: Literal["findings"] = "findings"
    findings: list[Finding]
    version: int = 0
    choices: list[str] = []


class DeployAsked(_Reply):
    kind: Literal["deploy"] = "deploy"
    version: int
    gates: list[Gate]


class Deployed(_Reply):
    kind: Literal["deployed"] = "deployed"
    environment: str
    number: int = Field(default=0, description="The code version that people approved.")
    version: str = Field(description="The platform's id of it.")
    url: str
    webhooks: dict[str, str]
    register_hints: list[str] = []
    starts: dict[str, str] = Field(default={}, description="When workflows run, in words.")
    mocks: list[str] = Field(default=[], description="Systems that mocks stand in for.")
    evidence: list[Evidence] = []
    paused: bool = False
    earlier: int = Field(default=0, description="Version to roll back to; 0: there is none.")
    startable: bool = Field(default=False, description="A person may start a run.")
    per_customer: bool = Field(default=False, description="Customers connect their own accounts.")
    ended: str = Field(default="", description="Why this is not what runs there any more.")


class Tried(_Reply):
    """What one sample event did, where both ends are mocks."""

    kind: Literal["tried"] = "tried"
    workflow: str
    state: str
    reason: str = ""
    requests: list[list[str]] = Field(default=[], description="Rows of request, status, effect.")
    records: list[dict[str, JsonValue]] = Field(default=[], description="What came out.")


class FailuresShown(_Reply):
    """Failures that have one reason, as they stand now."""

    kind: Literal["failures"] = "failures"
    group: FailureGroup
    can_replay: bool = True
    earlier: int = Field(default=0, description="Version to roll back to; 0: there is none.")


class Recovered(_Reply):
    """It works again after an outage, or all that failed was replayed."""

    kind: Literal["recovered"] = "recovered"
    group: FailureGroup


class IssueRaised(_Reply):
    """Something that the code says a person must mend."""

    kind: Literal["issue"] = "issue"
    environment: str
    issue: Issue


class Proposed(_Reply):
    """Something that a person asked for and that a click confirms."""

    kind: Literal["proposed"] = "proposed"
    verb: Literal["backfill", "delete", "roll back", "promote", "remove customer"]
    environment: str = ""
    argument: str = ""
    title: str
    effects: list[str]
    state: Literal["open", "confirmed", "declined", "done", "failed"] = "open"
    actor: str = ""
    outcome: str = ""


class CustomerAccount(Value):
    """A customer's account at one system: where its credentials are, and how it was proved."""

    system: str
    display_name: str
    vault_reference: str | None = None
    config: dict[str, JsonValue] = {}
    mock: bool = False
    made: bool = Field(default=False, description="The platform has the connection.")
    authorize_url: str | None = Field(default=None, description="Where consent is awaited.")
    evidence: list[Evidence] = []
    trouble: str = Field(default="", description="Why it is not connected.")


class CustomerShown(_Reply):
    """One customer of an integration that many share: an end user with accounts of their own."""

    kind: Literal["customer"] = "customer"
    environment: str
    external_id: str
    name: str
    attempt: str = Field(default="", description="What was given last; older ones end unsaid.")
    state: Literal["asked", "connecting", "waiting", "connected", "failed", "removed"] = "asked"
    variables: dict[str, JsonValue] = {}
    accounts: list[CustomerAccount] = []
    replaced: list[str] = Field(default=[], description="Vault references that end with it.")
    webhooks: dict[str, str] = {}
    register_hints: list[str] = []
    trouble: str = ""


class Said(_Reply):
    """A short text: an answer to a question, or what an edit changed."""

    kind: Literal["said"] = "said"
    text: str
    diff: str = ""


class Failed(_Reply):
    """What happened, what is safe, what the person can do. Never a trace."""

    kind: Literal["failed"] = "failed"
    step: StepName | None = None
    happened: str
    safe: str = "Nothing was lost."
    choices: list[str] = []


Reply: TypeAlias = Annotated[
    Restated
    | Progress
    | OutOfScope
    | PlanShown
    | SetUpShown
    | ConnectionShown
    | CodeShown
    | FindingsShown
    | DeployAsked
    | Deployed
    | Tried
    | FailuresShown
    | Recovered
    | IssueRaised
    | Proposed
    | CustomerShown
    | Said
    | Failed,
    Field(discriminator="kind"),
]


def with_gate(reply: Reply, gate: Gate) -> Reply:
    """The same reply showing how its gate stands now; a reply without that gate is unchanged."""
    if isinstance(reply, DeployAsked):
        gates = [gate if other.id == gate.id else other for other in reply.gates]
        return reply.model_copy(update={"gates": gates})
    shown = getattr(reply, "gate", None)
    if shown is None or shown.id != gate.id:
        return reply
    return reply.model_copy(update={"gate": gate})


class Posting(Value):
    """A reply in the outbox, with where it went once it was posted."""

    number: int = Field(description="Order within the whole outbox.")
    integration_id: str
    reply: Reply
    posted_at: datetime | None = None
    message_ref: str | None = Field(default=None, description="Slack's message ts.")
    offered_before: bool = Field(
        default=False, description="A poster had it and did not say that it was posted."
    )
