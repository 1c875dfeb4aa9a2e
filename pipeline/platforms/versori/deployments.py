"""Versions of a project, which of them is live where, and what it logs."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from pipeline.analysts.assignment import current_assignment
from pipeline.artifacts import SourceFile
from pipeline.errors import PlatformError
from pipeline.platforms.versori import calls
from pipeline.platforms.versori.connections import unconnected
from pipeline.platforms.versori.executable import Call
from pipeline.platforms.versori.project import Project, is_id
from pipeline.platforms.versori.session import Item, Session
from pipeline.platforms.versori.setting_up import details, environment, links
from pipeline.ports import DeploymentInfo, LogLine, VersionSpec

_LEFT_OUT = frozenset((".gitignore",))  # names itself, so that no sync deletes it
_OURS = frozenset(("deno.json",))  # leads to Weft's copy of the Run SDK; Versori has the real one
_LATEST_VERSIONS = 1000
_POLL_SECONDS = 1.0
_BUILDS_FOR_SECONDS = 180
_WEBHOOK = re.compile(r"\bwebhook\(\s*(?:[\"'`]([^\"'`]+)[\"'`]|(\w+))")
_MOST_LINES = 1000
_WINDOWS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))


# ---- Versions ----------------------------------------------------------------------------------


def find_version(session: Session, project: Project, name: str) -> str | None:
    arguments = ["projects", "versions", "list", f"--project={project.id}"]
    listed = session.items(Call([*arguments, f"--limit={_LATEST_VERSIONS}"]))
    return next((one["id"] for one in listed if one["name"] == name), None)


def create_version(session: Session, project: Project, spec: VersionSpec) -> str:
    details(session, project)
    if find_version(session, project, spec.name):
        raise PlatformError(
            f"The version {spec.name} is on Versori already, and versions never change: name the "
            "new one otherwise."
        )
    description = spec.description or spec.name  # without one it would ask for it
    files = [file for file in spec.files if file.path not in _OURS]
    dry = calls.create_version(project.id, spec.name, description, files, dry_run=True)
    _check_complete(session.run(dry), files)
    made = session.item(calls.create_version(project.id, spec.name, description, files))
    return str(made["id"])


def _check_complete(printed: str, files: Sequence[SourceFile]) -> None:
    """The command line leaves out what the project's own `.gitignore` names."""
    would = {line.strip() for line in printed.splitlines()}
    missing = sorted({file.path for file in files} - would - _LEFT_OUT)
    if missing:
        raise PlatformError(
            f"The project's .gitignore keeps {', '.join(missing)} out of the version: take that "
            "out of it."
        )


# ---- What is live ------------------------------------------------------------------------------


def deploy(session: Session, project: Project, version: str, target: str) -> DeploymentInfo:
    if not is_id(version):
        raise PlatformError(f"There is no version “{version}” on Versori.")
    session.run(calls.deploy(project.id, target, version))
    return _once_live(session, project, target, version)


def promote(session: Session, project: Project, source: str, target: str) -> DeploymentInfo:
    live = deployment(session, project, source)
    if live is None:
        raise PlatformError(f"Nothing is live on {source}: deploy there first.")
    there = {one["name"] for one in links(session, project, target)}
    wanted = {one["name"] for one in links(session, project, source)}
    missing = sorted(wanted - there | set(unconnected(session, project, target)))
    if missing:
        raise PlatformError(f"Connect {', '.join(missing)} on {target} first.")
    session.run(calls.promote(project.id, source, target))
    return _once_live(session, project, target, live.version_id)


def deployment(session: Session, project: Project, target: str) -> DeploymentInfo | None:
    """None where nothing runs: a draft, or one that was stopped."""
    found = environment(session, project, target)
    if found is None or not found.get("deployedVersion"):
        return None
    if found["status"] in ("draft", "suspended"):
        return None
    return _info(session, project, found)


