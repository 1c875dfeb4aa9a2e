"""The local platform as the pipeline sees it: the Platform port, over HTTP to the runner."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from pipeline.plan.model import Variable
from pipeline.plan.words import show_auth
from pipeline.platforms.local.activation_operations import ActivationOperations
from pipeline.platforms.local.operations import LocalOperations
from pipeline.platforms.local.remote import Remote
from pipeline.ports import (
    ConnectionSpec,
    DeploymentInfo,
    LogLine,
    Probe,
    ProjectSpec,
    SystemSpec,
    VersionSpec,
)
from pipeline.replies import Command

_TEXT = TypeAdapter(str)
_TEXT_OR_NONE: TypeAdapter[str | None] = TypeAdapter(str | None)
_INFO = TypeAdapter(DeploymentInfo)
_INFO_OR_NONE: TypeAdapter[DeploymentInfo | None] = TypeAdapter(DeploymentInfo | None)
_PROBE = TypeAdapter(Probe)
_LINES = TypeAdapter(list[LogLine])


class LocalPlatform(ActivationOperations, LocalOperations):
    """Each method calls the runner's control operation of the same name. Thread-safe."""

    name = "local"

    def __init__(self, url: str, token: str, home: Path | None = None) -> None:
        """With its home, a runner that is started again is found again."""
        super().__init__(Remote(url, token, home))

    def close(self) -> None:
        self._remote.close()

    def commands(
        self, project: ProjectSpec, environment: str, systems: Sequence[SystemSpec]
    ) -> list[Command]:
        text = f"create project “{project.name}”"
        steps = [Command(text=text, changes="a project on this machine", about="project")]
        for system in systems:
            steps += [
                Command(
                    text=f"create system {system.name} at {system.base_url}",
                    changes=f"{system.display_name}, with {show_auth(system.auth)}",
                    about=f"system:{system.name}",
                ),
                Command(
                    text=f"link {system.name} to {environment}",
                    changes="it can be connected there",
                    about=f"link:{system.name}",
                ),
            ]
        return steps

    def find_project(self, spec: ProjectSpec) -> str | None:
        return self._remote.fetch(_TEXT_OR_NONE, "find_project", spec=spec)

    def create_project(self, spec: ProjectSpec) -> str:
        return self._remote.fetch(_TEXT, "create_project", spec=spec)

    def find_system(self, project_id: str, spec: SystemSpec) -> str | None:
        return self._remote.fetch(_TEXT_OR_NONE, "find_system", project_id=project_id, spec=spec)

    def create_system(self, project_id: str, spec: SystemSpec) -> str:
        return self._remote.fetch(_TEXT, "create_system", project_id=project_id, spec=spec)

    def find_link(self, project_id: str, environment: str, system_id: str) -> str | None:
        return self._remote.fetch(
            _TEXT_OR_NONE, "find_link", project_id=project_id, environment=environment,
            system_id=system_id,
        )  # fmt: skip

    def link_system(
        self, project_id: str, environment: str, system_id: str, *, dynamic: bool
    ) -> str:
        return self._remote.fetch(
            _TEXT, "link_system", project_id=project_id, environment=environment,
            system_id=system_id, dynamic=dynamic,
        )  # fmt: skip

    def declare_variables(self, project_id: str, variables: Sequence[Variable]) -> None:
        self._remote.call("declare_variables", project_id=project_id, variables=list(variables))

    def find_connection(self, project_id: str, environment: str, name: str) -> str | None:
        return self._remote.fetch(
            _TEXT_OR_NONE,
            "find_connection",
            project_id=project_id,
            environment=environment,
            name=name,
        )

    def create_connection(
        self, project_id: str, environment: str, link_id: str, spec: ConnectionSpec
    ) -> str:
        return self._remote.fetch(
            _TEXT, "create_connection", project_id=project_id, environment=environment,
            link_id=link_id, spec=spec,
        )  # fmt: skip

    def authorization_url(self, project_id: str, environment: str, system: str) -> str | None:
        return self._remote.fetch(
            _TEXT_OR_NONE, "authorization_url", project_id=project_id, environment=environment,
            system=system,
        )  # fmt: skip

    def probe(self, project_id: str, environment: str, system: str) -> Probe:
        return self._remote.fetch(
            _PROBE, "probe", project_id=project_id, environment=environment, system=system
        )

    def upload_asset(self, project_id: str, name: str, content: str) -> None:
        self._remote.call("upload_asset", project_id=project_id, name=name, content=content)

    def find_version(self, project_id: str, name: str) -> str | None:
        return self._remote.fetch(_TEXT_OR_NONE, "find_version", project_id=project_id, name=name)

    def create_version(self, project_id: str, spec: VersionSpec) -> str:
        return self._remote.fetch(_TEXT, "create_version", project_id=project_id, spec=spec)

    def deploy(self, project_id: str, version_id: str, environment: str) -> DeploymentInfo:
        return self._remote.fetch(
            _INFO, "deploy", project_id=project_id, version_id=version_id,
            environment=environment,
        )  # fmt: skip

    def deployment(self, project_id: str, environment: str) -> DeploymentInfo | None:
        return self._remote.fetch(
            _INFO_OR_NONE, "deployment", project_id=project_id, environment=environment
        )

    def stop(self, project_id: str, environment: str) -> None:
        self._remote.call("stop", project_id=project_id, environment=environment)

    def roll_back(self, project_id: str, environment: str, version_id: str) -> DeploymentInfo:
        return self._remote.fetch(
            _INFO, "roll_back", project_id=project_id, environment=environment,
            version_id=version_id,
        )  # fmt: skip

    def promote(self, project_id: str, source: str, target: str) -> DeploymentInfo:
        return self._remote.fetch(
            _INFO, "promote", project_id=project_id, source=source, target=target
        )

    def logs(
        self, project_id: str, environment: str, *, after: datetime | None = None, limit: int = 200
    ) -> list[LogLine]:
        return self._remote.fetch(
            _LINES, "logs", project_id=project_id, environment=environment, after=after,
            limit=limit,
        )  # fmt: skip
