"""JSON values and texts as TypeScript."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pipeline.codegen.names import key


def literal(value: Any) -> str:
    """A JSON value in the source of a program; deno fmt lays it out."""
    if isinstance(value, dict):
        members = ", ".join(f"{key(name)}: {literal(one)}" for name, one in value.items())
        return f"{{ {members} }}" if members else "{}"
    if isinstance(value, list):
        start = "\n" if any(isinstance(one, dict) for one in value) else ""
        return f"[{start}{', '.join(map(literal, value))}]"
    return json.dumps(value, ensure_ascii=False)


def template(text: str, expressions: dict[str, str], texts: Mapping[str, str] | None = None) -> str:
    """A template literal for a text whose `{name}`s are expressions; a string if it has none.

    Other names stand for the `texts`, whatever these hold.
    """
    parts = re.split(r"\{([^{}]+)\}", text)
    if not any(name in expressions for name in parts[1::2]):
        return literal(text)
    named = {one: (texts or {}).get(one, f"{{{one}}}") for one in parts[1::2]}
    written = [
        f"${{{expressions[part]}}}"
        if position % 2 and part in expressions
        else _escaped(named[part] if position % 2 else part)
        for position, part in enumerate(parts)
    ]
    return f"`{''.join(written)}`"


def block(text: str) -> str:
    """A template literal for a text of several lines."""
    return f"`{_escaped(text.strip())}`"


def comment(text: str) -> str:
    """Text of others on one line of a comment, which it cannot end."""
    return re.sub(r"\s+", " ", text).replace("*/", "* /").strip()


def _escaped(text: str) -> str:
    """A part of a template literal; the part after it may begin with a brace."""
    return re.sub(r"[\\`]|\$(?=\{|$)", r"\\\g<0>", text)
