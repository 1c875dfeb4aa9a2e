"""The platform's API as facts: its operations, and what of a request breaks them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.versori.shapes import validator


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: str = ""  # of a shape; "object" is any object
    status: int = 200


API = "/api/v2"
ASSETS = "/api/sparkboard/v1alpha1/assets/organisations/{organisation_id}/{project_id}"
ORGANISATION = API + "/o/{organisation_id}"
PROJECT = ORGANISATION + "/projects/{project_id}"
TEMPLATE = PROJECT + "/connection-templates/{template_id}"
CONNECTION = ORGANISATION + "/connections/{connection_id}"
ENVIRONMENT = ORGANISATION + "/environments/{environment_id}"
ACTIVATION = ENVIRONMENT + "/activations/{activation_id}"
PAGE = {"first": "integer", "after": "string", "before": "string"}
NAMED_ENVIRONMENT = {"project_env": "text"}

OPERATIONS = [
    Operation("ListProjects", "GET", f"{ORGANISATION}/projects", {"starred": "boolean"}),
    Operation("CreateProject", "POST", f"{ORGANISATION}/projects", body="ProjectCreate"),
    Operation("GetProject", "GET", PROJECT),
    Operation("CloneEnvironment", "POST", f"{PROJECT}/environments/clone", {}, "CloneEnvironment"),
    Operation("SyncEnvironments", "POST", f"{PROJECT}/environments/sync", {}, "SyncEnvironments"),
    Operation("SuspendProject", "POST", f"{PROJECT}/suspend", {"environment!": "text"}),
    Operation("GetVariablesSchema", "GET", f"{PROJECT}/variables"),
    Operation("SetVariablesSchema", "PUT", f"{PROJECT}/variables", body="object"),
    Operation("ListVersions", "GET", f"{PROJECT}/versions", PAGE),
    Operation("CreateVersion", "POST", f"{PROJECT}/versions", body="VersionCreate"),
    Operation("GetVersionFiles", "GET", PROJECT + "/versions/{version_id}/files"),
    Operation("DeployVersion", "PUT", PROJECT + "/versions/{version_id}/deploy", NAMED_ENVIRONMENT),
    Operation("DeployProject", "PUT", f"{PROJECT}/deploy", NAMED_ENVIRONMENT, "Deploy"),
    Operation("GetFiles", "GET", f"{PROJECT}/files"),
    Operation("UpdateFiles", "PUT", f"{PROJECT}/files", body="Files"),
    Operation(
        "GetLogs",
        "GET",
        f"{PROJECT}/logs",
        {
            **NAMED_ENVIRONMENT,
            "first": "integer",
            "next_token": "string",
            "start": "string",
            "end": "string",
            "search": "string",
            "build": "boolean",
            "latest": "boolean",
            "order": "asc|desc",
        },
    ),
    Operation("ListSystems", "GET", f"{ORGANISATION}/systems", {**PAGE, "search": "string"}),
    Operation("CreateSystem", "POST", f"{ORGANISATION}/systems", {}, "SystemCreate", 201),
    Operation("GetSystem", "GET", ORGANISATION + "/systems/{system_id}"),
    Operation(
        "UpdateSystem", "PUT", ORGANISATION + "/systems/{system_id}", {}, "SystemUpdate", 201
    ),
    Operation(
        "UpsertAuthScheme",
        "PUT",
        ORGANISATION + "/systems/{system_id}/auth-scheme-configs/{auth_scheme_config_id}",
        {},
        "AuthScheme",
        201,
    ),
    Operation(
        "InitialiseOAuth2",
        "POST",
        ORGANISATION + "/systems/{system_id}/oauth2/initialise",
        {},
        "InitialiseOAuth2",
    ),
    Operation("ListTemplates", "GET", f"{PROJECT}/connection-templates", {"env_id": "ulid"}),
    Operation("CreateTemplate", "POST", f"{PROJECT}/connection-templates", {}, "TemplateCreate"),
    Operation("UpdateTemplate", "PUT", TEMPLATE, {}, "TemplateUpdate"),
    Operation("DeleteTemplate", "DELETE", TEMPLATE, status=204),
    Operation(
        "ListConnections",
        "GET",
        f"{ORGANISATION}/connections",
        {**PAGE, "system_id": "ulid", "end_user_id": "ulid"},
    ),
    Operation(
        "CreateConnection", "POST", f"{ORGANISATION}/connections", {}, "ConnectionCreate", 201
    ),
    Operation("GetConnection", "GET", CONNECTION),
    Operation("UpdateConnection", "PUT", CONNECTION, {}, "ConnectionUpdate"),
    Operation("DeleteConnection", "DELETE", CONNECTION, status=204),
    Operation(
        "LinkConnection",
        "POST",
        ORGANISATION + "/connections/{connection_id}/link",
        {},
        "TemplateLink",
        201,
    ),
    Operation("ListEnvironmentConnections", "GET", f"{PROJECT}/connections", {"env_id": "ulid"}),
    Operation("CreateUser", "POST", f"{ORGANISATION}/users", {}, "UserCreate", 201),
    Operation("ListUsers", "GET", f"{ORGANISATION}/users", {"search": "string"}),
    Operation("Activate", "POST", f"{ORGANISATION}/activations", {}, "Activate"),
    Operation("ListActivations", "GET", f"{ENVIRONMENT}/activations", {"static": "boolean"}),
    Operation("GetActivation", "GET", ACTIVATION),
    Operation("DeleteActivation", "DELETE", ACTIVATION, status=204),
    Operation("SetVariable", "PUT", ACTIVATION + "/variables/{variable_name}", {}, "Variable"),
    Operation("SetStaticVariables", "PATCH", f"{ENVIRONMENT}/variables", {}, "object"),
    Operation(
        "CreateChannel", "POST", f"{ORGANISATION}/notification_channels", {}, "ChannelCreate", 201
    ),
    Operation("ListChannels", "GET", f"{ORGANISATION}/notification_channels"),
    Operation(
        "CreateNotification",
        "POST",
        API + "/projects/{project_id}/notifications",
        {},
        "NotificationCreate",
        201,
    ),
    Operation(
        "ListNotifications",
        "GET",
        API + "/projects/{project_id}/notifications",
        {"env_id": "ulid"},
    ),
    # Of the second host, which the command line does not let anyone redirect.
    Operation("ListAssets", "GET", ASSETS),
    Operation("SignAssetUrl", "POST", f"{ASSETS}/signed-url", {}, "SignedUrl"),
]

FREE_NAMES = ("auth_scheme_config_id", "variable_name")  # every other name in a path is a ULID

Problem = dict[str, str]


def body_problems(operation: Operation, body: Any) -> list[Problem]:
    """What of a body breaks its shape: `{field, message}` each."""
    if not operation.body:
        # The description asks for an empty object on some; the command line sends nothing.
        return [] if body in (None, {}) else [{"field": "", "message": "takes no body"}]
    if body is None:
        return [{"field": "", "message": "needs a body"}]
    errors = validator(operation.body).iter_errors(body)
    return [
        {"field": ".".join(map(str, error.absolute_path)), "message": error.message}
        for error in errors
    ]


def query_problems(operation: Operation, query: Mapping[str, str]) -> list[Problem]:
    known = {name.rstrip("!"): word for name, word in operation.query.items()}
    found = [
        {"field": name, "message": "is needed"}
        for name in (key[:-1] for key in operation.query if key.endswith("!"))
        if name not in query
    ]
    for name, value in query.items():
        if name not in known:
            found.append({"field": name, "message": "is not a parameter"})
        elif not _reads_as(known[name], value):
            found.append({"field": name, "message": f"is not {known[name]}: {value}"})
    return found


def path_problems(path: Mapping[str, str]) -> list[Problem]:
    return [
        {"field": name, "message": f"is not a valid ULID: {value}"}
        for name, value in path.items()
        if name not in FREE_NAMES and not validator("ulid").is_valid(value)
    ]


def _reads_as(word: str, value: str) -> bool:
    if word == "integer":
        return value.isdigit()
    if word == "boolean":
        return value in ("true", "false")
    return validator(word).is_valid(value)
