"""What a generated file does, read off the file, its neighbours and the plan."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pipeline.artifacts import SourceFile
from pipeline.explaining.citing import cited
from pipeline.plan.model import Plan, System
from pipeline.plan.words import show_trigger

# Files whose form allows no comment of their own, and those that any project has.
_KNOWN = {
    "README.md": "What the integration does, how it is configured and what can go wrong.",
    "deno.json": "How Deno finds the Run SDK, checks, formats and tests the project.",
    "package.json": "The project's name and its one dependency, the Run SDK.",
    "tsconfig.json": "TypeScript's settings, for editors.",
    ".gitignore": "What stays out of version control, this file included.",
    ".env.example": "The names of the credentials, without values.",
    "src/index.ts": "Where it starts: it registers every workflow.",
    "versori-research/research.md": "The research document, with a source for each fact.",
}
_EXPORT = re.compile(
    r"(?:/\*\*(?P<about>(?:[^*]|\*(?!/))*)\*/\n)?"
    r"export (?:abstract |async )*(?:function|const|class|interface|type) (?P<name>\w+)"
)
_IMPORT = re.compile(r"""from "(\.[^"]+)";""")
_TEST = re.compile(r"\bDeno\.test\(")
_FACTS_SHOWN = 3
_NAMES_SHOWN = 8


def find_file(name: str, files: Sequence[SourceFile]) -> SourceFile | None:
    """The one file of that path, or whose path ends so; None where there is none or several."""
    exact = [file for file in files if file.path == name]
    ending = [file for file in files if f"/{file.path}".endswith(f"/{name}")]
    for found in (exact, ending):
        if len(found) == 1:
            return found[0]
    return None


def explain_file(file: SourceFile, plan: Plan, files: Sequence[SourceFile]) -> str:
    """Lines: what it is for, what it exports, who uses it, which part of the plan it is."""
    count = len(file.content.splitlines())
    lines = [f"{file.path}, {count} {'line' if count == 1 else 'lines'}. {_purpose(file)}".strip()]
    lines += [f"• {about}" for about in _exports(file)]
    users = [other.path for other in files if file.path in _imports(other) and not _tests(other)]
    if users:
        lines.append(f"Used by {', '.join(users[:_NAMES_SHOWN])}.")
    return "\n".join([*lines, *_planned(file, plan)])


def _tests(file: SourceFile) -> bool:
    return file.path.endswith(".test.ts")


def _purpose(file: SourceFile) -> str:
    if _tests(file):
        tested = PurePosixPath(file.path).name.replace(".test.ts", ".ts")
        count = len(_TEST.findall(file.content))
        return f"{count} {'test' if count == 1 else 'tests'} of {tested}."
    return _KNOWN.get(file.path, "")


def _exports(file: SourceFile) -> list[str]:
    """The exported names with the first sentence of what the code says of each."""
    if _tests(file) or not file.path.endswith(".ts"):
        return []
    found = []
    for match in _EXPORT.finditer(file.content):
        about = " ".join(re.sub(r"^\s*\*", "", line) for line in (match["about"] or "").split("\n"))
        about = " ".join(about.split())
        found.append(f"{match['name']}: {about}" if about else match["name"])
    more = len(found) - _NAMES_SHOWN
    return found[:_NAMES_SHOWN] + ([f"and {more} more"] if more > 0 else [])


def _imports(file: SourceFile) -> set[str]:
    """Paths of the project's files that it imports."""
    folder = PurePosixPath(file.path).parent
    return {_resolved(folder, target) for target in _IMPORT.findall(file.content)}


def _resolved(folder: PurePosixPath, target: str) -> str:
    parts = list(folder.parts)
    for step in PurePosixPath(target).parts:
        if step == "..":
            parts = parts[:-1]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def _planned(file: SourceFile, plan: Plan) -> Iterator[str]:
    stem = PurePosixPath(file.path).name.split(".")[0]
    for workflow in plan.workflows:
        if stem == workflow.name:
            counts = f"{len(workflow.mappings)} fields, {len(workflow.filters)} filters"
            yield (
                f"In the plan: {show_trigger(workflow.trigger)}; {workflow.source.entity} to "
                f"{workflow.target.entity}, {workflow.write_mode}; {counts}, "
                f"{len(workflow.lookups)} lookups."
            )
    for system in plan.systems if file.path.startswith("src/services/") else []:
        if stem in (system.name, f"{system.name}-errors"):
            yield from _facts(system, plan, "errors" if stem.endswith("-errors") else "limits")


def _facts(system: System, plan: Plan, about: str) -> Iterator[str]:
    subjects = [f"{system.name}.{about}", f"{system.name}.pagination"]
    found = [fact for fact in plan.facts if fact.subject in subjects]
    yield from (f"It follows: {cited(fact)}" for fact in found[:_FACTS_SHOWN])
