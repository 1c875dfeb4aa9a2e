"""What each step makes: one kind of artifact a step, immutable and content-addressed."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from pipeline.model import Value, digest
from pipeline.plan.model import Learned, Plan, Question, Scope

StepName = Literal[
    "scope", "research", "systems", "connections", "codegen", "testing", "verification",
    "deployment",
]  # fmt: skip
STEPS: tuple[StepName, ...] = (
    "scope", "research", "systems", "connections", "codegen", "testing", "verification",
    "deployment",
)  # fmt: skip

STEP_LABELS: dict[StepName, str] = {
    "scope": "Scope",
    "research": "Research",
    "systems": "Systems",
    "connections": "Connections",
    "codegen": "Code",
    "testing": "Tests",
    "verification": "Verification",
    "deployment": "Deployment",
}

EvidenceWord = Literal["ran", "mocked", "not reached"]


class Evidence(Value):
    """A claim, and how it is known."""

    claim: str
    word: EvidenceWord


class ScopeVerdict(Value):
    kind: Literal["scope"] = "scope"
    scope: Scope


class Research(Value):
    """The plan before people's edits; the current plan is this with the edits replayed."""

    kind: Literal["research"] = "research"
    plan: Plan
    analyst: str


class SetUpSystem(Value):
    name: str
    system_id: str
    link_id: str
    base_url: str


class SystemSetup(Value):
    kind: Literal["systems"] = "systems"
    platform: str
    project_id: str
    environment: str
    systems: list[SetUpSystem]
    evidence: list[Evidence] = []


class Connected(Value):
    system: str
    display_name: str = ""
    connection_id: str
    account: str = ""
    mock: bool = False
    evidence: list[Evidence] = []


class Connections(Value):
    kind: Literal["connections"] = "connections"
    connections: list[Connected]
    questions: list[Question] = Field(
        default=[], description="Where an account is not what the plan expects."
    )
    learned: list[Learned] = Field(default=[], description="Fields that only this account has.")


class SourceFile(Value):
    path: str
    content: str


class GeneratedProject(Value):
    """The project without its tests; paths are relative and sorted."""

    kind: Literal["codegen"] = "codegen"
    files: list[SourceFile]


class GeneratedTests(Value):
    kind: Literal["testing"] = "testing"
    files: list[SourceFile]
    count: int


class Finding(Value):
    """Something that must be mended before the integration goes on."""

    tool: str = Field(description="deno check, deno test, deno lint, deno fmt, plan, dry run")
    message: str
    file: str | None = None
    line: int | None = None
    workflow: str | None = Field(default=None, description="Of the plan, where it is known.")
    field: str | None = Field(default=None, description="The target's field that it is about.")
    excerpt: str = Field(default="", description="The lines around it, for who is to mend it.")


class Situation(Value):
    """One thing that production does, and what the workflow did in it."""

    workflow: str
    name: str
    expected: str
    seen: str
    passed: bool


class DryRun(Value):
    """What a project did against mocks of its systems, before anybody approved it."""

    situations: list[Situation] = []
    requests: list[list[str]] = Field(default=[], description="Rows of request, status, effect.")
    validated: int = Field(default=0, description="Requests that a strict mock judged.")
    canaries: int = Field(default=0, description="Bad bodies that the mocks refused.")
    findings: list[Finding] = []
    evidence: list[Evidence] = []
    exchanges: SourceFile | None = Field(default=None, description="All of it, without secrets.")
    seconds: float = 0


class Verification(Value):
    kind: Literal["verification"] = "verification"
    project_digest: str
    findings: list[Finding]
    tests_passed: int
    tests_failed: int
    evidence: list[Evidence] = []
    dry_run: DryRun | None = None

    @property
    def passed(self) -> bool:
        return not self.findings


class DeploymentRecord(Value):
    kind: Literal["deployment"] = "deployment"
    environment: str
    version: str
    number: int = Field(default=0, description="The code version that people approved.")
    project_digest: str
    url: str
    webhooks: dict[str, str] = Field(default={}, description="workflow -> public address")
    evidence: list[Evidence] = []


Artifact: TypeAlias = Annotated[
    ScopeVerdict
    | Research
    | SystemSetup
    | Connections
    | GeneratedProject
    | GeneratedTests
    | Verification
    | DeploymentRecord,
    Field(discriminator="kind"),
]


class Made(Value):
    """An artifact as it is saved: with the digest of the inputs that it was made from."""

    artifact: Artifact
    inputs_digest: str
    made_at: datetime

    @property
    def digest(self) -> str:
        return digest(self.artifact)
