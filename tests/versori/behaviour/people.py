"""End users, their activations and variables; channels of notifications and their links."""

from jsonschema import Draft202012Validator

from tests.versori.behaviour.call import Call, handles, missing, taken, wrong
from tests.versori.behaviour.connections import new_connection
from tests.versori.state import Activation, Body, Channel, Environment, Notification, User


@handles("ListUsers")
def list_users(call: Call) -> Body:
    users = [one.written() for one in call.organisation.users.values()]
    return {"totalCount": len(users), "users": users}


@handles("CreateUser")
def create_user(call: Call) -> Body:
    external_id = call.body["externalId"]
    if any(one.external_id == external_id for one in call.organisation.users.values()):
        raise taken("end user", external_id)
    user = User(
        external_id=external_id,
        name=call.body.get("displayName", ""),
        organisation=call.organisation.id,
    )
    call.organisation.users[user.id] = user
    return user.written()


def _written(call: Call, activation: Activation) -> Body:
    connections = call.organisation.connections
    return {
        "id": activation.id,
        "user": activation.user.written(),
        "environment": call.environment(activation.environment).written(),
        "connections": [connections[one].written() for one in activation.connections.values()],
        "dynamicVariables": activation.variables,
    }


@handles("Activate")
def activate(call: Call) -> Body:
    organisation = call.organisation
    environment = call.environment(call.body["environmentId"])
    named = call.body["userId"]
    user = next(
        (one for one in organisation.users.values() if named in (one.id, one.external_id)), None
    )
    if user is None:
        raise missing("end user", named)
    activations = organisation.activations.values()
    if any(one.user is user and one.environment == environment.id for one in activations):
        raise taken("activation", named)
    variables = call.body.get("dynamicVariables") or {}
    _check_variables(call, environment, variables)
    activation = Activation(
        user=user,
        environment=environment.id,
        connections=_connected(call, environment, user),
        variables=variables,
    )
    organisation.activations[activation.id] = activation
    return _written(call, activation)


def _connected(call: Call, environment: Environment, user: User) -> dict[str, str]:
    """One connection for each system of the environment, named or made."""
    organisation = call.organisation
    connected = {}
    for pair in call.body["connections"] or []:
        template = organisation.templates.get(pair["connectionTemplateId"])
        if template is None or template.environment != environment.id:
            raise missing("connection template", pair["connectionTemplateId"])
        if "connection" in pair:
            connected[template.id] = new_connection(call, template, pair["connection"], user.id).id
        elif pair.get("existingConnectionId") in organisation.connections:
            connected[template.id] = pair["existingConnectionId"]
        else:
            raise missing("connection", pair.get("existingConnectionId", ""))
    lacking = [
        one.name
        for one in organisation.templates.values()
        if one.environment == environment.id and one.id not in connected
    ]
    if lacking:
        raise wrong("missing connections for the following systems", ", ".join(lacking))
    return connected


def _check_variables(call: Call, environment: Environment, variables: Body) -> None:
    schema = call.organisation.projects[environment.project].variables_schema or {}
    unknown = set(variables) - set(schema.get("properties", {}))
    if unknown:
        raise wrong("unknown variables", ", ".join(sorted(unknown)))
    for error in Draft202012Validator(schema).iter_errors(variables):
        raise wrong("variables do not keep the project's schema", error.message)


@handles("ListActivations")
def list_activations(call: Call) -> list[Body]:
    environment = call.environment(call.path["environment_id"])
    return [
        _written(call, one)
        for one in call.organisation.activations.values()
        if one.environment == environment.id
    ]


def _activation(call: Call) -> Activation:
    activation = call.organisation.activations.get(call.path["activation_id"])
    if activation is None or activation.environment != call.path["environment_id"]:
        raise missing("activation", call.path["activation_id"])
    return activation


@handles("GetActivation")
def get_activation(call: Call) -> Body:
    return _written(call, _activation(call))


@handles("DeleteActivation")
def delete_activation(call: Call) -> None:
    del call.organisation.activations[_activation(call).id]


@handles("SetVariable")
def set_variable(call: Call) -> Body:
    activation = _activation(call)
    variables: Body = activation.variables | {call.path["variable_name"]: call.body["value"]}
    _check_variables(call, call.environment(activation.environment), variables)
    activation.variables = variables
    return variables


@handles("SetStaticVariables")
def set_static_variables(call: Call) -> Body:
    environment = call.environment(call.path["environment_id"])
    variables: Body = environment.variables | call.body
    _check_variables(call, environment, variables)
    environment.variables = variables
    return variables


@handles("ListChannels")
def list_channels(call: Call) -> Body:
    return {"items": [one.written() for one in call.organisation.channels.values()]}


@handles("CreateChannel")
def create_channel(call: Call) -> Body:
    channel = Channel(
        name=call.body["name"],
        organisation=call.organisation.id,
        email=call.body["config"]["email"],
    )
    call.organisation.channels[channel.id] = channel
    return channel.written()


@handles("ListNotifications")
def list_notifications(call: Call) -> Body:
    wanted = call.query.get("env_id")
    return {
        "items": [
            one.written()
            for one in call.organisation.notifications.values()
            if one.project == call.project.id and wanted in (None, one.environment)
        ]
    }


@handles("CreateNotification")
def create_notification(call: Call) -> Body:
    channel = call.organisation.channels.get(call.body["channel_id"])
    if channel is None:
        raise missing("notification channel", call.body["channel_id"])
    notification = Notification(
        project=call.project.id,
        environment=call.environment(call.body["environment_id"]).id,
        channel=channel,
        name=call.body["name"],
    )
    call.organisation.notifications[notification.id] = notification
    return notification.written()
