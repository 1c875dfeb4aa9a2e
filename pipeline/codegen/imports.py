"""The imports of a generated module: found from the names that its text mentions."""

import posixpath
import re
from collections.abc import Mapping

_EXPORT = re.compile(
    r"^export (?:async )?(?P<kind>class|function|interface|type|const) (?P<name>\w+)", re.M
)
_RUN_SDK = """
export type Activation
export type ConnectionFetch
export type Context
export type HttpContext
export type KeyValue
export type Logger
export const durable
export function fn
export function http
export function schedule
export function webhook
export function workflow
"""
_DOCUMENT = r"^const \w+ =\s+`(?:[^`\\]|\\.)*`;"
_UNREAD = re.compile(
    rf'{_DOCUMENT}|(?P<template>`(?:[^`\\]|\\.)*`)|"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|//[^\n]*',
    re.S | re.M,
)

# Of a template only what is put into it counts; braces may stand in each other once.
_INSERTED = re.compile(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}")

_ADDRESS = re.compile(r'^(?:import|export) .*?from "(\.[^"]*)";', re.M | re.S)
_MENTION = re.compile(r"(?:(?<![\w.])|(?<=\.\.\.))(\w+)\b(?!\??:)")  # no member, no key


def with_imports(path: str, body: str, modules: Mapping[str, str]) -> str:
    """The module with its imports from the Run SDK and from those modules (path -> source)."""
    mentioned = _mentioned(body)
    own = {match["name"] for match in _EXPORT.finditer(body)}
    lines = []
    for module, source in {"@versori/run": _RUN_SDK, **dict(sorted(modules.items()))}.items():
        if module == path:
            continue
        exports = {match["name"]: match["kind"] for match in _EXPORT.finditer(source)}
        names = sorted(mentioned & exports.keys() - own)
        if names:
            kinds = {name: exports[name] in ("interface", "type") for name in names}
            lines.append(_import(names, kinds, _address(module, path)))
    return "\n".join(lines) + "\n\n" + body if lines else body


def _mentioned(body: str) -> set[str]:
    code = _UNREAD.sub(lambda found: " ".join(_INSERTED.findall(found["template"] or "")), body)
    return set(_MENTION.findall(code))


def reachable_from(entry: str, modules: Mapping[str, str]) -> dict[str, str]:
    """The module and all that it imports, directly or not."""
    found: dict[str, str] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path in modules and path not in found:
            found[path] = modules[path]
            folder = posixpath.dirname(path)
            addresses = _ADDRESS.findall(modules[path])
            waiting += [posixpath.normpath(posixpath.join(folder, one)) for one in addresses]
    return found


def _import(names: list[str], is_type: dict[str, bool], address: str) -> str:
    if all(is_type.values()):
        return f'import type {{ {", ".join(names)} }} from "{address}";'
    listed = ", ".join(f"type {name}" if is_type[name] else name for name in names)
    return f'import {{ {listed} }} from "{address}";'


def _address(module: str, path: str) -> str:
    if module.startswith("@"):
        return module
    relative = posixpath.relpath(module, posixpath.dirname(path))
    return relative if relative.startswith(".") else f"./{relative}"
