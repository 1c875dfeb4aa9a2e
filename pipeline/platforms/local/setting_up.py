"""Control operations that set a project up: systems, links, variables, connections."""

import secrets
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from pipeline.errors import PlatformError
from pipeline.plan.model import Auth, Variable
from pipeline.platforms.local.consent import Consent
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.mocks import Mocks
from pipeline.platforms.local.vaulted import Secrets
from pipeline.ports import ConnectionSpec, ProjectSpec, SystemSpec
from pipeline.simulation.oauth import OauthError


class SettingUp:
    """Its public coroutines are control operations, callable by name."""

    def __init__(
        self,
        ledger: Ledger,
        vault: Secrets,
        consent: Consent,
        mocks: Mocks,
    ) -> None:
        self._ledger = ledger
        self._vault = vault
        self._consent = consent
        self._mocks = mocks

    async def find_project(self, spec: ProjectSpec) -> str | None:
        project = self._ledger.projects.find(spec.integration_id)
        return project.id if project else None

    async def create_project(self, spec: ProjectSpec) -> str:
        return self._ledger.projects.create(spec)

    async def find_system(self, project_id: str, spec: SystemSpec) -> str | None:
        return self._ledger.projects.find_system(project_id, spec.name)

    async def create_system(self, project_id: str, spec: SystemSpec) -> str:
        return self._ledger.projects.create_system(project_id, spec)

    async def find_link(self, project_id: str, environment: str, system_id: str) -> str | None:
        return self._ledger.projects.find_link(project_id, environment, system_id)

    async def link_system(
        self, project_id: str, environment: str, system_id: str, dynamic: bool
    ) -> str:
        return self._ledger.projects.link(project_id, environment, system_id, dynamic=dynamic)

    async def declare_variables(self, project_id: str, variables: list[Variable]) -> None:
        self._ledger.projects.get(project_id)
        self._ledger.variables.declare(project_id, variables)

    async def upload_asset(self, project_id: str, name: str, content: str) -> None:
        self._ledger.projects.get(project_id)
        self._ledger.variables.put_asset(project_id, name, content)

    # ---- Connections --------------------------------------------------------------------------

    async def find_connection(self, project_id: str, environment: str, name: str) -> str | None:
        return self._ledger.connections.find(project_id, environment, name)

    async def create_connection(
        self,
        project_id: str,
        environment: str,
        link_id: str,
        spec: ConnectionSpec,
        activation: str = STATIC,
    ) -> str:
        """Everybody's connection, or one end user's."""
        if activation != STATIC:
            self._ledger.activations.get(project_id, environment, activation)
        linked = self._ledger.projects.linked_system(project_id, environment, link_id)
        if linked != spec.system:
            raise PlatformError(
                f"That link is of “{linked}”, not of “{spec.system}”: set the systems up again."
            )
        if spec.mock:
            return await self._connect_mock(project_id, environment, spec, activation)
        typed = await self._vault.get(spec.vault_reference)
        needs_consent = _needs_person(spec.auth) and not (
            typed.get("refresh_token") or typed.get("access_token")
        )
        return self._ledger.connections.put(
            project_id, environment, spec, connected=not needs_consent, activation=activation
        )

    async def authorization_url(
        self, project_id: str, environment: str, system: str, activation: str = STATIC
    ) -> str | None:
        connection = self._ledger.connections.get(project_id, environment, system, activation)
        if connection.connected or connection.auth.type != "oauth2":
            return None
        return await self._consent.authorization_url(connection)

    async def _connect_mock(
        self, project_id: str, environment: str, spec: ConnectionSpec, activation: str
    ) -> str:
        """A connection to the mock with made-up credentials; one that works is left alone."""
        for standing in self._ledger.connections.all(project_id, environment, activation):
            is_same = (standing.system, standing.auth) == (spec.system, spec.auth)
            if is_same and standing.mock and standing.connected:
                return standing.id
        mock = self._mocks.system(project_id, spec.system)
        made_up = {item.name: f"mock-{item.name}" for item in mock.entry.config}
        spec = spec.model_copy(update={"config": made_up | spec.config, "vault_reference": None})
        connections = self._ledger.connections
        put = partial(connections.put, project_id, environment, activation=activation)
        connection = connections.by_id(put(spec, connected=False))
        credentials = self._made_up(connection)
        mock.register_credentials(credentials)
        reference = await self._vault.put(connection, credentials)
        spec = spec.model_copy(update={"vault_reference": reference})
        is_granted = _needs_person(spec.auth)
        put(spec, connected=not is_granted)
        if is_granted:
            await self._consent_to_mock(connections.by_id(connection.id))
        return connection.id

    async def _consent_to_mock(self, connection: Connection) -> None:
        """Walk through the mock's consent as a person's browser would."""
        url = urlsplit(await self._consent.authorization_url(connection))
        oauth = self._mocks.system(connection.project_id, connection.system).oauth
        try:
            back = oauth.approve(oauth.asked(dict(parse_qsl(url.query))))
        except OauthError as error:
            raise PlatformError(f"The mock of “{connection.system}” refused: {error}") from error
        await self._consent.complete(dict(parse_qsl(urlsplit(back).query)))

    def _made_up(self, connection: Connection) -> dict[str, str]:
        """A value for every credential that the scheme, or the webhooks' signature, asks for."""
        names = {field.name for field in connection.auth.fields}
        names |= {
            "api-key": {"api_key"},
            "basic-auth": {"username", "password"},
            "oauth2": {"client_id", "client_secret"},
        }.get(connection.auth.type, set())
        spec = self._ledger.projects.system(connection.project_id, connection.system)
        if spec.signature is not None:
            names.add(spec.signature.secret_field)
        return {name: f"mock-{secrets.token_urlsafe(24)}" for name in sorted(names)}


def _needs_person(auth: Auth) -> bool:
    """Whether a person must consent in a browser."""
    return auth.type == "oauth2" and auth.grant in (None, "authorization-code")
