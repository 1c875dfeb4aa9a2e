"""`versori projects …`: projects themselves, environments, logs, assets."""

import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.versori.stand_in.parsing import command
from tests.versori.stand_in.running import FIXED_HOST, Body, Failure, Refused, Running, prompt, send

CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".json": "application/json",
    ".yaml": "text/yaml",
    ".yml": "text/yaml",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
FOLDERS = ("attachments/raw", "research/documents", "research/workflows")
DURATION = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s)")
SECONDS = {"h": 3600, "m": 60, "s": 1, "ms": 0.001}


def _summary(project: Body) -> Body:
    environments = project["environments"]
    return {
        "id": project["id"],
        "name": project["name"],
        "deployed": any(one["status"] == "running" for one in environments),
        "starred": project["starred"],
        "environments": [one["name"] for one in environments],
    }


@command("projects list", "starred?")
def list_projects(running: Running) -> None:
    starred = {"starred": "true"} if running.values.get("starred") else {}
    body = running.of_organisation("GET", "projects", failing="list projects", **starred)
    summaries = sorted(map(_summary, body["projects"]), key=lambda one: one["name"])
    running.show_list("ProjectSummary", summaries)


@command("projects create", "name", shorthands={"n": "name"})
def create(running: Running) -> None:
    body = {"name": running.asked("name", "project name")}
    project = running.of_organisation("POST", "projects", body, failing="create project")
    running.show(_summary(project))


@command("projects details")
def details(running: Running) -> None:
    if not running.positional:
        running.of_organisation("GET", "projects", failing="list projects")
        prompt("failed to read project selection")
    path = f"projects/{running.positional[0]}"
    project = running.of_organisation("GET", path, failing="get project")
    environments = [
        {
            "id": one["id"],
            "name": one["name"],
            "publicUrl": one["publicUrl"],
            "status": one["status"],
            "provisioner": one.get("executionPool", ""),
            "config": one["config"],
            **{name: one[name] for name in ("deployedVersion",) if name in one},
        }
        for one in project["environments"]
    ]
    running.show(_summary(project) | {"environments": environments})


@command(
    "projects environments create",
    "project old-env new-env execution-pool clone-systems? copy-static-user-variables?",
    required="new-env old-env project",
)
def create_environment(running: Running) -> None:
    name = running.text("new-env")
    body: Body = {"oldEnvName": running.text("old-env"), "newEnvName": name}
    if running.values.get("clone-systems"):
        body["cloneSystems"] = True
    if running.values.get("copy-static-user-variables"):
        body["copyStaticUserVariables"] = True
    path = f"projects/{running.project}/environments/clone"
    project = running.of_organisation("POST", path, body, failing="create environment")
    made = next(one for one in project["environments"] if one["name"] == name)
    fields = ("id", "name", "status", "publicUrl")
    running.show({**{field: made[field] for field in fields}, "executionPool": ""})


@command("projects environments promote", "project source target", required="source target")
def promote(running: Running) -> None:
    body = {
        "sourceEnvName": running.text("source"),
        "targetEnvName": running.text("target"),
    }
    path = f"projects/{running.project}/environments/sync"
    project = running.of_organisation("POST", path, body, failing="promote environment")
    names = [one["name"] for one in project["environments"]]
    running.show({"id": project["id"], "name": project["name"], "environments": names})


@command("projects logs", "project environment since limit search", required="environment")
def logs(running: Running) -> None:
    end = datetime.now(UTC)
    start = end - _duration(running.text("since") or "24h")
    query = {
        "project_env": running.text("environment"),
        "order": "asc",
        "latest": "false",
        "start": _written(start),
        "end": _written(end),
    }
    if search := running.text("search"):
        query["search"] = search
    if limit := running.text("limit"):
        query["first"] = limit
    path = f"projects/{running.project}/logs"
    body = running.of_organisation("GET", path, failing="retrieve logs", **query)
    plain = Running({"output": "json"}, [], {})
    for line in body["logs"]:
        plain.show({"fields": {}, "error": "", **line})
        print()


def _duration(text: str) -> timedelta:
    parts = DURATION.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        reason = f'time: invalid duration "{text}"'
        raise Failure("invalid --since duration, must be a valid Go duration", reason)
    return timedelta(seconds=sum(float(number) * SECONDS[unit] for number, unit in parts))


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@command("projects asset upload", "project file folder", required="file", shorthands={"f": "file"})
def upload(running: Running) -> None:
    project = running.project
    folder = running.text("folder") or FOLDERS[1]
    if folder not in FOLDERS:
        raise Failure(f'invalid folder "{folder}" — allowed values: {", ".join(FOLDERS)}')
    file = Path(running.text("file"))
    if not file.exists():
        raise Failure("failed to stat file", f"stat {file}: no such file or directory")
    content_type = CONTENT_TYPES.get(file.suffix.lower())
    if content_type is None:
        allowed = "PDF, TXT, Markdown, JSON, YAML, JPEG, PNG, GIF, WebP"
        raise Failure(f'unsupported file type "{file.suffix}" — allowed types: {allowed}')
    content = file.read_bytes()
    body = {
        "contentType": content_type,
        "contentLength": len(content),
        "filename": file.name,
        "folder": folder,
    }
    path = f"assets/organisations/{running.organisation_id}/{project}/signed-url"
    signed = running.call("POST", path, body, failing="get signed URL", host=FIXED_HOST)
    try:
        send("PUT", signed["uploadURL"], content, {"Content-Type": content_type})
    except Refused as refused:
        raise Failure("upload failed", str(refused)) from None
    sys.stdout.write(f'Successfully uploaded "{file.name}"\nAsset URL: {signed["url"]}\n')


@command("projects asset list", "project")
def list_assets(running: Running) -> None:
    path = f"assets/organisations/{running.organisation_id}/{running.project}"
    body = running.call("GET", path, failing="list assets", host=FIXED_HOST)
    assets = [
        {
            "Name": one["name"],
            "Size": str(one["size"]),
            "ContentType": one["contentType"],
            "Path": one["path"],
            "DownloadURL": one["downloadUrl"],
            "LastModified": one["lastModified"],
        }
        for one in body["assets"]
    ]
    running.show_list("printableAsset", assets)
