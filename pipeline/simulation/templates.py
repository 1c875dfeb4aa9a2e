"""Templates with `{name}` placeholders, read backwards: from a finished text to the values."""

import re
from collections.abc import Mapping
from typing import Any

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")

# What a value may look like once escaped: a bare quote in it would have ended the literal.
_ESCAPED = {
    "none": r".*?",
    "backslash-quote": r"(?:[^'\\]|\\.)*?",
    "double-quote": r'(?:[^"\\]|\\.)*?',
    "graphql": r'(?:[^"\\]|\\.)*?',
}


def placeholders(template: str) -> list[str]:
    return _PLACEHOLDER.findall(template)


def match_text(
    template: str, text: str, value: str = ".+?", patterns: Mapping[str, str] | None = None
) -> dict[str, str] | None:
    """The values with which the template gives this text; None where none do.

    A value is like its own of the `patterns`, else like `value`.
    """
    names: list[str] = []
    pattern = ""
    for index, part in enumerate(_PLACEHOLDER.split(template)):
        if index % 2 == 0:
            pattern += re.escape(part)
        elif part in names:
            pattern += f"(?P=g{names.index(part)})"
        else:
            pattern += f"(?P<g{len(names)}>{(patterns or {}).get(part, value)})"
            names.append(part)
    found = re.fullmatch(pattern, text, re.DOTALL)
    return {name: found[f"g{index}"] for index, name in enumerate(names)} if found else None


def match_json(template: Any, value: Any) -> dict[str, Any] | None:
    """As `match_text`, of JSON values: a string that is just `{path}` binds a value of any type.

    What holds nothing but placeholders may be absent. A list with one element stands for any
    number of them, and `a[].b` binds as `a[0].b`, `a[1].b`…
    """
    if isinstance(template, str):
        return _match_string(template, value)
    if isinstance(template, dict):
        return _match_object(template, value)
    if isinstance(template, list):
        return _match_list(template, value)
    return {} if template == value else None


def unescape(value: str, escape: str) -> str:
    """Undo what `Operation.value_escape` did."""
    return value if escape == "none" else re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)


def match_search(template: str, text: str, escape: str, part: str = "value") -> str | None:
    """The `{value}` that somebody searches for, or another part of the text, unescaped."""
    found = match_text(template, text, _ESCAPED[escape])
    return None if found is None else unescape(found.get(part, ""), escape)


def _match_string(template: str, value: Any) -> dict[str, Any] | None:
    alone = _PLACEHOLDER.fullmatch(template)
    if alone:
        return {alone[1]: value}
    if isinstance(value, str):
        return match_text(template, value, ".*?")
    return None


def _match_object(template: dict[str, Any], value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict) or set(value) - set(template):
        return None
    parts = [
        match_json(part, value[name]) if name in value else ({} if _optional(part) else None)
        for name, part in template.items()
    ]
    return _merge(parts)


def _match_list(template: list[Any], value: Any) -> dict[str, Any] | None:
    if not isinstance(value, list):
        return None
    if len(template) != 1:
        same = len(template) == len(value)
        pairs = zip(template, value, strict=True) if same else ()
        return _merge([match_json(part, item) for part, item in pairs]) if same else None
    parts = [match_json(template[0], item) for item in value]
    return _merge([_numbered(part, index) for index, part in enumerate(parts)])


def _numbered(bound: dict[str, Any] | None, index: int) -> dict[str, Any] | None:
    if bound is None:
        return None
    return {path.replace("[]", f"[{index}]", 1): value for path, value in bound.items()}


def _optional(template: Any) -> bool:
    """Whether it is left out where the record has no value for it."""
    if isinstance(template, dict):
        return all(_optional(part) for part in template.values())
    if isinstance(template, list):
        return all(_optional(part) for part in template)
    return isinstance(template, str) and _PLACEHOLDER.fullmatch(template) is not None


def _merge(parts: list[dict[str, Any] | None]) -> dict[str, Any] | None:
    merged: dict[str, Any] = {}
    for part in parts:
        if part is None:
            return None
        merged |= part
    return merged
