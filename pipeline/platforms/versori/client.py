"""The Versori platform as the pipeline sees it: the Platform port, over its command line."""

import time
from collections.abc import Sequence
from datetime import datetime

from pipeline.plan.model import Variable
from pipeline.platforms.versori import (
    calls,
    connections,
    deployments,
    setting_up,
    shown,
)
from pipeline.platforms.versori.contexts import Contexts
from pipeline.platforms.versori.executable import Executable
from pipeline.platforms.versori.notifications import ensure_channel
from pipeline.platforms.versori.project import Project
from pipeline.platforms.versori.session import Session
from pipeline.ports import (
    ConnectionSpec,
    DeploymentInfo,
    LogLine,
    Probe,
    ProjectSpec,
    SystemSpec,
    Vault,
    VersionSpec,
)
from pipeline.replies import Command

_CONSENT_LOOK_SECONDS = 10.0


class VersoriPlatform:
    """Projects are named `<context>/<id>`; everything else by Versori's own ids. Thread-safe."""

    name = "versori"

    def __init__(
        self, executable: Executable, contexts: Contexts, vault: Vault, email: str | None = None
    ) -> None:
        """`email` is who learns of issues that integrations raise."""
        self._executable = executable
        self._contexts = contexts
        self._vault = vault
        self._email = email
        self._looked: dict[tuple[str, str, str], tuple[float, str]] = {}

    def commands(
        self, project: ProjectSpec, environment: str, systems: Sequence[SystemSpec]
    ) -> list[Command]:
        return shown.commands(project, environment, systems, self._email)

    # ---- Setting up ----------------------------------------------------------------------------

    def find_project(self, spec: ProjectSpec) -> str | None:
        session = self._of_team(spec.team)
        found = setting_up.find_project(session, spec)
        return str(Project(session.context.name, found)) if found else None

    def create_project(self, spec: ProjectSpec) -> str:
        session = self._of_team(spec.team)
        made = session.item(calls.create_project(setting_up.project_name(spec)))
        return str(Project(session.context.name, made["id"]))

    def find_system(self, project_id: str, spec: SystemSpec) -> str | None:
        return setting_up.find_system(*self._of(project_id), spec)

    def create_system(self, project_id: str, spec: SystemSpec) -> str:
        return setting_up.create_system(*self._of(project_id), spec)

    def find_link(self, project_id: str, environment: str, system_id: str) -> str | None:
        return setting_up.find_link(*self._of(project_id), environment, system_id)

    def link_system(
        self, project_id: str, environment: str, system_id: str, *, dynamic: bool
    ) -> str:
        session, project = self._of(project_id)
        return setting_up.link_system(session, project, environment, system_id, dynamic=dynamic)

    def declare_variables(self, project_id: str, variables: Sequence[Variable]) -> None:
        session, project = self._of(project_id)
        for variable in variables:
            session.run(calls.add_variable(project.id, variable))

    # ---- Connections ---------------------------------------------------------------------------

    def find_connection(self, project_id: str, environment: str, name: str) -> str | None:
        return connections.find_connection(*self._of(project_id), environment, name)

    def create_connection(
        self, project_id: str, environment: str, link_id: str, spec: ConnectionSpec
    ) -> str:
        session, project = self._of(project_id)
        secrets = self._vault.get(spec.vault_reference) if spec.vault_reference else {}
        return connections.create_connection(session, project, environment, spec, secrets)

    def authorization_url(self, project_id: str, environment: str, system: str) -> str | None:
        """Whoever waits asks every few seconds, so an open question is looked up less often."""
        key = (project_id, environment, system)
        looked, url = self._looked.get(key, (0.0, ""))
        if url and time.monotonic() - looked < _CONSENT_LOOK_SECONDS:
            return url
        found = connections.consent_url(*self._of(project_id), environment, system)
        if found is None:
            self._looked.pop(key, None)
        else:
            self._looked[key] = (time.monotonic(), found)
        return found

    def probe(self, project_id: str, environment: str, system: str) -> Probe:
        return connections.probe(*self._of(project_id), environment, system)

    # ---- Versions and deployments --------------------------------------------------------------

    def upload_asset(self, project_id: str, name: str, content: str) -> None:
        session, project = self._of(project_id)
        session.run(calls.upload_asset(project.id, name, content))

    def find_version(self, project_id: str, name: str) -> str | None:
        return deployments.find_version(*self._of(project_id), name)

    def create_version(self, project_id: str, spec: VersionSpec) -> str:
        return deployments.create_version(*self._of(project_id), spec)

    def deploy(self, project_id: str, version_id: str, environment: str) -> DeploymentInfo:
        session, project = self._of(project_id)
        self._tell_of_issues(session, project, environment)
        return deployments.deploy(session, project, version_id, environment)

    def deployment(self, project_id: str, environment: str) -> DeploymentInfo | None:
        return deployments.deployment(*self._of(project_id), environment)

    def stop(self, project_id: str, environment: str) -> None:
        deployments.stop(*self._of(project_id), environment)

    def roll_back(self, project_id: str, environment: str, version_id: str) -> DeploymentInfo:
        return deployments.deploy(*self._of(project_id), version_id, environment)

    def promote(self, project_id: str, source: str, target: str) -> DeploymentInfo:
        session, project = self._of(project_id)
        self._tell_of_issues(session, project, target)
        return deployments.promote(session, project, source, target)

    def logs(
        self, project_id: str, environment: str, *, after: datetime | None = None, limit: int = 200
    ) -> list[LogLine]:
        return deployments.logs(*self._of(project_id), environment, after, limit)

    # ---- Which organisation --------------------------------------------------------------------

    def describe(self) -> str:
        """What `weft doctor` says of it. PlatformError where something is missing."""
        version = self._executable.version
        context = self._contexts.of_team("")
        return f"{version}, context “{context.name}” of {self._contexts.path}"

    def _tell_of_issues(self, session: Session, project: Project, environment: str) -> None:
        if self._email:
            setting_up.ensure_environment(session, project, environment)
            ensure_channel(session, project, environment, self._email)

    def _of_team(self, team: str) -> Session:
        return Session(self._executable, self._contexts.path, self._contexts.of_team(team))

    def _of(self, project_id: str) -> tuple[Session, Project]:
        project = Project.parse(project_id)
        context = self._contexts.named(project.context)
        return Session(self._executable, self._contexts.path, context), project
