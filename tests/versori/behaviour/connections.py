"""Connections: credentials for a template, of everybody or of one end user."""

from tests.versori.behaviour.call import Call, handles, missing, taken, wrong
from tests.versori.state import Body, Connection, Template, new_ulid

# Which kinds of credential an auth scheme takes, and the field of their data. None bypasses it.
KINDS = {
    "api-key": {"string"},
    "basic-auth": {"basic-auth"},
    "oauth2": {"oauth2-client", "oauth2-password", "oauth2-code", "oauth2-token"},
    "none": set[str](),
}
DATA_FIELDS = {
    "string": "string",
    "basic-auth": "basicAuth",
    "oauth2-client": "oauth2Client",
    "oauth2-password": "oauth2Password",
    "oauth2-code": "oauth2Code",
}


@handles("ListConnections")
def list_connections(call: Call) -> Body:
    system, user = call.query.get("system_id"), call.query.get("end_user_id")
    return call.page(
        [
            one.written()
            for one in call.organisation.connections.values()
            if system in (None, one.system) and user in (None, one.user)
        ]
    )


@handles("ListEnvironmentConnections")
def list_environment_connections(call: Call) -> Body:
    """Only static ones."""
    organisation = call.organisation
    wanted = call.query.get("env_id")
    connections = [
        organisation.connections[one.connection].written() | {"connectionTemplateId": one.id}
        for one in organisation.templates.values()
        if one.connection
        and organisation.environments[one.environment].project == call.project.id
        and wanted in (None, one.environment)
    ]
    return {"totalCount": len(connections), "items": connections}


@handles("GetConnection")
def get_connection(call: Call) -> Body:
    return _connection(call).written()


def _connection(call: Call) -> Connection:
    connection = call.organisation.connections.get(call.path["connection_id"])
    if connection is None:
        raise missing("connection", call.path["connection_id"])
    return connection


@handles("CreateConnection")
def create_connection(call: Call) -> Body:
    template = _template(call, call.body["connectionTemplateId"])
    user = _user(call, call.body.get("externalId"))
    connection = new_connection(call, template, call.body["connection"], user)
    if user is None:
        template.connection = connection.id
    return connection.written()


def new_connection(
    call: Call, template: Template, body: Body, user: str | None = None
) -> Connection:
    _check_name(call, body["name"])
    connection = Connection(
        name=body["name"],
        system=template.system.id,
        template=template.id,
        base_url=body.get("baseUrl") or template.system.base_url,
        credentials=_named(call, template, body["credentials"]),
        user=user,
    )
    call.organisation.connections[connection.id] = connection
    return connection


def _check_name(call: Call, name: str) -> None:
    if any(one.name == name for one in call.organisation.connections.values()):
        raise taken("connection", name)


def _named(call: Call, template: Template, credentials: list[Body]) -> list[Body]:
    """Checked, and with ids of their own."""
    if not credentials:
        raise wrong("a connection needs credentials")
    for one in credentials:
        _check_credentials(call, template, one)
    return [
        {
            name: {**part, "id": new_ulid()} if name == "credential" else part
            for name, part in one.items()
        }
        | {"id": new_ulid()}
        for one in credentials
    ]


def _check_credentials(call: Call, template: Template, credentials: Body) -> None:
    credential = credentials.get("credential", {})
    kind = credential.get("type", "none")
    if credential and credential["organisationId"] != call.organisation.id:
        raise wrong("the credential belongs to another organisation")
    if kind == "none":
        return
    fitting = set[str]().union(*(KINDS.get(one["type"], set()) for one in template.schemes()))
    if kind not in fitting:
        raise wrong("the credential does not fit the auth scheme", kind)
    if DATA_FIELDS.get(kind) not in credential.get("data", {}):
        raise wrong("the credential's data does not fit its type", kind)


@handles("UpdateConnection")
def update_connection(call: Call) -> Body:
    connection = _connection(call)
    if call.body["name"] != connection.name:
        _check_name(call, call.body["name"])
    template = _template(call, connection.template)
    connection.credentials = _named(call, template, call.body["credentials"])
    connection.name = call.body["name"]
    connection.base_url = call.body["baseUrl"] or connection.base_url
    return connection.written()


@handles("DeleteConnection")
def delete_connection(call: Call) -> None:
    """Refused for one that an activated end user has, and not for a static one."""
    connection, organisation = _connection(call), call.organisation
    if any(connection.id in one.connections.values() for one in organisation.activations.values()):
        raise wrong("the connection is in use", connection.name)
    for template in organisation.templates.values():
        if template.connection == connection.id:
            template.connection = None
    del organisation.connections[connection.id]


@handles("LinkConnection")
def link_connection(call: Call) -> None:
    template = _template(call, call.body["connectionTemplateId"])
    connection = _connection(call)
    if connection.system != template.system.id:
        raise wrong("the connection is of another system", connection.name)
    template.connection = connection.id


def _template(call: Call, template_id: str) -> Template:
    if template_id not in call.organisation.templates:
        raise missing("connection template", template_id)
    return call.organisation.templates[template_id]


def _user(call: Call, external_id: str | None) -> str | None:
    if external_id is None:
        return None
    for user in call.organisation.users.values():
        if user.external_id == external_id:
            return user.id
    raise missing("end user", external_id)


@handles("InitialiseOAuth2")
def initialise_oauth2(call: Call) -> Body:
    return {"url": f"{call.body['authorizeUrl']}?client_id={call.body['clientId']}&state=opaque"}
