"""The command line's calls that change something, each as it is shown and as it is run."""

from collections.abc import Mapping, Sequence

from pipeline.artifacts import SourceFile
from pipeline.plan.model import Variable
from pipeline.platforms.versori.executable import Call

PROJECT_FOLDER = "project"

# Values follow their flag after `=`, so that none of them is ever read as a flag.


def create_project(name: str) -> Call:
    return Call(["projects", "create", f"--name={name}"])


def create_environment(project: str, source: str, name: str) -> Call:
    return Call(
        ["projects", "environments", "create", f"--project={project}", f"--old-env={source}",
         f"--new-env={name}"]
    )  # fmt: skip


def create_system(name: str, domain: str, base_url: str) -> Call:
    return Call(
        ["systems", "create", f"--name={name}", f"--domain={domain}",
         f"--template-base-url={base_url}"]
    )  # fmt: skip


def add_auth_scheme(system: str, flags: Sequence[str]) -> Call:
    return Call(["systems", "add-auth-scheme", f"--system-id={system}", *flags])


def link_system(project: str, environment: str, system: str, name: str, *, dynamic: bool) -> Call:
    flags = ["--dynamic"] if dynamic else []
    return Call(
        ["projects", "systems", "add", f"--project={project}", f"--system={system}",
         f"--name={name}", f"--environment={environment}", *flags]
    )  # fmt: skip


def add_variable(project: str, variable: Variable) -> Call:
    return Call(
        ["projects", "variables", "add", f"--project={project}", f"--name={variable.name}",
         f"--type={variable.type}", f"--description={variable.description}"]
    )  # fmt: skip


def create_connection(
    project: str,
    environment: str,
    template: str,
    name: str,
    flags: Sequence[str],
    secrets: Mapping[str, str],
) -> Call:
    arguments = ["connections", "create", f"--project={project}", f"--environment={environment}"]
    arguments += [f"--name={name}", f"--template-id={template}", *flags]
    return Call(arguments, secrets)


def upload_asset(project: str, name: str, content: str) -> Call:
    return Call(
        ["projects", "assets", "upload", f"--project={project}", f"--file={name}"],
        files=[SourceFile(path=name, content=content)],
    )


def create_version(
    project: str, name: str, description: str, files: Sequence[SourceFile], *, dry_run: bool = False
) -> Call:
    arguments = ["projects", "versions", "create", f"--project={project}", f"--name={name}"]
    arguments += [f"--description={description}", f"--directory={PROJECT_FOLDER}"]
    inside = [file.model_copy(update={"path": f"{PROJECT_FOLDER}/{file.path}"}) for file in files]
    return Call([*arguments, "--dry-run"] if dry_run else arguments, files=inside)


def deploy(project: str, environment: str, version: str) -> Call:
    return Call(
        ["projects", "versions", "deploy", f"--project={project}", f"--version-id={version}",
         f"--environment={environment}"]
    )  # fmt: skip


def promote(project: str, source: str, target: str) -> Call:
    return Call(
        ["projects", "environments", "promote", f"--project={project}", f"--source={source}",
         f"--target={target}"]
    )  # fmt: skip


def create_channel(name: str, email: str) -> Call:
    return Call(["notifications", "channels", "create", f"--name={name}", f"--email={email}"])


def link_channel(project: str, environment: str, channel: str, name: str) -> Call:
    return Call(
        ["notifications", "project", "link", f"--project={project}", f"--channel-id={channel}",
         f"--environment={environment}", f"--name={name}"]
    )  # fmt: skip
