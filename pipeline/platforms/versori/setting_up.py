"""Projects, environments, systems and their links: each is looked for before it is made."""

from pipeline.errors import PlatformError
from pipeline.plan.roots import stripped
from pipeline.platforms.versori import calls
from pipeline.platforms.versori.addresses import host
from pipeline.platforms.versori.auth import is_own, scheme_flags
from pipeline.platforms.versori.executable import Call
from pipeline.platforms.versori.project import Project, is_id
from pipeline.platforms.versori.session import Item, Session
from pipeline.ports import ProjectSpec, SystemSpec

_OWN_LENGTH = 8


# ---- Projects and environments -----------------------------------------------------------------


def project_name(spec: ProjectSpec) -> str:
    """Two integrations may have one title; their projects are told apart by their ids' ends."""
    return f"{spec.name} ({spec.integration_id[-_OWN_LENGTH:]})"


def find_project(session: Session, spec: ProjectSpec) -> str | None:
    listed = session.items(Call(["projects", "list"]))
    if spec.existing:
        return _existing(listed, spec.existing)
    return next((item["id"] for item in listed if item["name"] == project_name(spec)), None)


def _existing(listed: list[Item], asked: str) -> str:
    found = [item["id"] for item in listed if asked in (item["id"], item["name"])]
    if len(found) != 1:
        how_many = "There is no" if not found else "There is more than one"
        raise PlatformError(
            f"{how_many} project “{asked}” in this organisation of Versori: name one by its id."
        )
    return str(found[0])


def environments(session: Session, project: Project) -> list[Item]:
    return list(details(session, project).get("environments") or [])


def details(session: Session, project: Project) -> Item:
    return session.item(Call(["projects", "details", project.id]))


def environment(session: Session, project: Project, name: str) -> Item | None:
    return next((one for one in environments(session, project) if one["name"] == name), None)


def ensure_environment(session: Session, project: Project, name: str) -> None:
    there = environments(session, project)
    if any(one["name"] == name for one in there):
        return
    if not there:
        raise PlatformError(f"The project {project.id} has no environment: add one on Versori.")
    session.run(calls.create_environment(project.id, str(there[0]["name"]), name))


# ---- Systems -----------------------------------------------------------------------------------


def system_name(project: Project, spec: SystemSpec) -> str:
    """Systems are the organisation's; what is one account's is named for its project."""
    return f"{spec.name}-{project.id[-_OWN_LENGTH:].lower()}" if is_own(spec) else spec.name


def domain(spec: SystemSpec) -> str:
    return host(spec.base_url) or f"{spec.name}.invalid"


def find_system(session: Session, project: Project, spec: SystemSpec) -> str | None:
    """One of that name and address that already has the auth scheme."""
    found = _system(session, project, spec)
    return str(found["id"]) if found and _has_scheme(found, spec) else None


def create_system(session: Session, project: Project, spec: SystemSpec) -> str:
    """The system and its auth scheme, which an interrupted call may have left out."""
    details(session, project)
    flags = scheme_flags(spec)
    found = _system(session, project, spec) or session.item(
        calls.create_system(system_name(project, spec), domain(spec), stripped(spec.base_url))
    )
    if not _has_scheme(found, spec):
        session.run(calls.add_auth_scheme(found["id"], flags))
    return str(found["id"])


def _system(session: Session, project: Project, spec: SystemSpec) -> Item | None:
    # The command line lists the first twenty systems only, so this asks the API.
    name = system_name(project, spec)
    named = [one for one in session.pages("systems", {"search": name}) if one["name"] == name]
    if is_own(spec):
        return named[0] if named else None
    return next((one for one in named if one["templateBaseUrl"] == stripped(spec.base_url)), None)


def _has_scheme(system: Item, spec: SystemSpec) -> bool:
    types = {one.get("type") for one in system.get("authSchemeConfigs") or []}
    return spec.auth.type in types


# ---- Links -------------------------------------------------------------------------------------


def links(session: Session, project: Project, environment_name: str) -> list[Item]:
    return of_environment(session, project, environment_name, "list")


def of_environment(
    session: Session, project: Project, environment_name: str, listing: str
) -> list[Item]:
    """A listing of `projects systems`; empty where there is no such environment yet."""
    arguments = ["projects", "systems", listing, f"--project={project.id}"]
    try:
        return session.items(Call([*arguments, f"--environment={environment_name}"]))
    except PlatformError:
        if environment(session, project, environment_name) is None:
            return []
        raise


def find_link(
    session: Session, project: Project, environment_name: str, system_id: str
) -> str | None:
    linked = links(session, project, environment_name)
    return next((one["connectionTemplateId"] for one in linked if one["id"] == system_id), None)


def link_system(
    session: Session, project: Project, environment_name: str, system_id: str, *, dynamic: bool
) -> str:
    if not is_id(system_id):
        raise PlatformError(f"There is no system “{system_id}” on Versori: set it up again.")
    ensure_environment(session, project, environment_name)
    name = _plain_name(session.request("GET", f"systems/{system_id}"), project)
    if any(one["name"] == name for one in links(session, project, environment_name)):
        raise PlatformError(
            f"“{name}” is linked to another system on {environment_name}: remove that link at "
            f"{project.page(session.context.organisation_id)}, then say “retry”."
        )
    session.run(calls.link_system(project.id, environment_name, system_id, name, dynamic=dynamic))
    made = find_link(session, project, environment_name, system_id)
    if made is None:
        raise PlatformError(
            f"“{name}” is not linked to {environment_name} after linking it. Say “retry”."
        )
    return made


def _plain_name(system: Item, project: Project) -> str:
    """The name that generated code uses: `connection: "shopify"`."""
    return str(system["name"]).removesuffix(f"-{project.id[-_OWN_LENGTH:].lower()}")


def link_named(session: Session, project: Project, environment_name: str, system: str) -> Item:
    linked = links(session, project, environment_name)
    for one in linked:
        if one["name"] == system:
            return one
    raise PlatformError(
        f"“{system}” is not linked to {environment_name} on Versori: approve the set-up again."
    )
