"""Control operations that set a project up: systems, links, variables, connections, probes."""

import json
import secrets
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from pydantic import JsonValue

from pipeline.catalogue.failures import failure_of
from pipeline.catalogue.model import Probe as ProbeSpec
from pipeline.catalogue.model import SystemEntry
from pipeline.errors import PlatformError
from pipeline.plan.model import Auth, Variable
from pipeline.plan.paths import read
from pipeline.platforms.local.addresses import fill
from pipeline.platforms.local.broker import Broker, Incoming, Outgoing
from pipeline.platforms.local.consent import Consent
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.mocks import Mocks
from pipeline.platforms.local.protocol import CallRefused
from pipeline.platforms.local.vaulted import Secrets
from pipeline.ports import ConnectionSpec, Probe, ProjectSpec, Reading, SystemSpec
from pipeline.simulation.oauth import OauthError


class SettingUp:
    """Its public coroutines are control operations, callable by name."""

    def __init__(
        self,
        ledger: Ledger,
        vault: Secrets,
        broker: Broker,
        consent: Consent,
        mocks: Mocks,
    ) -> None:
        self._ledger = ledger
        self._vault = vault
        self._broker = broker
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

    # ---- Probe --------------------------------------------------------------------------------

    async def probe(
        self, project_id: str, environment: str, system: str, activation: str = STATIC
    ) -> Probe:
        """One harmless read, as the catalogue names it, over the connection."""
        connection = self._ledger.connections.get(project_id, environment, system, activation)
        if not connection.connected:
            return Probe(ok=False, detail="Nobody has consented yet.", mock=connection.mock)
        entry = self._entry_of(project_id, system)
        probe = entry.probe if entry else None
        if entry is None or probe is None:
            return Probe(ok=True, detail="No harmless read of it is known.", mock=connection.mock)
        outgoing = _asking(connection, probe.method, probe.path, probe.headers, probe.body)
        try:
            answer = await self._broker.fetch(
                Place(project_id, environment), system, outgoing, activation=activation
            )
        except CallRefused as refusal:
            return Probe(ok=False, detail=str(refusal), mock=connection.mock)
        return _outcome(entry, probe, answer, connection.mock)

    async def read(
        self,
        project_id: str,
        environment: str,
        system: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: JsonValue = None,
    ) -> Reading:
        """One read over the connection; PlatformError where it can't be sent."""
        connection = self._ledger.connections.get(project_id, environment, system)
        outgoing = _asking(connection, method, path, headers, body)
        try:
            answer = await self._broker.fetch(Place(project_id, environment), system, outgoing)
        except CallRefused as refusal:
            raise PlatformError(f"{system} could not be read: {refusal}") from refusal
        return Reading(status=answer.status, body=_parsed(answer.body), mock=connection.mock)

    def _entry_of(self, project_id: str, system: str) -> SystemEntry | None:
        try:
            return self._mocks.entry(project_id, system)
        except PlatformError:
            return None


def _asking(
    connection: Connection, method: str, path: str, own: dict[str, str], body: JsonValue
) -> Outgoing:
    headers = {"Accept": "application/json"}
    headers |= {name: fill(value, connection.config) for name, value in own.items()}
    if body is None:
        return Outgoing(method, path, headers)
    headers["Content-Type"] = "application/json"
    return Outgoing(method, path, headers, json.dumps(body).encode())


def _needs_person(auth: Auth) -> bool:
    """Whether a person must consent in a browser."""
    return auth.type == "oauth2" and auth.grant in (None, "authorization-code")


def _outcome(entry: SystemEntry, probe: ProbeSpec, answer: Incoming, mock: bool) -> Probe:
    """Some systems refuse with a 200, so the body is judged too."""
    body = _parsed(answer.body)
    failure = failure_of(entry.errors, answer.status, body)
    if failure is not None:
        detail = f"The system answered {answer.status}: {failure} Check the credentials."
        return Probe(ok=False, status=answer.status, detail=detail, mock=mock)
    label = read(body, probe.label_path) if probe.label_path else None
    first = label[0] if isinstance(label, list) and label else label
    account = str(first)[:200] if isinstance(first, str | int) else ""
    return Probe(ok=True, status=answer.status, account=account, mock=mock)


def _parsed(body: bytes) -> JsonValue:
    """None where it is no JSON."""
    try:
        parsed: JsonValue = json.loads(body or b"null")
    except ValueError:
        return None
    return parsed
