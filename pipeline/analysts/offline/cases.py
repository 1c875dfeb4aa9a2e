"""Test cases that people paste as JSON: what comes in, and what must come out."""

import json
import re
from typing import Any

from pipeline.integration import TestCase
from pipeline.plan.model import Plan

_INPUT, _EXPECTED = (
    ("input", "in", "given", "record"),
    ("expected", "expect", "output", "out", "then"),
)
_NAME = re.compile(
    r"\btest(?: ?case)?\s+(?:called|named)\s+\"?([\w .-]{1,60}?)\"?\s*(?=[:,{\n]|$)", re.I
)


def read_test_cases(message: str, plan: Plan) -> tuple[list[TestCase], str]:
    """The cases in a message, and the message without them."""
    values, rest = _json_values(message)
    if not values:
        return [], message
    pairs = [pair for value in values if (pair := _pair(value)) is not None]
    if not pairs and len(values) >= 2 and len(values) % 2 == 0:
        pairs = list(zip(values[::2], values[1::2], strict=True))
    if not pairs:
        return [], message
    name = _NAME.search(message)
    workflow = plan.workflows[0].name if len(plan.workflows) == 1 else None
    cases = [
        TestCase(
            name=f"{name[1] if name else 'case'}{f' {number}' if len(pairs) > 1 else ''}",
            workflow=workflow, input=given, expected=expected,
        )
        for number, (given, expected) in enumerate(pairs, start=1)
    ]  # fmt: skip
    return cases, re.sub(r"\b(?:add|another|a|new|the|this|test|case|cases|input|expected|expect|"
                         r"output|given|then|with|and|json|as|here|is|called|named)\b|```|"
                         r"[:,]", " ",
                         rest, flags=re.I)  # fmt: skip


def _json_values(message: str) -> tuple[list[Any], str]:
    """The JSON objects of a text, in order, and the text without them."""
    decoder, rest, position = json.JSONDecoder(), "", 0
    values: list[Any] = []
    while (start := message.find("{", position)) >= 0 and len(values) < 20:
        rest += message[position:start]
        try:
            value, position = decoder.raw_decode(message, start)
            values.append(value)
        except (json.JSONDecodeError, RecursionError):
            rest += "{"
            position = start + 1
            if rest.count("{") > 50:
                break
    return values, rest + message[position:]


def _pair(value: Any) -> tuple[Any, Any] | None:
    """One object that holds both sides: {"input": …, "expected": …}."""
    given = next((value[key] for key in _INPUT if key in value), None)
    expected = next((value[key] for key in _EXPECTED if key in value), None)
    return (given, expected) if given is not None and expected is not None else None
