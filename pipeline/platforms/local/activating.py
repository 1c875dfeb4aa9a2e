"""Control operations on activations: the end users of an integration that many accounts share.

Each has connections of its own to the dynamic systems, variables, schedules and addresses.
"""

from pydantic import JsonValue

from pipeline.errors import PlatformError
from pipeline.live.capabilities import ActivationInfo
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import Activation
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.vaulted import Secrets


class Activating:
    """Its public coroutines are control operations, callable by name."""

    def __init__(self, ledger: Ledger, secrets: Secrets, public_url: str) -> None:
        self._ledger = ledger
        self._secrets = secrets
        self._public_url = public_url

    async def activate(
        self,
        project_id: str,
        environment: str,
        external_id: str,
        display_name: str,
        variables: dict[str, JsonValue],
    ) -> ActivationInfo:
        """The end user's activation, made or brought up to date."""
        if not external_id.strip():
            raise PlatformError("An end user needs an id: give the one that your own system uses.")
        self._ledger.projects.get(project_id)
        self._check(project_id, variables)
        activation = self._ledger.activations.put(
            project_id, environment, external_id, display_name
        )
        for name, value in variables.items():
            self._ledger.variables.set(project_id, environment, name, value, activation.id)
        return self._info(activation)

    async def activations(self, project_id: str, environment: str) -> list[ActivationInfo]:
        found = self._ledger.activations.all(project_id, environment)
        return [self._info(activation) for activation in found]

    async def deactivate(self, project_id: str, environment: str, activation: str) -> None:
        """Forget an end user: connections with their secrets, variables, and what was kept."""
        known = self._ledger.activations.get(project_id, environment, activation)
        for connection in self._ledger.connections.forget(known.id):
            for reference in (connection.vault_reference, connection.token_reference):
                if reference is not None:
                    await self._secrets.delete(reference)
        self._ledger.values.forget(f"activation/{Place(project_id, environment)}/{known.id}")
        self._ledger.activations.delete(known.id)

    def _check(self, project_id: str, variables: dict[str, JsonValue]) -> None:
        declared = {variable.name for variable in self._ledger.variables.declared(project_id)}
        if unknown := sorted(variables.keys() - declared):
            raise PlatformError(
                f"The integration has no variable {', '.join(unknown)} (it has: "
                f"{', '.join(sorted(declared)) or 'none'})."
            )

    def _info(self, activation: Activation) -> ActivationInfo:
        place = Place(activation.project_id, activation.environment)
        connections = self._ledger.connections.all(*place, activation.id)
        connected = {connection.system for connection in connections if connection.connected}
        linked = self._ledger.projects.linked_systems(*place)
        deployment = self._ledger.deployments.get(place)
        address = f"{self._public_url}/hooks/{place}/{activation.id}"
        return ActivationInfo(
            id=activation.id,
            external_id=activation.external_id,
            display_name=activation.display_name,
            created_at=activation.created_at,
            variables=self._ledger.variables.all(*place, activation.id),
            missing=[system.name for system in linked if system.name not in connected],
            webhooks={
                workflow.id: f"{address}/{workflow.id}"
                for workflow in (deployment.workflows if deployment else [])
                if workflow.kind == "webhook"
            },
        )
