"""Names that the templates and services of every project use, so that none of a domain's is one."""

import re
from functools import cache
from pathlib import Path

_TEMPLATES = Path(__file__).parent / "templates"
_WITH_DOMAIN_NAMES = ("mapping", "references", "stage", "workflow-batch", "workflow-event", "write")
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
_UNREAD = re.compile(r'`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|//[^\n]*', re.S)
_NAME = re.compile(r"(?<![\w.$])([A-Za-z_]\w*)")
_EXPORTED = re.compile(
    r"^export (?:async |abstract )?(?:class|function|interface|type|const) (\w+)", re.M
)
_LANGUAGE = {
    "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do",
    "else", "enum", "export", "extends", "false", "finally", "for", "function", "if", "import",
    "in", "instanceof", "interface", "let", "new", "null", "package", "private", "public", "return",
    "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while",
    "with", "yield", "await", "async", "arguments", "eval", "undefined", "constructor",
    "implements", "protected",
}  # fmt: skip
_OF_CLIENTS = {
    "answer", "api", "current", "key", "next", "one", "page", "position", "rest", "search", "since",
    "size", "start", "value", "whole",
}  # fmt: skip
_GLOBAL = {
    "Activation", "Array", "Boolean", "Console", "Context", "Date", "Deno", "Error", "Function",
    "HttpContext", "Intl", "Iterator", "JSON", "Logger", "Map", "Math", "Number", "Object",
    "Outcome", "Partial", "Pick", "Promise", "Proxy", "Readonly", "Record", "Reflect", "RegExp",
    "Request", "Response", "Set", "Settings", "String", "Symbol", "TypeError", "WeakMap",
    "references", "settings", "written", "index",
}  # fmt: skip


@cache
def taken_names() -> frozenset[str]:
    """Every name that generated code has beside those of the domain."""
    texts = [(_TEMPLATES / f"{name}.ts.j2").read_text() for name in _WITH_DOMAIN_NAMES]
    mentioned = {
        name for text in texts for name in _NAME.findall(_UNREAD.sub(" ", _JINJA.sub(" ", text)))
    }
    return frozenset(mentioned | exported_names() | _LANGUAGE | _OF_CLIENTS | _GLOBAL)


@cache
def exported_names() -> frozenset[str]:
    """What the services of every project export."""
    files = (_TEMPLATES / "services").glob("*.ts")
    return frozenset(name for file in files for name in _EXPORTED.findall(file.read_text()))
