"""The ports: what the pipeline needs of the world. Only `bot/wiring.py` names implementations."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from pipeline.artifacts import Finding, Made, SourceFile, StepName
from pipeline.catalogue.model import Signature, SystemEntry
from pipeline.effects import EffectLedger
from pipeline.integration import Attachment, Integration, TestCase
from pipeline.model import Value
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Auth, Plan, Scope, Variable
from pipeline.replies import Command, Posting, Reply

# ---- Clock -------------------------------------------------------------------------------------


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, with UTC as its zone."""
        ...


# ---- Analyst -----------------------------------------------------------------------------------


class Request(Value):
    """What was asked: the first message and its attachments."""

    text: str
    attachments: list[Attachment] = []
    today: str  # YYYY-MM-DD, for facts' dates and relative times


class Interpretation(Value):
    """What a message in the thread means for the plan. All empty: it was not for Weft."""

    edits: list[PlanEdit] = []
    test_cases: list[TestCase] = []
    answer: str = ""  # to a question, or why an edit can't be made
    restated: str = ""  # what the message asks for, in the analyst's words


class Turn(Value):
    """Something that was said in the thread before, and what Weft answered."""

    said: str
    answered: str = ""


class Repair(Value):
    """What should mend findings, and why it does not mend all of them."""

    edits: list[PlanEdit] = []
    not_mended: str = ""


class Analyst(Protocol):
    """Reads people and APIs. It fills in and edits the plan; it never writes files."""

    name: str

    def scope(self, request: Request) -> Scope: ...

    def research(self, request: Request, report: Callable[[str], None]) -> Plan:
        """The whole plan, scope included. OffGround when it does not know enough."""
        ...

    def interpret(
        self,
        message: str,
        plan: Plan,
        request: Request,
        files: Sequence[SourceFile] = (),
        earlier: Sequence[Turn] = (),
    ) -> Interpretation:
        """`files` are the newest code; `earlier` tells what the message may refer to."""
        ...

    def repair(
        self,
        plan: Plan,
        findings: Sequence[Finding],
        request: Request,
        files: Sequence[SourceFile] = (),
    ) -> Repair: ...


# ---- Platform ----------------------------------------------------------------------------------


class ProjectSpec(Value):
    name: str
    integration_id: str
    team: str = ""  # whose vault entries the platform's own secrets are bound to
    existing: str = ""  # id or name of the project to use, where people named one
    variables: list[Variable] = []  # that it will declare


class SystemSpec(Value):
    name: str
    display_name: str
    base_url: str  # may hold `{name}` of config items, filled in per connection
    auth: Auth
    signature: Signature | None = None  # of the webhooks that it sends
    dynamic: bool = False
    entry: SystemEntry | None = None  # of a system that only this thread describes


class ConnectionSpec(Value):
    """Credentials come from the vault inside the platform call; here they are only named."""

    system: str
    name: str
    auth: Auth
    vault_reference: str | None
    config: dict[str, JsonValue] = {}  # values that complete the system's base URL
    base_url: str = ""  # of the system, with `{name}` of those values
    mock: bool = False


class Probe(Value):
    """The outcome of one harmless read over a connection."""

    ok: bool
    status: int | None = None
    account: str = ""
    detail: str = ""
    mock: bool = False


class Reading(Value):
    """What a system answered to one harmless read over a connection."""

    status: int
    body: JsonValue = None
    mock: bool = False


class VersionSpec(Value):
    name: str
    description: str
    files: list[SourceFile]
    digest: str


class DeploymentInfo(Value):
    version_id: str
    url: str
    webhooks: dict[str, str] = {}
    healthy: bool = False
    detail: str = ""


class LogLine(Value):
    at: datetime
    level: str
    message: str
    fields: dict[str, JsonValue] = {}
    execution_id: str | None = None


