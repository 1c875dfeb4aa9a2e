"""Projects, their environments, versions, deployments and logs."""

from tests.versori.behaviour.call import Call, handles, missing, taken, wrong
from tests.versori.state import Body, Deployment, Environment, Project, Template, Version

FIRST_ENVIRONMENT = "production"
MOST_ENVIRONMENTS = 5


def _written(call: Call, project: Project) -> Body:
    environments = call.organisation.environments.values()
    return {
        "id": project.id,
        "name": project.name,
        "environments": [one.written() for one in environments if one.project == project.id],
        "currentFiles": {"files": project.files, "labels": {}},
        "settings": {},
        "metadata": {},
        "starred": False,
        "createdAt": project.created_at,
        "updatedAt": project.created_at,
    }


def _new_environment(call: Call, project: Project, name: str) -> Environment:
    environment = Environment(project=project.id, name=name, public_url="")
    environment.public_url = f"{call.url}/run/{environment.id.lower()}"
    call.organisation.environments[environment.id] = environment
    return environment


@handles("ListProjects")
def list_projects(call: Call) -> Body:
    projects = call.organisation.projects.values()
    starred = call.query.get("starred") == "true"
    return {"projects": [] if starred else [_written(call, one) for one in projects]}


@handles("CreateProject")
def create_project(call: Call) -> Body:
    project = Project(name=call.body["name"])
    call.organisation.projects[project.id] = project
    _new_environment(call, project, FIRST_ENVIRONMENT)
    return _written(call, project)


@handles("GetProject")
def get_project(call: Call) -> Body:
    return _written(call, call.project)


@handles("CloneEnvironment")
def clone_environment(call: Call) -> Body:
    source = call.named_environment(call.body["oldEnvName"])
    name = call.body["newEnvName"]
    if call.organisation.environment(call.project.id, name):
        raise taken("environment", name)
    if len(_written(call, call.project)["environments"]) >= MOST_ENVIRONMENTS:
        raise wrong(f"a project has at most {MOST_ENVIRONMENTS} environments")
    environment = _new_environment(call, call.project, name)
    if call.body.get("copyStaticUserVariables"):
        environment.variables = dict(source.variables)
    if call.body.get("cloneSystems"):
        for template in _templates(call, source):
            copy = Template(
                environment=environment.id,
                system=template.system,
                name=template.name,
                dynamic=template.dynamic,
                scheme_ids=list(template.scheme_ids),
            )
            call.organisation.templates[copy.id] = copy
    return _written(call, call.project)


@handles("SyncEnvironments")
def sync_environments(call: Call) -> Body:
    source = call.named_environment(call.body["sourceEnvName"])
    target = call.named_environment(call.body["targetEnvName"])
    if source.deployed is None:
        raise wrong("nothing is deployed on the source environment", source.name)
    return _deploy(call, source.deployed, target)


@handles("SuspendProject")
def suspend(call: Call) -> Body:
    call.named_environment(call.query["environment"]).status = "suspended"
    return _written(call, call.project)


@handles("GetVariablesSchema")
def get_variables_schema(call: Call) -> Body | None:
    return call.project.variables_schema


@handles("SetVariablesSchema")
def set_variables_schema(call: Call) -> Body:
    if call.body.get("type") != "object":
        raise wrong("the schema of variables must be of type object")
    schema: Body = call.body
    call.project.variables_schema = schema
    return schema


def _versions(call: Call) -> list[Version]:
    """The newest first."""
    versions = call.organisation.versions.values()
    return [one for one in reversed(versions) if one.project == call.project.id]


def _version(call: Call) -> Version:
    version = call.organisation.versions.get(call.path["version_id"])
    if version is None or version.project != call.project.id:
        raise missing("version", call.path["version_id"])
    return version


@handles("ListVersions")
def list_versions(call: Call) -> Body:
    return call.page([one.written() for one in _versions(call)])


def _new_version(call: Call, name: str, description: str) -> Version:
    if any(one.name == name for one in _versions(call)):
        raise taken("version", name)
    if not call.body["files"]:
        raise wrong("a version needs files")
    version = Version(
        project=call.project.id, name=name, description=description, files=call.body["files"]
    )
    call.organisation.versions[version.id] = version
    return version


@handles("CreateVersion")
def create_version(call: Call) -> Body:
    return _new_version(call, call.body["name"], call.body.get("description", "")).written()


@handles("GetVersionFiles")
def get_version_files(call: Call) -> Body:
    return {"files": _version(call).files, "labels": {}}


@handles("GetFiles")
def get_files(call: Call) -> Body:
    return {"files": call.project.files, "labels": {}}


@handles("UpdateFiles")
def update_files(call: Call) -> Body:
    call.project.files = call.body["files"]
    return {"files": call.project.files, "labels": {}}


def _templates(call: Call, environment: Environment) -> list[Template]:
    templates = call.organisation.templates.values()
    return [one for one in templates if one.environment == environment.id]


def _check_connected(call: Call, environment: Environment) -> None:
    lacking = [
        one.name for one in _templates(call, environment) if not one.dynamic and not one.connection
    ]
    if lacking:
        raise wrong(
            "Failed to build config json",
            f"missing connections for the following systems: {', '.join(lacking)}",
        )


def _deploy(call: Call, version: Version, environment: Environment) -> Body:
    _check_connected(call, environment)
    environment.deployed = version
    environment.status = call.organisation.deploys_as
    call.project.files = version.files
    call.organisation.deployments.append(Deployment(environment=environment.id, version=version))
    return _written(call, call.project)


@handles("DeployVersion")
def deploy_version(call: Call) -> Body:
    environment = call.named_environment(call.query.get("project_env", FIRST_ENVIRONMENT))
    return _deploy(call, _version(call), environment)


@handles("DeployProject")
def deploy_project(call: Call) -> Body:
    environment = call.named_environment(call.query.get("project_env", FIRST_ENVIRONMENT))
    _check_connected(call, environment)
    description = call.body.get("versionDescription", "")
    version = _new_version(call, call.body["versionName"], description)
    return _deploy(call, version, environment)


@handles("GetLogs")
def get_logs(call: Call) -> Body:
    environment = call.named_environment(call.query.get("project_env", FIRST_ENVIRONMENT))
    lines = [
        one.written()
        for one in call.organisation.logs
        if one.environment == environment.id
        and call.query.get("search", "").lower() in f"{one.message} {one.fields}".lower()
        and call.query.get("start", "") <= one.at <= call.query.get("end", "9")
    ]
    if call.query.get("order") == "desc":
        lines.reverse()
    first = int(call.query.get("first", "0"))
    return {"logs": lines[:first] if first else lines}
