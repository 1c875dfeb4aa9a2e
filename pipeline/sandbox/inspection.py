"""What a project may consist of, checked before Deno runs any of it.

Deno asks no permission for what is imported by a literal name, nor for what a configuration
file switches on; so both are read first, and whatever is not known to be harmless is refused.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pipeline.artifacts import Finding
from pipeline.errors import SandboxError
from pipeline.sandbox.project import RUN_SDK_DIRECTORY, deno_json

TOOL = "sandbox"
ALLOWED_BUILTINS = {"node:assert/strict"}
_CONFIGURATION_NAMES = ("deno.json", "deno.jsonc", "package.json")
_SUFFIXES = {".ts", ".md"}
_PLAIN_NAMES = {".gitignore", ".env.example", "LICENSE"}
_SWITCHED_OFF = re.compile(r"@ts-(nocheck|ignore)|deno-(lint|fmt)-ignore-file")
_PACKAGE_KEYS = {
    "name", "version", "description", "private", "license", "type", "module", "dependencies",
}  # fmt: skip
_VERSION = re.compile(r"[\^~]?\d+(\.\d+){0,2}")
_TSCONFIG_KEYS = {"compilerOptions", "include", "exclude", "lib"}


def refused_files(project: Path) -> list[Finding]:
    """Files that are no part of a generated project, or would change what Deno does."""
    _refuse_surroundings(project)
    if not (project / "deno.json").exists():
        return [_finding("deno.json is missing.", Path("deno.json"))]
    return list(_refused(project))


def sources(project: Path) -> list[Path]:
    """The project's own TypeScript files."""
    sdk = project / RUN_SDK_DIRECTORY
    return sorted(path for path in project.rglob("*.ts") if not path.is_relative_to(sdk))


def _refuse_surroundings(project: Path) -> None:
    """Deno obeys configuration above a project too, wherever it finds some."""
    for parent in project.resolve().parents:
        for name in _CONFIGURATION_NAMES:
            if (parent / name).exists():
                raise SandboxError(
                    f"There is a {name} above the sandbox's folder, which Deno would obey:"
                    " remove it, or let Weft work elsewhere (WEFT_HOME)."
                )


def _refused(project: Path) -> Iterator[Finding]:
    for directory, folders, names in os.walk(project):
        for name in sorted(folders + names):
            path = Path(directory, name)
            relative = path.relative_to(project)
            if path.is_symlink():
                yield _finding("Links to other files are refused.", relative)
            elif name in names and (problem := _problem(path, relative)):
                yield _finding(problem, relative)
        folders[:] = [name for name in folders if not Path(directory, name).is_symlink()]


def _problem(path: Path, relative: Path) -> str | None:
    configuration = _CONFIGURATION.get(str(relative))
    if configuration:
        return configuration(path.read_text(encoding="utf-8", errors="replace"))
    if path.suffix == ".ts" and not relative.is_relative_to(RUN_SDK_DIRECTORY):
        text = path.read_text(encoding="utf-8", errors="replace")
        switched_off = _SWITCHED_OFF.search(text)
        return f"May not switch checks off with {switched_off[0]}." if switched_off else None
    if path.suffix in _SUFFIXES or str(relative) in _PLAIN_NAMES:
        return None
    return "A project has no such file: it consists of TypeScript and Markdown."


def _deno_json_problem(text: str) -> str | None:
    return None if text == deno_json() else "deno.json must be the one that Weft writes."


def _package_problem(text: str) -> str | None:
    content = _json_object(text)
    if content is None:
        return "package.json must be a JSON object."
    if unknown := sorted(content.keys() - _PACKAGE_KEYS):
        return f"package.json may not have {', '.join(unknown)}."
    for name, version in content.get("dependencies", {}).items():
        if name != "@versori/run" or not _VERSION.fullmatch(str(version)):
            return "package.json may depend on a version of @versori/run alone."
    return None


def _tsconfig_problem(text: str) -> str | None:
    content = _json_object(text)
    if content is None:
        return "tsconfig.json must be a JSON object."
    if unknown := sorted(content.keys() - _TSCONFIG_KEYS):
        return f"tsconfig.json may not have {', '.join(unknown)}."
    settings = {**content, **content.get("compilerOptions", {}), "compilerOptions": True}
    for name, value in settings.items():
        if not _stays_inside(value):
            return f"tsconfig.json may not point {name} outside the project."
    return None


_CONFIGURATION: dict[str, Callable[[str], str | None]] = {
    "deno.json": _deno_json_problem,
    "package.json": _package_problem,
    "tsconfig.json": _tsconfig_problem,
}


def _stays_inside(value: object) -> bool:
    """Whether a setting is a switch, a word or a path within the project, or a list of them."""
    if isinstance(value, list):
        return all(_stays_inside(each) for each in value)
    if isinstance(value, str):
        return not value.startswith("/") and ".." not in value and ":" not in value
    return isinstance(value, bool)


def _json_object(text: str) -> dict[str, Any] | None:
    """The object with its inner `dependencies` and `compilerOptions` objects too, or None."""
    try:
        content = json.loads(text)
    except ValueError:
        return None
    if not isinstance(content, dict):
        return None
    inner = (content.get("dependencies", {}), content.get("compilerOptions", {}))
    return content if all(isinstance(each, dict) for each in inner) else None


def foreign_modules(graph: dict[str, Any], project: Path, entry: Path) -> list[Finding]:
    """Modules that `deno info --json` of the entry reaches and the project may not import."""
    modules = [each for each in graph["modules"] if each["specifier"] != entry.as_uri()]
    found = [finding for module in modules for finding in _foreign_imports(module, project)]
    if not found and any(not _is_allowed(each["specifier"], project) for each in modules):
        found = [_finding("The project imports a module from outside itself.")]
    return found


def _foreign_imports(module: dict[str, Any], project: Path) -> Iterator[Finding]:
    importer = _path(module["specifier"])
    if importer is None or not importer.is_relative_to(project):
        return
    for dependency in module.get("dependencies", []):
        for target in (dependency.get("code"), dependency.get("type")):
            if target and not _is_allowed(target.get("specifier", ""), project):
                yield _finding(
                    f"May not import {dependency['specifier'][:200]!r}: a project imports its own"
                    f" files, @versori/run and {', '.join(ALLOWED_BUILTINS)}.",
                    importer.relative_to(project),
                    target["span"]["start"]["line"] + 1,
                )


def _is_allowed(specifier: str, project: Path) -> bool:
    path = _path(specifier)
    return specifier in ALLOWED_BUILTINS or (path is not None and path.is_relative_to(project))


def _path(specifier: str) -> Path | None:
    """The path of a file: URL; None for every other specifier."""
    url = urlsplit(specifier)
    if url.scheme != "file" or url.netloc:
        return None
    return Path(os.path.normpath(unquote(url.path)))


def _finding(message: str, file: Path | None = None, line: int | None = None) -> Finding:
    return Finding(tool=TOOL, message=message, file=file and file.as_posix(), line=line)
