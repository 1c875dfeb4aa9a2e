"""The calls that a set-up will take, for a person to approve before any is run."""

from collections.abc import Iterator, Sequence

from pipeline.plan.roots import stripped
from pipeline.plan.words import show_auth
from pipeline.platforms.versori import calls
from pipeline.platforms.versori.addresses import is_open
from pipeline.platforms.versori.auth import is_by_hand, is_own, scheme_flags, shown_variables
from pipeline.platforms.versori.executable import Call
from pipeline.platforms.versori.notifications import channel_name
from pipeline.platforms.versori.setting_up import domain, project_name
from pipeline.ports import ProjectSpec, SystemSpec
from pipeline.replies import Command

_PROJECT = "PROJECT"
_LEFT_AS_IT_IS = "what is there already is left as it is"


def commands(
    project: ProjectSpec, environment: str, systems: Sequence[SystemSpec], email: str | None
) -> list[Command]:
    """Ids that are not known yet stand in capitals, secrets as `$NAME`."""
    shown = [_project(project), _environment(environment)]
    for system in systems:
        shown += _system(system, environment)
    for variable in project.variables:
        call = calls.add_variable(_PROJECT, variable)
        shown.append(_shown(call, f"declares {variable.name}", f"variable:{variable.name}"))
    for system in systems:
        if not system.dynamic:
            shown.append(_connection(project, system, environment))
    return [*shown, *_deployment(environment, email)]


def _project(project: ProjectSpec) -> Command:
    if project.existing:
        return Command(
            text=str(Call(["projects", "list"])),
            changes=f"nothing: it finds “{project.existing}”, whose live version will be replaced",
            about="project",
        )
    call = calls.create_project(project_name(project))
    return _shown(call, f"a new project, “{project.name}”", "project")


def _environment(environment: str) -> Command:
    call = calls.create_environment(_PROJECT, "FIRST", environment)
    return _shown(call, f"the environment {environment}; {_LEFT_AS_IT_IS}", "environment")


def _system(system: SystemSpec, environment: str) -> Iterator[Command]:
    name, reference = system.display_name, f"{system.name.upper()}-SYSTEM"
    whose = "this project's" if is_own(system) else "the organisation's"
    own = f"{system.name}-{_PROJECT}" if is_own(system) else system.name
    create = calls.create_system(own, domain(system), stripped(system.base_url))
    about = f"system:{system.name}"
    yield _shown(create, f"{whose} system {name} at {system.base_url}; {_LEFT_AS_IT_IS}", about)
    yield _shown(
        calls.add_auth_scheme(reference, scheme_flags(system)),
        f"{name} takes {show_auth(system.auth)}",
        about,
    )
    link = calls.link_system(_PROJECT, environment, reference, system.name, dynamic=system.dynamic)
    each = "each end user can connect it" if system.dynamic else "it can be connected"
    yield _shown(link, f"{each} on {environment}", f"link:{system.name}")


def _connection(project: ProjectSpec, system: SystemSpec, environment: str) -> Command:
    about = f"connection:{system.name}"
    if is_by_hand(system.auth):
        return Command(
            text=f"https://ai.versori.com/integrations/{_PROJECT}",
            changes=f"you connect {system.display_name} there; it can't be done from here",
            about=about,
        )
    flags = (
        ["--bypass"] if system.auth.type == "none" else shown_variables(system.name, system.auth)
    )
    if is_open(system.base_url) and system.auth.type != "none":
        flags.append(f"--base-url={stripped(system.base_url)}")
    call = calls.create_connection(
        _PROJECT, environment, f"{system.name.upper()}-LINK",
        f"{system.name}-{environment}-{project.integration_id}", flags, {},
    )  # fmt: skip
    return _shown(call, f"your credentials for {system.display_name}", about)


def _deployment(environment: str, email: str | None) -> Iterator[Command]:
    if email:
        create = calls.create_channel(channel_name(email), email)
        yield _shown(create, f"issues can be mailed to {email}; {_LEFT_AS_IT_IS}", "channel")
        link = calls.link_channel(_PROJECT, environment, "CHANNEL", channel_name(email))
        yield _shown(link, f"issues on {environment} are mailed", "channel")
    asset = calls.upload_asset(_PROJECT, "research.md", "")
    yield _shown(asset, "the research document, once the code is approved", "deployment")
    version = calls.create_version(_PROJECT, "VERSION", "TITLE", [])
    yield _shown(version, "the approved code, never changed after", "deployment")
    deploy = calls.deploy(_PROJECT, environment, "VERSION-ID")
    yield _shown(deploy, f"makes it live on {environment}, once you say so", "deployment")


def _shown(call: Call, changes: str, about: str) -> Command:
    return Command(text=str(call), changes=changes, about=about)
