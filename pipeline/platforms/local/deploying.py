"""Control operations on versions and deployments."""

from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Deployment, Place
from pipeline.platforms.local.supervisor import Supervisor
from pipeline.platforms.local.workspace import Workspace
from pipeline.ports import DeploymentInfo, VersionSpec


class Deploying:
    """Its public coroutines are control operations, callable by name."""

    def __init__(
        self, ledger: Ledger, supervisor: Supervisor, workspace: Workspace, public_url: str
    ) -> None:
        self._ledger = ledger
        self._supervisor = supervisor
        self._workspace = workspace
        self._public_url = public_url

    async def find_version(self, project_id: str, name: str) -> str | None:
        return self._ledger.versions.find(project_id, name)

    async def create_version(self, project_id: str, spec: VersionSpec) -> str:
        """Store the files; PlatformError, and nothing stored, where they may not run."""
        self._ledger.projects.get(project_id)
        await self._workspace.prepare(spec.name, spec.files)
        return self._ledger.versions.create(project_id, spec)

    async def deploy(self, project_id: str, version_id: str, environment: str) -> DeploymentInfo:
        """Make a version live, without a gap: the one before works until it is ready."""
        place = Place(project_id, environment)
        version = self._ledger.versions.get(project_id, version_id)
        self._require_connections(place)
        await self._supervisor.deploy(place, version)
        return self._info(self._require(place))

    async def roll_back(self, project_id: str, environment: str, version_id: str) -> DeploymentInfo:
        return await self.deploy(project_id, version_id, environment)

    async def promote(self, project_id: str, source: str, target: str) -> DeploymentInfo:
        """Make the source's version live in the target, over the target's own connections."""
        deployment = self._require(Place(project_id, source))
        for system in self._ledger.projects.linked_systems(project_id, source):
            system_id = self._ledger.projects.find_system(project_id, system.name)
            assert system_id is not None  # it is linked
            self._ledger.projects.link(project_id, target, system_id, dynamic=system.dynamic)
        return await self.deploy(project_id, deployment.version_id, target)

    async def deployment(self, project_id: str, environment: str) -> DeploymentInfo | None:
        deployment = self._ledger.deployments.get(Place(project_id, environment))
        if deployment is None or deployment.state == "stopped":
            return None
        return self._info(deployment)

    async def stop(self, project_id: str, environment: str) -> None:
        await self._supervisor.stop(Place(project_id, environment))

    async def delete_project(self, project_id: str) -> None:
        """Stop it everywhere, and forget all of it; what is not there is no error."""
        for deployment in self._ledger.deployments.all():
            if deployment.project_id == project_id:
                await self._supervisor.stop(deployment.place)
        self._ledger.removal.remove(project_id)

    async def pause(self, project_id: str, environment: str) -> None:
        self._supervisor.pause(self._require(Place(project_id, environment)).place)

    async def resume(self, project_id: str, environment: str) -> None:
        self._supervisor.resume(self._require(Place(project_id, environment)).place)

    async def history(self, project_id: str, environment: str) -> list[dict[str, str]]:
        return self._ledger.deployments.history(Place(project_id, environment))

    def _require(self, place: Place) -> Deployment:
        deployment = self._ledger.deployments.get(place)
        if deployment is None or deployment.state == "stopped":
            raise PlatformError(f"Nothing is live in {place.environment}: deploy a version first.")
        return deployment

    def _require_connections(self, place: Place) -> None:
        connected = {
            connection.system
            for connection in self._ledger.connections.all(*place)
            if connection.connected
        }
        missing = [
            system.name
            for system in self._ledger.projects.linked_systems(*place)
            if not system.dynamic and system.name not in connected
        ]
        if missing:
            raise PlatformError(
                f"Missing connections in {place.environment}: {', '.join(missing)}. "
                "Connect them, then deploy again."
            )

    def _info(self, deployment: Deployment) -> DeploymentInfo:
        place = deployment.place
        base = f"{self._public_url}/hooks/{place}"
        trouble = self._supervisor.live(place).trouble
        paused = "paused: events are kept" if deployment.state == "paused" else ""
        return DeploymentInfo(
            version_id=deployment.version_id,
            url=base,
            webhooks={
                workflow.id: f"{base}/{workflow.id}"
                for workflow in deployment.workflows
                if workflow.kind == "webhook"
            },
            healthy=not trouble,
            detail=trouble or paused,
        )
