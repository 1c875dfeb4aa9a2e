"""Brings blocks under Slack's limits: texts are split or cut, lists are shortened.

Limits: docs.slack.dev/reference/block-kit, as of 2026.
"""

from collections.abc import Callable
from typing import Any

from bot.slack_limits.texts import cut, split

Block = dict[str, Any]

SECTION, HEADER, CONTEXT, LABEL, BUTTON = 3000, 150, 2000, 2000, 75
_FIELDS, _CONTEXT_ELEMENTS, _ACTIONS = 10, 10, 25
_ROWS, _COLUMNS, _CELL, _TABLE = 100, 20, 500, 10_000
_TASKS, _TITLE, _RICH_TEXT = 50, 250, 2000
_OPTIONS = {"radio_buttons": 10, "checkboxes": 10}
_MOST_OPTIONS = 100


def fit(block: Block) -> list[Block]:
    """The block within Slack's limits; a long section becomes several."""
    if block["type"] == "section" and "text" in block:
        return _fit_section(block)
    fitting = _FITTING.get(block["type"])
    return [fitting(block) if fitting else block]


def _fit_section(block: Block) -> list[Block]:
    first, *rest = split(block["text"]["text"], SECTION)
    fitted = {**block, "text": {**block["text"], "text": first or " "}}
    if "accessory" in block:
        fitted["accessory"] = _fit_element(block["accessory"])
    if "fields" in block:
        fitted["fields"] = [_text(field, 2000) for field in block["fields"][:_FIELDS]]
    more = [{"type": "section", "text": {**block["text"], "text": part}} for part in rest]
    return [fitted, *more]


def _text(item: dict[str, Any], most: int) -> dict[str, Any]:
    return {**item, "text": cut(item["text"], most)}


def _fit_header(block: Block) -> Block:
    return {**block, "text": _text(block["text"], HEADER)}


def _fit_context(block: Block) -> Block:
    kept = block["elements"][:_CONTEXT_ELEMENTS]
    return {**block, "elements": [_text(i, CONTEXT) if "text" in i else i for i in kept]}


def _fit_actions(block: Block) -> Block:
    return {**block, "elements": [_fit_element(item) for item in block["elements"][:_ACTIONS]]}


def _fit_input(block: Block) -> Block:
    fitted = {
        **block,
        "label": _text(block["label"], LABEL),
        "element": _fit_element(block["element"]),
    }
    if "hint" in block:
        fitted["hint"] = _text(block["hint"], LABEL)
    return fitted


def _fit_table(block: Block) -> Block:
    rows, left = [], _TABLE
    for row in block["rows"][:_ROWS]:
        cells = [_text(cell, _CELL) for cell in row[:_COLUMNS]]
        left -= sum(len(cell["text"]) for cell in cells)
        if left < 0:
            break
        rows.append(cells)
    return {**block, "rows": rows}


def _fit_plan(block: Block) -> Block:
    tasks = [_fit_task(task) for task in block["tasks"][:_TASKS]]
    return {**block, "title": cut(block["title"], _TITLE), "tasks": tasks}


def _fit_task(task: Block) -> Block:
    return {**task, "title": cut(task["title"], _TITLE)}


def _fit_element(element: dict[str, Any]) -> dict[str, Any]:
    fitted = dict(element)
    if element["type"] == "button":
        fitted["text"] = _text(element["text"], BUTTON)
    if "confirm" in element:
        fitted["confirm"] = _fit_confirmation(element["confirm"])
    if "options" in element:
        most = _OPTIONS.get(element["type"], _MOST_OPTIONS)
        fitted["options"] = [
            {**option, "text": _text(option["text"], BUTTON)}
            for option in element["options"][:most]
        ]
    if "initial_value" in element:
        fitted["initial_value"] = element["initial_value"][:3000]
    return fitted


def _fit_confirmation(confirm: dict[str, Any]) -> dict[str, Any]:
    most = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
    return {**confirm, **{name: _text(confirm[name], size) for name, size in most.items()}}


_FITTING: dict[str, Callable[[Block], Block]] = {
    "header": _fit_header,
    "context": _fit_context,
    "actions": _fit_actions,
    "input": _fit_input,
    "table": _fit_table,
    "plan": _fit_plan,
}
