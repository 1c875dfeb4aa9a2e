"""Systems, their auth schemes, and their links to environments: connection templates."""

from tests.versori.behaviour.call import Call, handles, missing, taken, wrong
from tests.versori.state import Body, System, Template, shown_scheme

# The field of a scheme that holds what belongs to its type.
SCHEME_FIELDS = {"api-key": "apiKey", "basic-auth": "basicAuth"}


@handles("ListSystems")
def list_systems(call: Call) -> Body:
    wanted = call.query.get("search", "").lower()
    systems = call.organisation.systems.values()
    return call.page([one.written() for one in systems if wanted in one.name.lower()])


@handles("CreateSystem")
def create_system(call: Call) -> Body:
    """Names need not differ: whoever creates twice has two."""
    system = System(
        name=call.body["name"],
        domain=call.body["domain"],
        base_url=call.body["templateBaseUrl"],
    )
    for scheme in call.body["authSchemeConfigs"] or []:
        system.auth_schemes[scheme_of(scheme)["id"]] = scheme
    call.organisation.systems[system.id] = system
    return system.written()


@handles("GetSystem")
def get_system(call: Call) -> Body:
    return call.system.written()


@handles("UpdateSystem")
def update_system(call: Call) -> Body:
    system = call.system
    system.name = call.body.get("name", system.name)
    system.domain = call.body.get("domain", system.domain)
    system.base_url = call.body.get("templateBaseUrl", system.base_url)
    return system.written()


def scheme_of(scheme: Body) -> Body:
    """The part of an auth scheme that its type names."""
    field = SCHEME_FIELDS.get(scheme["type"], scheme["type"])
    if field not in scheme:
        raise wrong("invalid auth scheme", f"type is {scheme['type']}, but {field} is not given")
    grant = scheme[field].get("grant")
    if grant and grant["type"] not in grant:
        raise wrong("invalid auth scheme", f"grant is {grant['type']}, but it is not given")
    part: Body = scheme[field]
    return part


@handles("UpsertAuthScheme")
def upsert_auth_scheme(call: Call) -> Body:
    scheme_id = call.path["auth_scheme_config_id"]
    if scheme_of(call.body)["id"] != scheme_id:
        raise wrong("invalid auth scheme", "its id differs from the one in the path")
    call.system.auth_schemes[scheme_id] = call.body
    return shown_scheme(call.body)


@handles("ListTemplates")
def list_templates(call: Call) -> Body:
    templates = [one.written() for one in _templates(call)]
    return {"totalCount": len(templates), "items": templates}


def _templates(call: Call) -> list[Template]:
    organisation = call.organisation
    wanted = call.query.get("env_id")
    return [
        one
        for one in organisation.templates.values()
        if organisation.environments[one.environment].project == call.project.id
        and wanted in (None, one.environment)
    ]


@handles("CreateTemplate")
def create_template(call: Call) -> Body:
    """Takes over the auth schemes that the system has by then."""
    environment = call.environment(call.body["environmentId"])
    if environment.project != call.project.id:
        raise missing("environment", environment.id)
    system = call.organisation.systems.get(call.body["systemId"])
    if system is None:
        raise missing("system", call.body["systemId"])
    _check_name(call, environment.id, call.body["name"])
    template = Template(
        environment=environment.id,
        system=system,
        name=call.body["name"],
        dynamic=call.body.get("dynamic", False),
        scheme_ids=list(system.auth_schemes),
    )
    call.organisation.templates[template.id] = template
    return template.written()


def _check_name(call: Call, environment: str, name: str) -> None:
    templates = call.organisation.templates.values()
    if any(one.name == name and one.environment == environment for one in templates):
        raise taken("connection template", name)


@handles("UpdateTemplate")
def update_template(call: Call) -> Body:
    template = call.template
    name = call.body.get("name", template.name)
    if name != template.name:
        _check_name(call, template.environment, name)
    scheme_ids = call.body.get("authSchemeConfigIds", template.scheme_ids)
    for scheme_id in scheme_ids:
        if scheme_id not in template.system.auth_schemes:
            raise missing("auth scheme", scheme_id)
    template.name = name
    template.dynamic = call.body.get("dynamic", template.dynamic)
    template.scheme_ids = scheme_ids
    return template.written()


@handles("DeleteTemplate")
def delete_template(call: Call) -> None:
    del call.organisation.templates[call.template.id]
