"""Mistakes that somebody could make in a mapping module, one at a time, and who notices them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.artifacts import SourceFile
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import deno_json, write_project
from tests.codegen.conftest import tool_result

_CONVERSIONS = (
    "truncate|toNumber|toInteger|toDate|toDateTime|multiply|minorToMajor|majorToMinor|fromUnixTime"
    "|fill|join|sum|translate|stripPrefix|lower|upper|firstName|lastName|round|negate"
)


_AT_ONCE = 24


@dataclass(frozen=True)
class Mutant:
    """A module with a mistake in it, and the tests that ought to notice."""

    module: str
    what: str
    source: str
    tests: str


@dataclass(frozen=True)
class Score:
    """How many mutants there were, and which of them no test noticed."""

    count: int
    missed: list[str]

    @property
    def rate(self) -> float:
        return 1 - len(self.missed) / self.count


def score(
    projects: Mapping[str, list[SourceFile]], directory: Path, deno: Deno, every: int = 1
) -> dict[str, Score]:
    """Break the mappings of each project, and run its own tests on each mutant; all at once."""
    sources, tests, broken = [], [], dict[str, tuple[str, str]]()
    for name, files in projects.items():
        own = [one for one in files if one.path.startswith("src/")]
        sources += [_inside(name, one.path, one.content) for one in own if _is_source(one.path)]
        for number, mutant in list(enumerate(_mutants_of(files)))[::every]:
            own_name = f"{mutant.module}-mutant-{number}"
            path = f"src/services/{own_name}"
            text = mutant.tests.replace(f"./{mutant.module}.ts", f"./{own_name}.ts")
            sources.append(_inside(name, f"{path}.ts", mutant.source))
            tests.append(_inside(name, f"{path}.test.ts", text))
            broken[tests[-1].path] = (name, mutant.what)
    noticed = _failing(sources, tests, directory, deno)
    missed = [one for path, one in broken.items() if path not in noticed]
    return {
        name: Score(
            sum(owner == name for owner, _ in broken.values()),
            [what for owner, what in missed if owner == name],
        )
        for name in projects
    }


def _failing(
    sources: list[SourceFile], tests: list[SourceFile], directory: Path, deno: Deno
) -> set[str | None]:
    """The test files of which a test failed; run by the dozen, so that all that fails is told."""
    found: set[str | None] = set()
    for start in range(0, len(tests), _AT_ONCE):
        folder = directory / str(start)
        settings = SourceFile(path="deno.json", content=deno_json())
        write_project([settings, *sources, *tests[start : start + _AT_ONCE]], folder)
        found |= {finding.file for finding in tool_result(deno, "test", folder).findings}
    return found


def _is_source(path: str) -> bool:
    return ".test." not in path


def _inside(name: str, path: str, content: str) -> SourceFile:
    return SourceFile(path=f"src/{name}/{path.removeprefix('src/')}", content=content)


def _mutants_of(files: list[SourceFile]) -> Iterator[Mutant]:
    """Of each mapping module."""
    texts = {file.path: file.content for file in files}
    for path, source in sorted(texts.items()):
        tests = texts.get(path.replace(".ts", ".test.ts"))
        if path.startswith("src/services/") and tests and " becomes. */" in source:
            module = path.removeprefix("src/services/").removesuffix(".ts")
            if module != "records":
                for what, broken in mutants(source):
                    yield Mutant(module, what, broken, tests)


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Each mutant with what was broken; the module's types and imports are left alone."""
    start = source.index("export function")
    head, body = source[:start], source[start:]
    for mutate in (_wrong_fields, _dropped_checks, _wrong_conversions, _wrong_constants):
        for what, broken in mutate(body):
            yield what, head + broken


def _replaced(body: str, match: re.Match[str], text: str) -> str:
    return body[: match.start()] + text + body[match.end() :]


def _wrong_fields(body: str) -> Iterator[tuple[str, str]]:
    """Another field of the same record in place of each."""
    parameters = "|".join(dict.fromkeys(re.findall(r"[(\s](\w+): [A-Z]\w*", body)))
    access = re.compile(
        rf"\b(?P<owner>(?:{parameters})(?:\??\.\w+)*?)(?P<dot>\??\.)(?P<name>\w+)\b(?!\??\.|\()"
    )
    matches = list(access.finditer(body))
    names: dict[str, list[str]] = {}
    for match in matches:
        names.setdefault(match["owner"], []).append(match["name"])
    for match in matches:
        others = [name for name in names[match["owner"]] if name != match["name"]]
        if others:
            text = f"{match['owner']}{match['dot']}{others[0]}"
            yield f"{match[0]} -> {text}", _replaced(body, match, text)


def _dropped_checks(body: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"\?\.", body):
        yield f"?. dropped at {match.start()}", _replaced(body, match, ".")
    for match in re.finditer(r"\((\w+\.\w+) \?\? \[\]\)", body):
        yield f"{match[0]} -> {match[1]}", _replaced(body, match, match[1])
    for match in re.finditer(r"\brequired\(", body):
        yield f"required dropped at {match.start()}", _replaced(body, match, "((one: any) => one)(")
    for match in re.finditer(r"\bcomplete<\w+>\(", body):
        yield f"complete dropped at {match.start()}", _replaced(body, match, "((one: any) => one)(")


def _wrong_conversions(body: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(rf"\b({_CONVERSIONS})\(", body):
        yield f"{match[1]} dropped at {match.start()}", _replaced(body, match, "((x: any) => x)(")
    for match in re.finditer(r"\bmultiply\(", body):
        yield "multiply in cents", _replaced(body, match, "((a: any, b: any) => a * b * 100)(")
        yield "multiply unrounded", _replaced(body, match, "((a: any, b: any) => a * b)(")
    for match in re.finditer(r"\b(minorToMajor|majorToMinor)\(", body):
        other = "majorToMinor" if match[1] == "minorToMajor" else "minorToMajor"
        factor = "/ 100" if other == "minorToMajor" else "* 100"
        yield f"{match[1]} the wrong way", _replaced(body, match, f"((x: any) => x {factor})(")
    for match in re.finditer(r", (\d+),?\s*\)", body):
        for limit in (int(match[1]) - 1, int(match[1]) + 1):
            yield f"limit {match[1]} -> {limit}", _replaced(body, match, f", {limit})")


def _wrong_constants(body: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r'(?<=: )"\w+"', body):
        yield f"{match[0]} changed", _replaced(body, match, '"changed"')
    for match in re.finditer(r"\b(true|false)\b", body):
        other = "false" if match[1] == "true" else "true"
        yield f"{match[1]} -> {other}", _replaced(body, match, other)
    for match in re.finditer(r"\[index\]", body):
        yield "first instead of own element", _replaced(body, match, "[0]")
    for match in re.finditer(r'=== true\) return "[^"]*"', body):
        yield "filter turned", _replaced(body, match, match[0].replace("===", "!=="))
