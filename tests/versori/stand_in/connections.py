"""`versori connections …`: credentials for templates."""

import os
import re
from pathlib import Path

from tests.versori.stand_in.parsing import command
from tests.versori.stand_in.running import Body, Failure, Running
from tests.versori.stand_in.systems import ZERO, templates

SECRET_FLAGS = ("api-key", "username", "password", "client-id", "client-secret", "token-url")
REFERENCE = re.compile(r"\$\{(?P<braced>.*)\}$|\$(?P<plain>.*)$")
ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}$")


def resolve(running: Running) -> None:
    """Variables' values in place of their names, from the environment; Weft gives no file."""
    named = Path(running.text("env-file") or ".env")
    if "env-file" in running.values and not named.is_file():
        reason = f"reading env file {named}: open {named}: no such file or directory"
        raise Failure("failed to load env file", reason)
    if named.is_file():
        raise Failure("the stand-in reads no env file", str(named))
    for flag in SECRET_FLAGS:
        told = running.text(flag)
        reference = REFERENCE.match(told)
        if not reference:
            continue
        name = reference["braced"] or reference["plain"]
        value = os.environ.get(name)
        if not value:
            reason = f'variable "{name}" not found in env file or environment'
            raise Failure(f"failed to resolve --{flag}", reason)
        running.values[flag] = value
        print(f"Resolved --{flag} from variable {told}")


@command("connections list", "system end-user")
def list_connections(running: Running) -> None:
    query = {}
    if system := running.text("system"):
        query["system_id"] = system
    if user := running.text("end-user"):
        query["end_user_id"] = _user_id(running, user)
    body = running.of_organisation("GET", "connections", failing="list connections", **query)
    names = {}
    if body["items"]:
        systems = running.of_organisation("GET", "systems", failing="list systems")
        names = {one["id"]: one["name"] for one in systems["items"]}
    shown = [
        {
            "connectionName": one["name"],
            "connectionId": one["id"],
            "systemName": names.get(one["systemId"], ""),
            "systemId": one["systemId"],
            "baseUrl": one["baseUrl"],
        }
        for one in body["items"]
    ]
    running.show_list("printableItem", shown)


def _user_id(running: Running, user: str) -> str:
    if ULID.match(user):
        return user
    body = running.of_organisation("GET", "users", failing=f"resolve --end-user {user}")
    for one in body["users"]:
        if one["externalId"] == user:
            return str(one["id"])
    raise Failure(f"no end-user found with ULID or external ID matching {user}")


@command(
    "connections create",
    "project environment name template-id external-id base-url env-file bypass? "
    + " ".join(SECRET_FLAGS),
    required="environment name project template-id",
)
def create(running: Running) -> None:
    wanted = running.text("template-id")
    found = templates(running, failing="get connection templates for environment")
    template = next((one for one in found if one["connectionTemplateId"] == wanted), None)
    if template is None:
        raise Failure("connection template not found in environment")
    if not template["authSchemeConfigs"]:
        raise Failure("connection template has no auth scheme configs configured")
    connection = {
        "name": running.text("name"),
        "credentials": [_credentials(running, template["authSchemeConfigs"][0])],
    }
    if base_url := running.text("base-url"):
        connection["baseUrl"] = base_url
    body: Body = {"connectionTemplateId": wanted, "connection": connection}
    if external_id := running.text("external-id"):
        body["externalId"] = external_id
    made = running.of_organisation("POST", "connections", body, failing="create connection")
    print(f"Connection created successfully with ID: {made['id']}")


def _credentials(running: Running, scheme: Body) -> Body:
    """By the template's first auth scheme, unless it is bypassed."""
    credential = {"id": ZERO, "organisationId": running.organisation_id}
    if running.values.get("bypass"):
        bypassed = {"type": "none", "none": {"id": "", "description": ""}}
        kind = {"type": "none"}
        return {"id": ZERO, "authSchemeConfig": bypassed, "credential": credential | kind}
    kind_of, data = _credential(running, scheme)
    credential |= {"type": kind_of, "data": data}
    return {"id": ZERO, "authSchemeConfig": scheme, "credential": credential}


def _credential(running: Running, scheme: Body) -> tuple[str, Body]:
    match scheme["type"]:
        case "api-key":
            return "string", {"string": {"value": _needed(running, "api-key")[0]}}
        case "basic-auth":
            username, password = _needed(running, "username", "password")
            return "basic-auth", {"basicAuth": {"username": username, "password": password}}
        case "oauth2":
            return _oauth2(running, scheme["oauth2"])
        case "none":
            raise Failure("bypass is required for this connection template")
        case other:
            told = f"unsupported auth scheme type: {other}"
            raise Failure("unsupported auth scheme type", told)


def _oauth2(running: Running, scheme: Body) -> tuple[str, Body]:
    match scheme["grant"]["type"]:
        case "clientCredentials":
            client_id, client_secret = _needed(running, "client-id", "client-secret")
            data = {
                "clientId": client_id,
                "clientSecret": client_secret,
                "tokenUrl": running.text("token-url") or scheme["tokenUrl"],
            }
            return "oauth2-client", {"oauth2Client": data}
        case "password":
            username, password = _needed(running, "username", "password")
            data = {"username": username, "password": password}
            return "oauth2-password", {"oauth2Password": data}
        case _:
            raise Failure("failed to open browser", "the stand-in has none")


def _needed(running: Running, *flags: str) -> list[str]:
    values = [running.text(flag) for flag in flags]
    if not all(values):
        verb = "is" if len(flags) == 1 else "are"
        raise Failure(f"{' and '.join(flags)} {verb} required for this connection template")
    return values
