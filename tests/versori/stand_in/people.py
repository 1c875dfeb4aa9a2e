"""`versori users …`, `projects users …` and `notifications …`: end users, activations, channels."""

import json

from tests.versori.stand_in.parsing import command
from tests.versori.stand_in.running import Body, Failure, Running, prompt
from tests.versori.stand_in.variables import schema_of

NO_TERMINAL = "huh: could not open a new TTY: open /dev/tty: no such device or address"


@command(
    "users create",
    "display-name external-id",
    shorthands={"n": "display-name", "e": "external-id"},
)
def create_user(running: Running) -> None:
    body = {
        "displayName": running.asked("display-name", "display name"),
        "externalId": running.asked("external-id", "external ID"),
    }
    running.of_organisation("POST", "users", body, failing="create user")


def _users(running: Running) -> list[Body]:
    body = running.of_organisation("GET", "users", failing="list users")
    found: list[Body] = body["users"]
    return found


@command("users list")
def list_users(running: Running) -> None:
    fields = ("displayName", "externalId", "id")
    rows = [
        {**{field: one[field] for field in fields}, "createdAt": _spoken(one["createdAt"])}
        for one in _users(running)
    ]
    running.show_list("printableUser", rows)


def _spoken(moment: str) -> str:
    """A time as Go prints it."""
    return moment.replace("T", " ").replace("Z", " +0000 UTC")


def _activations(running: Running, environment: str) -> list[Body]:
    path = f"environments/{environment}/activations"
    found: list[Body] = running.of_organisation("GET", path, failing="list activations")
    return found


@command("projects users list", "project environment", required="environment")
def list_activations(running: Running) -> None:
    environment = running.environment_id()
    active = {one["user"]["id"]: one for one in _activations(running, environment)}
    rows = [_row(user, active.get(user["id"])) for user in _users(running)]
    rows.sort(key=lambda row: (row["status"], row["displayName"]))
    running.show_list("printableActivation", rows)


def _row(user: Body, activation: Body | None) -> Body:
    row = {
        "displayName": user["displayName"],
        "externalId": user["externalId"],
        "status": "active" if activation else "inactive",
        "userId": user["id"],
        "createdAt": _spoken(user["createdAt"]),
    }
    if activation:
        row["activationId"] = activation["id"]
        if activation["dynamicVariables"]:
            row["dynamicVariables"] = activation["dynamicVariables"]
    return row


@command(
    "projects users activate",
    "project environment external-id connection* variable* variables-file",
    required="environment external-id",
    shorthands={"e": "external-id"},
)
def activate(running: Running) -> None:
    environment = running.environment_id()
    if not running.values.get("connection"):
        prompt("failed to gather connections interactively")
    pairs = [one.partition("=") for one in running.values["connection"]]
    variables = dict(_variable(one) for one in running.values.get("variable", []))
    _check(running, variables)
    body = {
        "userId": running.text("external-id"),
        "environmentId": environment,
        "connections": [
            {"connectionTemplateId": template, "existingConnectionId": connection}
            for template, _, connection in pairs
        ],
        **({"dynamicVariables": variables} if variables else {}),
    }
    made = running.of_organisation("POST", "activations", body, failing="activate user")
    print(f"Activation created successfully with ID: {made['id']}")


def _variable(pair: str) -> tuple[str, Body]:
    name, _, value = pair.partition("=")
    return name, _read(value)


def _read(value: str) -> Body:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _check(running: Running, variables: Body) -> None:
    """Looks at the schema once for what is needed, and once more for what is not known."""
    for name in (schema_of(running) or {}).get("required", []):
        if name not in variables:
            reason = f'prompt for required variable "{name}" failed: {NO_TERMINAL}'
            raise Failure("failed to gather required variables interactively", reason)
    known = (schema_of(running) or {}).get("properties", {})
    if unknown := sorted(set(variables) - set(known)):
        reason = f"unknown variable(s) not in schema: {', '.join(unknown)}"
        raise Failure("activation would fail variable validation", reason)