def stop(session: Session, project: Project, target: str) -> None:
    """The command line can't; suspended is what can be deployed again."""
    if deployment(session, project, target) is not None:
        session.request(
            "POST", f"projects/{project.id}/suspend", parameters={"environment": target}
        )


def _once_live(session: Session, project: Project, target: str, version: str) -> DeploymentInfo:
    """Building takes a while; a deployment that failed or is not done by then is told as it is."""
    for _ in range(int(_BUILDS_FOR_SECONDS / _POLL_SECONDS)):
        found = environment(session, project, target)
        if found is None:
            raise PlatformError(f"There is no environment {target} in {project.id} any more.")
        same = (found.get("deployedVersion") or {}).get("id") == version
        if same and found["status"] in ("running", "error"):
            return _info(session, project, found)
        current_assignment().cancellation.wait(_POLL_SECONDS)
    raise PlatformError(
        f"Versori has not made the version live on {target} yet. Say “retry” to look again.",
        retryable=True,
    )


def _info(session: Session, project: Project, found: Item) -> DeploymentInfo:
    version, url = str(found["deployedVersion"]["id"]), str(found["publicUrl"]).rstrip("/")
    healthy = found["status"] == "running"
    return DeploymentInfo(
        version_id=version,
        url=url,
        webhooks={one: f"{url}/{one}" for one in _webhooks(session, project, version)},
        healthy=healthy,
        detail="" if healthy else f"Versori calls it “{found['status']}”; its logs say why",
    )


@lru_cache(maxsize=256)
def _webhooks(session: Session, project: Project, version: str) -> tuple[str, ...]:
    """The ids of its webhooks; a version never changes, so they are read once."""
    path = f"projects/{project.id}/versions/{version}/files"
    sources = [
        str(file.get("content", ""))
        for file in session.request("GET", path).get("files") or []
        if str(file.get("filename", "")).endswith(".ts")
        and not str(file["filename"]).endswith(".test.ts")
    ]
    return tuple(dict.fromkeys(one for source in sources for one in _webhook_ids(source)))


def _webhook_ids(source: str) -> Iterable[str]:
    for literal, constant in _WEBHOOK.findall(source):
        if literal:
            yield literal
        elif named := re.search(rf"\bconst {constant}\b[^=;]*=\s*[\"'`]([^\"'`]+)", source):
            yield named[1]


# ---- Logs --------------------------------------------------------------------------------------


def logs(
    session: Session, project: Project, target: str, after: datetime | None, limit: int
) -> list[LogLine]:
    """The latest lines, oldest first. Versori gives the oldest of a window, so windows grow."""
    now = datetime.now(UTC)
    windows = _WINDOWS if after is None else (now - after + timedelta(seconds=2),)
    lines: list[LogLine] = []
    for window in windows:
        lines = _window(session, project, target, window)
        if len(lines) >= limit:
            break
    kept = [line for line in lines if after is None or line.at > after]
    return sorted(kept, key=lambda line: line.at)[-limit:] if limit > 0 else []


def _window(session: Session, project: Project, target: str, window: timedelta) -> list[LogLine]:
    seconds = max(1, int(window.total_seconds()))
    arguments = ["projects", "logs", f"--project={project.id}", f"--environment={target}"]
    printed = session.run(Call([*arguments, f"--since={seconds}s", f"--limit={_MOST_LINES}"]))
    return [line for text in printed.splitlines() if (line := _line(text)) is not None]


def _line(text: str) -> LogLine | None:
    try:
        content = json.loads(text)
        at = datetime.fromisoformat(content["timestamp"])
    except (ValueError, KeyError, TypeError):
        return None  # not a line of the log
    fields = dict(content.get("fields") or {})
    if content.get("error"):
        fields["error"] = content["error"]
    execution = fields.get("executionId")
    return LogLine(
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        level=str(content.get("severity", "info")).lower(),
        message=str(content.get("message", "")),
        fields=fields,
        execution_id=str(execution) if execution else None,
    )
