"""What an organisation has on the platform, as records; and how the API writes them."""

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Body = dict[str, Any]

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ZERO = "0" * 26


def new_ulid() -> str:
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(26)))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(kw_only=True)
class Record:
    id: str = field(default_factory=new_ulid)
    created_at: str = field(default_factory=now)


@dataclass(kw_only=True)
class Version(Record):
    project: str
    name: str
    description: str
    files: list[Body]

    def written(self) -> Body:
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "state": "ready",
            "createdAt": self.created_at,
        }


@dataclass(kw_only=True)
class Environment(Record):
    project: str
    name: str
    public_url: str
    status: str = "draft"  # running, suspended, error or draft
    deployed: Version | None = None
    variables: Body = field(default_factory=dict)  # of the static user

    def written(self) -> Body:
        body: Body = {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "publicUrl": self.public_url,
            "config": {},
            "createdAt": self.created_at,
            "updatedAt": self.created_at,
            "lastDeployedAt": self.created_at,
        }
        if self.deployed:
            body["deployedVersion"] = self.deployed.written()
        return body


@dataclass(kw_only=True)
class Project(Record):
    name: str
    files: list[Body] = field(default_factory=list)
    variables_schema: Body | None = None


@dataclass(kw_only=True)
class System(Record):
    name: str
    domain: str
    base_url: str
    auth_schemes: dict[str, Body] = field(default_factory=dict)  # by id; with their secrets

    def written(self) -> Body:
        return {
            "id": self.id,
            "name": self.name,
            "domain": self.domain,
            "templateBaseUrl": self.base_url,
            "authSchemeConfigs": [shown_scheme(one) for one in self.auth_schemes.values()],
        }


@dataclass(kw_only=True)
class Template(Record):
    """A system linked to an environment."""

    environment: str
    system: System
    name: str
    dynamic: bool
    scheme_ids: list[str]
    connection: str | None = None  # the static one

    def schemes(self) -> list[Body]:
        return [self.system.auth_schemes[one] for one in self.scheme_ids]

    def written(self) -> Body:
        return {
            "id": self.system.id,
            "connectionTemplateId": self.id,
            "name": self.name,
            "domain": self.system.domain,
            "dynamic": self.dynamic,
            "templateBaseUrl": self.system.base_url,
            "authSchemeConfigs": [shown_scheme(one) for one in self.schemes()],
        }


@dataclass(kw_only=True)
class Connection(Record):
    name: str
    system: str
    template: str
    base_url: str
    credentials: list[Body]  # with their secrets
    user: str | None = None  # id of the end user; None is the static one

    def written(self) -> Body:
        return {
            "id": self.id,
            "name": self.name,
            "systemId": self.system,
            "connectionTemplateId": self.template,
            "baseUrl": self.base_url,
            "credentials": [_shown_credentials(one) for one in self.credentials],
            "createdAt": self.created_at,
            "updatedAt": self.created_at,
        }


@dataclass(kw_only=True)
class User(Record):
    external_id: str
    name: str
    organisation: str

    def written(self) -> Body:
        return {
            "id": self.id,
            "externalId": self.external_id,
            "displayName": self.name,
            "organisationId": self.organisation,
            "createdAt": self.created_at,
            "updatedAt": self.created_at,
        }


@dataclass(kw_only=True)
class Activation(Record):
    user: User
    environment: str
    connections: dict[str, str]  # template id to connection id
    variables: Body


@dataclass(kw_only=True)
class Channel(Record):
    name: str
    organisation: str
    email: Body

    def written(self) -> Body:
        return {
            "id": self.id,
            "organisation_id": self.organisation,
            "name": self.name,
            "type": "email",
            "config": {"email": self.email},
            "created_at": self.created_at,
            "updated_at": self.created_at,
        }


@dataclass(kw_only=True)
class Notification(Record):
    project: str
    environment: str
    channel: Channel
    name: str

    def written(self) -> Body:
        return {
            "id": self.id,
            "project_id": self.project,
            "environment_id": self.environment,
            "channel_id": self.channel.id,
            "channelName": self.channel.name,
            "name": self.name,
            "type": "email",
            "config": {"email": self.channel.email},
            "created_at": self.created_at,
        }


@dataclass(kw_only=True)
class Asset(Record):
    project: str
    name: str
    folder: str
    content_type: str
    size: int
    content: bytes | None = None  # None until it was uploaded


@dataclass(kw_only=True)
class LogLine:
    environment: str
    message: str
    severity: str
    fields: Body
    at: str

    def written(self) -> Body:
        return {
            "timestamp": self.at,
            "severity": self.severity,
            "message": self.message,
            "fields": self.fields,
        }


@dataclass(kw_only=True)
class Deployment(Record):
    environment: str
    version: Version


@dataclass
class Organisation:
    """All of it by id, in the order of creation."""

    id: str
    token: str
    deploys_as: str = "running"  # or error: what a deployed environment becomes
    projects: dict[str, Project] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    systems: dict[str, System] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    deployments: list[Deployment] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    activations: dict[str, Activation] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    notifications: dict[str, Notification] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    logs: list[LogLine] = field(default_factory=list)

    @property
    def auth_schemes(self) -> dict[tuple[str, str], Body]:
        """By the id of the system and their own."""
        return {
            (system.id, name): scheme
            for system in self.systems.values()
            for name, scheme in system.auth_schemes.items()
        }

    @property
    def variables(self) -> dict[str, Body | None]:
        """The schema of each project's variables."""
        return {one.id: one.variables_schema for one in self.projects.values()}

    def environment(self, project: str, name: str) -> Environment | None:
        of_project = (one for one in self.environments.values() if one.project == project)
        return next((one for one in of_project if one.name == name), None)


SECRET_FIELDS = ("clientSecret",)


def shown_scheme(scheme: Body) -> Body:
    """A scheme without its secrets, which the API never gives out."""
    return {
        name: shown_scheme(value) if isinstance(value, dict) else value
        for name, value in scheme.items()
        if name not in SECRET_FIELDS
    }


def _shown_credentials(credentials: Body) -> Body:
    shown = dict(credentials)
    if "authSchemeConfig" in shown:
        shown["authSchemeConfig"] = shown_scheme(shown["authSchemeConfig"])
    if "credential" in shown:
        shown["credential"] = {k: v for k, v in shown["credential"].items() if k != "data"}
    return shown
