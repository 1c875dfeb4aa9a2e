"""What people typed into a form, each in its type."""

from collections.abc import Mapping
from typing import Literal

from pydantic import JsonValue

from bot.views.connection import CONFIG
from pipeline.plan.model import System
from pipeline.plan.placeholders import filled_in

Type = Literal["string", "number", "boolean"]


class InvalidInput(Exception):
    """What is wrong with a field of the form: block id -> sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def read_config(
    system: System, values: Mapping[str, str], prefix: str = CONFIG
) -> dict[str, JsonValue]:
    """What completes the system's address; what was left empty is left out."""
    typed: dict[str, JsonValue] = {}
    for item in system.config:
        value = read_typed(item.type, prefix + item.name, values)
        if isinstance(value, str):
            value = _filled_in(system.base_url, item.name, value, prefix + item.name)
        if value is not None:
            typed[item.name] = value
    return typed


def _filled_in(base_url: str, name: str, typed: str, block: str) -> str:
    try:
        return filled_in(base_url, name, typed)
    except ValueError as error:
        raise InvalidInput({block: str(error)}) from error


def read_typed(kind: Type, block: str, values: Mapping[str, str]) -> JsonValue:
    """None where it was left empty. InvalidInput where it is not of that type."""
    text = values.get(block, "")
    if not text or kind == "string":
        return text or None
    value = _number(text) if kind == "number" else _BOOLEANS.get(text.lower())
    if value is None:
        wanted = "a number" if kind == "number" else "true or false"
        raise InvalidInput({block: f"This must be {wanted}."})
    return value


_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}


def _number(text: str) -> float | int | None:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return None
