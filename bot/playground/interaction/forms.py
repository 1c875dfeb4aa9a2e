"""A modal's form: what was typed, and what Slack's own client refuses before the bot is asked."""

import re
from typing import Any

from bot.playground.blockkit.validation import elements_of
from bot.playground.interaction.elements import field_of, initial_value, state_value


def values_of(view: dict[str, Any], given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """state.values of the view: everything typed or chosen, else the initial values."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        for element in elements_of(block):
            if element["type"] in ("button", "image", "overflow"):
                continue
            block_values = given.get(block["block_id"]) or {}
            name = element["action_id"]
            values.setdefault(block["block_id"], {})[name] = (
                state_value(element, block_values[name])
                if name in block_values
                else initial_value(element)
            )
    return values


def complaints(view: dict[str, Any], values: dict[str, dict[str, Any]]) -> dict[str, str]:
    """By block_id, what keeps this form from being sent."""
    found: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]][field_of(element)]
        if value in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = "Please complete this required field."
        elif complaint := _complaint(element, value):
            found[block["block_id"]] = complaint
    return found


def _complaint(element: dict[str, Any], value: Any) -> str | None:
    match element["type"]:
        case "plain_text_input":
            return _length_complaint(element, str(value))
        case "email_text_input":
            valid = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value))
            return None if valid else "Please enter a valid email address."
        case "url_text_input":
            valid = re.match(r"https?://[^\s/]+", str(value))
            return None if valid else "Please enter a valid URL."
        case "number_input":
            return _number_complaint(element, str(value))
        case _:
            return None


def _length_complaint(element: dict[str, Any], value: str) -> str | None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < shortest:
        return f"Please enter at least {shortest} characters."
    if len(value) > longest:
        return f"Please enter no more than {longest} characters."
    return None


def _number_complaint(element: dict[str, Any], value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number no less than {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number no greater than {element['max_value']}."
    return None