@command(
    "projects users set-variable",
    "project environment external-id name value",
    required="environment external-id name value",
    shorthands={"e": "external-id", "n": "name"},
)
def set_variable(running: Running) -> None:
    name, user = running.text("name"), running.text("external-id")
    if name not in (schema_of(running) or {}).get("properties", {}):
        reason = f'variable "{name}" is not declared in the project\'s DynamicVariablesSchema.'
        raise Failure("set-variable would fail schema validation", reason)
    environment = running.environment_id()
    activation = _activation_id(running, environment, user)
    path = f"environments/{environment}/activations/{activation}/variables/{name}"
    body = {"value": _read(running.text("value"))}
    running.of_organisation("PUT", path, body, failing="set dynamic variable")
    print(f'Variable "{name}" updated on activation for end-user "{user}"')


def _channels(running: Running) -> list[Body]:
    body = running.of_organisation(
        "GET", "notification_channels", failing="list notification channels"
    )
    found: list[Body] = body["items"]
    return found


@command(
    "projects users deactivate",
    "project environment external-id",
    required="environment external-id",
    shorthands={"e": "external-id"},
)
def deactivate(running: Running) -> None:
    environment, user = running.environment_id(), running.text("external-id")
    path = f"environments/{environment}/activations/{_activation_id(running, environment, user)}"
    running.of_organisation("DELETE", path, failing="delete activation")
    named = running.text("environment")
    print(f'Activation deleted for end-user "{user}" on environment "{named}"')


def _activation_id(running: Running, environment: str, user: str) -> str:
    for activation in _activations(running, environment):
        if activation["user"]["externalId"] == user:
            return str(activation["id"])
    raise Failure(f"no activation found for end-user external ID: {user}")


@command("notifications channels list")
def list_channels(running: Running) -> None:
    rows = [
        {
            "name": one["name"],
            "id": one["id"],
            "type": one["type"],
            "to": one["config"]["email"]["to"],
        }
        for one in _channels(running)
    ]
    running.show_list("printableChannel", rows)


@command("notifications channels create", "name email cc*", required="name")
def create_channel(running: Running) -> None:
    email = running.text("email")
    if not email:
        message = "--email is required to create an email notification channel"
        raise Failure(f"{message}; pass --email <addr>")
    config: Body = {"email": {"to": email}}
    if copies := running.values.get("cc"):
        config["email"]["cc"] = copies
    body = {"name": running.text("name"), "type": "email", "config": config}
    made = running.of_organisation(
        "POST", "notification_channels", body, failing="create notification channel"
    )
    print(f'Created notification channel "{made["name"]}" (id: {made["id"]}, to: {email})')


@command("notifications project link", "project environment channel-id name")
def link_channel(running: Running) -> None:
    wanted, project = running.text("channel-id"), running.project
    channels = _channels(running)
    if not wanted:
        prompt("failed to read channel selection")
    channel = next((one["name"] for one in channels if one["id"] == wanted), None)
    if channel is None:
        raise Failure(f"channel {wanted} not found in current organisation")
    environment = running.environment_id()
    body = {
        "channel_id": wanted,
        "environment_id": environment,
        "name": running.text("name") or channel,
    }
    path = f"projects/{project}/notifications"
    made = running.call("POST", path, body, failing="link channel to project")
    print(
        f'Linked channel "{channel}" to environment "{running.text("environment")}" on project '
        f'{project} (notification id: {made["id"]}, name: "{made["name"]}").'
    )


@command("notifications project list", "project environment")
def list_links(running: Running) -> None:
    query = {"env_id": running.environment_id()} if running.text("environment") else {}
    path = f"projects/{running.project}/notifications"
    body = running.call("GET", path, failing="list project notifications", **query)
    rows = [
        {
            "name": one["name"],
            "id": one["id"],
            "channelName": one["channelName"],
            "channelId": one["channel_id"],
            "environmentId": one["environment_id"],
        }
        for one in body["items"]
    ]
    running.show_list("printableProjectNotification", rows)
