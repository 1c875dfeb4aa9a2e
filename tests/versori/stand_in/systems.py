"""`versori systems …` and `versori projects systems …`: systems, auth schemes, templates."""

from tests.versori.stand_in.parsing import command
from tests.versori.stand_in.running import Body, Failure, Refused, Running

FIELDS = ("name", "id", "domain", "templateBaseUrl", "authSchemeConfigs")
SCHEME_FIELDS = {"api-key": "apiKey", "basic-auth": "basicAuth"}
GRANTS = ("authorizationCode", "clientCredentials", "password")
ZERO = "0" * 26


@command("systems list")
def list_systems(running: Running) -> None:
    body = running.of_organisation("GET", "systems", failing="list systems")
    systems = [{field: one[field] for field in FIELDS} for one in body["items"]]
    running.show_list("printableSystem", systems)


@command("systems create", "name domain template-base-url")
def create(running: Running) -> None:
    body = {
        "name": running.asked("name", "system name"),
        "domain": running.asked("domain", "system domain"),
        "templateBaseUrl": running.asked("template-base-url", "system template base URL"),
        "authSchemeConfigs": None,
    }
    system = running.of_organisation("POST", "systems", body, failing="create system")
    running.show({field: system[field] for field in FIELDS})


@command(
    "systems add-auth-scheme",
    "system-id type name description api-key.name api-key.in"
    " oauth2.token-url oauth2.authorize-url oauth2.grant-type oauth2.client-id"
    " oauth2.client-secret oauth2.scope* oauth2.default-scope*"
    " hmac.name hmac.in hmac.algorithm hmac.encoding hmac.digest-input*",
    required="name system-id type",
)
def add_auth_scheme(running: Running) -> None:
    kind, name = running.text("type"), running.text("name")
    scheme: Body = {"type": kind}
    part = {"id": name, "description": running.text("description")}
    if make := {"api-key": _api_key, "oauth2": _oauth2, "hmac": _hmac}.get(kind):
        part |= make(running)
    if kind in ("none", "basic-auth", "certificate", "api-key", "oauth2", "hmac"):
        scheme[SCHEME_FIELDS.get(kind, kind)] = part
    path = f"systems/{running.text('system-id')}/auth-scheme-configs/{name}"
    running.of_organisation("PUT", path, scheme, failing="upsert auth scheme config")
    print("Auth scheme config added/updated successfully")


def _needed(running: Running, flag: str, kind: str, choices: str = "") -> str:
    hint = f" ({choices})" if choices else ""
    if value := running.text(flag):
        return value
    raise Failure(f"--{flag} is required when type={kind}{hint}")


def _api_key(running: Running) -> Body:
    return {
        "name": _needed(running, "api-key.name", "api-key"),
        "in": _needed(running, "api-key.in", "api-key", "header, query, cookie"),
    }


def _oauth2(running: Running) -> Body:
    scopes = [one.partition("=") for one in running.values.get("oauth2.scope", [])]
    part: Body = {
        "tokenUrl": _needed(running, "oauth2.token-url", "oauth2"),
        "scopes": [
            {"name": name, **({"description": told} if told else {})} for name, _, told in scopes
        ],
        "defaultScopes": running.values.get("oauth2.default-scope"),
        "grant": _grant(running),
    }
    if url := running.text("oauth2.authorize-url"):
        part["authorizeUrl"] = url
    return part


def _grant(running: Running) -> Body:
    kind = running.text("oauth2.grant-type") or GRANTS[0]
    client = {"credentialId": ZERO, "organisationId": ZERO}
    for flag, field in (("client-id", "clientId"), ("client-secret", "clientSecret")):
        if value := running.text(f"oauth2.{flag}"):
            client[field] = value
    known = {kind: {} if kind == "clientCredentials" else client} if kind in GRANTS else {}
    return {"type": kind, **known}


def _hmac(running: Running) -> Body:
    return {
        "name": _needed(running, "hmac.name", "hmac"),
        "in": _needed(running, "hmac.in", "hmac", "header, query, cookie"),
        "algorithm": _needed(running, "hmac.algorithm", "hmac", "sha1, sha256, sha512"),
        "encoding": running.text("hmac.encoding") or "hex",
        "digestInputs": running.values.get("hmac.digest-input") or ["body"],
    }


@command(
    "projects systems add",
    "project system name environment dynamic?",
    required="environment name system",
)
def add(running: Running) -> None:
    body = {
        "systemId": running.text("system"),
        "name": running.text("name"),
        "environmentId": running.environment_id(),
        "dynamic": bool(running.values.get("dynamic")),
    }
    path = f"projects/{running.project}/connection-templates"
    made = running.of_organisation("POST", path, body, failing="link system to project")
    lost = dict.fromkeys(("projectId", "systemId", "environmentId"), "")
    running.show({"id": made["id"], "name": made["name"], **lost, "dynamic": made["dynamic"]})


def templates(running: Running, failing: str) -> list[Body]:
    environment = running.environment_id()
    path = f"projects/{running.project}/connection-templates"
    body = running.of_organisation("GET", path, failing=failing, env_id=environment)
    found: list[Body] = body["items"]
    return found


@command("projects systems list", "project environment", required="environment")
def list_linked(running: Running) -> None:
    running.show_list(
        "ProjectConnectionTemplateItem", templates(running, failing="list project systems")
    )


@command(
    "projects systems update-connection-template",
    "project template name dynamic? auth-scheme-config-id",
    required="template",
)
def update(running: Running) -> None:
    body: Body = {}
    if name := running.text("name"):
        body["name"] = name
    if scheme := running.text("auth-scheme-config-id"):
        body["authSchemeConfigIds"] = [scheme]
    if "dynamic" in running.values:
        body["dynamic"] = running.values["dynamic"]
    if not body:
        raise Failure("Nothing to update, please set at least one update flag")
    path = f"projects/{running.project}/connection-templates/{running.text('template')}"
    running.of_organisation("PUT", path, body, failing="update connection template")


@command("projects systems remove", "project template", required="template")
def remove(running: Running) -> None:
    path = f"projects/{running.project}/connection-templates/{running.text('template')}"
    running.of_organisation("DELETE", path, failing="remove system from project")
    print("removed")


@command("projects systems list-connections", "project environment", required="environment")
def list_connections(running: Running) -> None:
    environment = running.environment_id()
    path = f"projects/{running.project}/connections"
    body = running.of_organisation("GET", path, failing="list connections", env_id=environment)
    fields = ("id", "name", "systemId", "connectionTemplateId", "baseUrl")
    shown = [{field: one[field] for field in fields} for one in body["items"]]
    running.show_list("printableConnection", shown)


@command(
    "projects systems connect",
    "project environment template-id connection-id",
    required="environment template-id",
)
def connect(running: Running) -> None:
    running.environment_id()
    path = f"connections/{running.text('connection-id')}/link"
    body = {"connectionTemplateId": running.text("template-id")}
    try:
        running.request("POST", f"o/{running.organisation_id}/{path}", body)
    except Refused as refused:
        raise Failure("Failed to link connection to environment", str(refused)) from None
