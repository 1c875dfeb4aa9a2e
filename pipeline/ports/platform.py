"""Where integrations run, and what it is given and gives."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from pipeline.artifacts import SourceFile
from pipeline.catalogue.model import Signature, SystemEntry
from pipeline.model import Value
from pipeline.plan.model import Auth, Variable
from pipeline.replies import Command


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


class ReadRequest(Value):
    """One harmless read; the path is relative to the system's base URL."""

    method: str
    path: str
    headers: dict[str, str] = {}
    body: JsonValue = None


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
