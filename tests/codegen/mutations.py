"""Mistakes that somebody could make in a mapping module, one at a time."""

import re
from collections.abc import Iterator


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
    owner = r"(?P<owner>order(?:\??\.\w+_address|\??\.customer)?|\w+(?:Line|Item|Code))"
    access = re.compile(rf"\b{owner}(?P<dot>\??\.)(?P<name>[a-z_0-9]+)\b(?!\?\.|\()")
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
    for match in re.finditer(r"\b(truncate|toNumber|toDate|multiply)\(", body):
        yield f"{match[1]} dropped at {match.start()}", _replaced(body, match, "((x: any) => x)(")
    for match in re.finditer(r"\bmultiply\(", body):
        yield "multiply in cents", _replaced(body, match, "((a: any, b: any) => a * b * 100)(")
        yield "multiply unrounded", _replaced(body, match, "((a: any, b: any) => a * b)(")
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
