"""What people typed into a form, each in its type."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import JsonValue

from bot.views.connection import CONFIG
from pipeline.plan.model import ConfigItem

Type = Literal["string", "number", "boolean"]


class InvalidInput(Exception):
    """What is wrong with a field of the form: block id -> sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def read_config(
    items: Sequence[ConfigItem], values: Mapping[str, str], prefix: str = CONFIG
) -> dict[str, JsonValue]:
    """What completes the system's address; what was left empty is left out."""
    typed = {item.name: read_typed(item.type, prefix + item.name, values) for item in items}
    return {name: value for name, value in typed.items() if value is not None}


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
