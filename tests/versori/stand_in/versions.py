"""`versori projects versions …` and `projects deploy`: the files of a project, and what is live."""

from fnmatch import fnmatch
from pathlib import Path

from tests.versori.stand_in.parsing import command
from tests.versori.stand_in.running import Body, Failure, Running, prompt

SHOWN = ("id", "name", "description", "state")


def _files(folder: Path) -> list[Body]:
    """All files but those that the folder's .gitignore names; the simple patterns of one only."""
    if not folder.is_dir():
        raise Failure(
            "failed to collect local files", f"lstat {folder.absolute()}: no such file or directory"
        )
    ignore = folder / ".gitignore"
    patterns = ignore.read_text().split() if ignore.is_file() else []
    return [
        {"filename": name, "content": path.read_text()}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _ignored(name := path.relative_to(folder).as_posix(), patterns)
    ]


def _ignored(name: str, patterns: list[str]) -> bool:
    parts = [*name.split("/")]
    return ".git" in parts[:-1] or any(
        fnmatch(name, pattern.strip("/")) or any(fnmatch(one, pattern.rstrip("/")) for one in parts)
        for pattern in patterns
    )


def _listed(files: list[Body]) -> None:
    for file in files:
        print(f"  {file['filename']}")


@command(
    "projects versions create",
    "project name description directory dry-run?",
    shorthands={"n": "name", "d": "directory"},
)
def create(running: Running) -> None:
    name = running.text("name") or prompt("failed to get version name from editor")
    description = running.text("description") or prompt(
        "failed to get version description from editor"
    )
    files = _files(Path(running.text("directory") or "."))
    if running.values.get("dry-run"):
        print(f"New version {name} for project {running.project} would be created with files:")
        _listed(files)
        return
    body = {"name": name, "description": description, "files": files}
    path = f"projects/{running.project}/versions"
    made = running.of_organisation("POST", path, body, failing="push new version")
    running.show({**{field: made[field] for field in SHOWN}, "createdAt": ""})


@command("projects versions list", "project limit")
def list_versions(running: Running) -> None:
    first = running.text("limit") or "20"
    path = f"projects/{running.project}/versions"
    body = running.of_organisation("GET", path, failing="list versions", first=first)
    versions = [
        {
            **{field: one[field] for field in SHOWN},
            "createdAt": one["createdAt"].partition(".")[0] + "Z",
        }
        for one in body["items"]
    ]
    running.show_list("VersionSummary", versions)


@command(
    "projects versions deploy",
    "project environment version-id",
    required="environment version-id",
)
def deploy_version(running: Running) -> None:
    path = f"projects/{running.project}/versions/{running.text('version-id')}/deploy"
    environment = running.text("environment")
    running.of_organisation("PUT", path, failing="deploy version", project_env=environment)


@command(
    "projects versions pull",
    "project version directory dry-run?",
    shorthands={"d": "directory"},
)
def pull(running: Running) -> None:
    version = running.text("version") or prompt("failed to select version")
    path = f"projects/{running.project}/versions/{version}/files"
    body = running.of_organisation("GET", path, failing="get version files")
    folder = Path(running.text("directory") or ".")
    if running.values.get("dry-run"):
        print(f"The following files would be pulled into the target directory: {folder}")
        _listed(body["files"])
        return
    for file in body["files"]:
        target = folder / file["filename"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file["content"])


@command(
    "projects deploy",
    "project environment directory version description dry-run? assets?",
    required="environment",
    shorthands={"d": "directory"},
)
def deploy(running: Running) -> None:
    files = _files(Path(running.text("directory") or "."))
    path = f"projects/{running.project}/deploy"
    if running.values.get("dry-run"):
        print("Files that would be uploaded:")
        _listed(files)
        return
    body = {"files": files, "labels": {}, "versionName": running.text("version") or "unnamed"}
    if description := running.text("description"):
        body["versionDescription"] = description
    environment = running.text("environment")
    running.of_organisation("PUT", path, body, failing="deploy", project_env=environment)