class Platform(Protocol):
    """Where integrations run. `find_*` look for what an interrupted call may have left.

    Every method raises PlatformError, whose sentence says what to do.
    """

    name: str

    def commands(
        self, project: ProjectSpec, environment: str, systems: Sequence[SystemSpec]
    ) -> list[Command]:
        """What setting up will do, for a person to approve; secrets stand as names."""
        ...

    def find_project(self, spec: ProjectSpec) -> str | None: ...
    def create_project(self, spec: ProjectSpec) -> str: ...
    def find_system(self, project_id: str, spec: SystemSpec) -> str | None: ...
    def create_system(self, project_id: str, spec: SystemSpec) -> str: ...
    def find_link(self, project_id: str, environment: str, system_id: str) -> str | None: ...
    def link_system(
        self, project_id: str, environment: str, system_id: str, *, dynamic: bool
    ) -> str: ...
    def declare_variables(self, project_id: str, variables: Sequence[Variable]) -> None: ...
    def find_connection(self, project_id: str, environment: str, name: str) -> str | None: ...
    def create_connection(
        self, project_id: str, environment: str, link_id: str, spec: ConnectionSpec
    ) -> str:
        """Make the connection; where one of that name exists, give it these credentials.

        ConnectionRefused where something is missing that the person can enter.
        """
        ...

    def authorization_url(self, project_id: str, environment: str, system: str) -> str | None:
        """Where a person must consent before the connection works; None once they have."""
        ...

    def probe(self, project_id: str, environment: str, system: str) -> Probe: ...
    def upload_asset(self, project_id: str, name: str, content: str) -> None: ...
    def find_version(self, project_id: str, name: str) -> str | None: ...
    def create_version(self, project_id: str, spec: VersionSpec) -> str: ...
    def deploy(self, project_id: str, version_id: str, environment: str) -> DeploymentInfo: ...
    def deployment(self, project_id: str, environment: str) -> DeploymentInfo | None:
        """What is live there now; None where nothing is."""
        ...

    def stop(self, project_id: str, environment: str) -> None: ...
    def roll_back(self, project_id: str, environment: str, version_id: str) -> DeploymentInfo: ...
    def promote(self, project_id: str, source: str, target: str) -> DeploymentInfo: ...
    def logs(
        self, project_id: str, environment: str, *, after: datetime | None = None, limit: int = 200
    ) -> list[LogLine]: ...


# ---- Store and vault ---------------------------------------------------------------------------


class IntegrationStore(EffectLedger, Protocol):
    """Integrations, their artifacts, their outbox and their effects, in one database."""

    def add(self, integration: Integration) -> bool:
        """Save a new integration; False (and no change) where its thread already has one."""
        ...

    def get(self, integration_id: str) -> Integration:
        """KeyError where there is none."""
        ...

    def find(self, team: str, channel: str, thread: str) -> Integration | None: ...

    def change(
        self, integration_id: str, event_key: str | None = None
    ) -> AbstractContextManager[Integration]:
        """One transaction: load for writing, save what the block changed, queue what it said.

        `event_key` names the outside event that causes the change; the second time one comes,
        AlreadyHandled is raised before the block runs. An exception in the block undoes all.
        """
        ...

    def list(self, status: str | None = None) -> Sequence[Integration]: ...
    def put_artifact(self, integration_id: str, step: StepName, made: Made) -> str: ...
    def artifact(self, artifact_digest: str) -> Made: ...
    def artifacts(self, integration_id: str, step: StepName) -> Sequence[Made]:
        """All of one step, oldest first."""
        ...

    def unposted(self, integration_id: str | None = None) -> Sequence[Posting]: ...
    def mark_posted(self, number: int, message_ref: str) -> None: ...
    def last_reply(self, integration_id: str, reply_key: str) -> Reply | None:
        """What was last said under that key, posted or not."""
        ...

    def message_ref(self, integration_id: str, reply_key: str) -> str | None:
        """Where the reply of that key was posted."""
        ...


class Vault(Protocol):
    """Secrets, encrypted and bound to where they belong."""

    def put(self, team: str, integration_id: str, system: str, secrets: Mapping[str, str]) -> str:
        """Keep secrets (field -> value); gives a reference that says nothing about them."""
        ...

    def get(self, reference: str) -> dict[str, str]:
        """StoreError where the reference is unknown or the key is missing."""
        ...

    def replace(
        self, reference: str, secrets: Mapping[str, str], *, expected: Mapping[str, str]
    ) -> bool:
        """Put new secrets in the place of the expected ones, a refreshed token's say.

        False (and no change) where they are others by now: somebody else was first.
        """
        ...

    def delete(self, reference: str) -> None: ...
    def forget(self, team: str, integration_id: str) -> None:
        """Delete all that an integration has here; where it has nothing, nothing happens."""
        ...


# ---- Announcer ---------------------------------------------------------------------------------


class Announcer(Protocol):
    """Shows replies to people. Posting the same key again edits what stands there."""

    def post(
        self, integration: Integration, reply: Reply, message_ref: str | None, *, again: bool
    ) -> str:
        """Show a reply, in place of `message_ref` where given; gives the message's reference.

        `again`: an earlier attempt was cut off, so what it showed may stand there already.
        """
        ...


__all__ = [
    "Analyst", "Announcer", "Clock", "ConnectionSpec", "DeploymentInfo",
    "IntegrationStore", "Interpretation", "LogLine", "Platform", "Probe", "ProjectSpec",
    "Repair", "Request", "SystemSpec", "Turn", "Vault", "VersionSpec",
]  # fmt: skip
