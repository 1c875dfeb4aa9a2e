"""Checks blocks and views, and says what is wrong in Slack's words and with its pointers."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.playground.blockkit.blocks import MessageBlock
from bot.playground.blockkit.views import AnyView
from bot.playground.errors import SlackError

MESSAGE_BLOCKS_CHARACTERS = 13_200
VIEW_BYTES = 250_000

_BLOCKS = TypeAdapter(Annotated[list[MessageBlock], Field(max_length=50)])
_VIEW: TypeAdapter[Any] = TypeAdapter(AnyView)


def check_blocks(blocks: list[dict[str, Any]]) -> None:
    """Blocks of a message. SlackError invalid_blocks or msg_blocks_too_long."""
    errors = _violations(_BLOCKS, blocks, "/blocks") or [
        *_repeated_ids(blocks, "/blocks"),
        *_plan_beside_task_card(blocks),
    ]
    _refuse("invalid_blocks", errors)
    if sum(map(len, _texts(blocks))) > MESSAGE_BLOCKS_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Mapping[str, Any]) -> None:
    """A modal or a home tab. SlackError invalid_arguments or view_too_large."""
    errors = _violations(_VIEW, view, "/view") or _repeated_ids(view["blocks"], "/view/blocks")
    _refuse("invalid_arguments", errors)
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")


def _refuse(code: str, errors: list[str]) -> None:
    if errors:
        raise SlackError(code, *(f"[ERROR] {error}" for error in errors), errors=errors)


def _violations(adapter: TypeAdapter[Any], value: Any, root: str) -> list[str]:
    try:
        adapter.validate_python(value)
    except ValidationError as error:
        return [
            f"{sentence(detail)} [json-pointer:{root}{_pointer(detail, value)}]"
            for detail in error.errors(include_url=False)
        ]
    return []


_SENTENCES: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda detail: f"missing required field: {detail['loc'][-1]}",
    "extra_forbidden": lambda detail: f"invalid additional property: {detail['loc'][-1]}",
    "union_tag_invalid": lambda detail: f"unsupported type: {detail['ctx']['tag']}",
    "union_tag_not_found": lambda _: "missing required field: type",
    "string_too_long": lambda d: f"must be less than {d['ctx']['max_length'] + 1} characters",
    "string_too_short": lambda d: f"must be more than {d['ctx']['min_length'] - 1} characters",
    "too_long": lambda detail: f"no more than {detail['ctx']['max_length']} items allowed",
    "too_short": lambda detail: f"must have at least {detail['ctx']['min_length']} items",
}


def sentence(detail: ErrorDetails) -> str:
    """What is wrong, as Slack would put it."""
    say = _SENTENCES.get(detail["type"])
    return say(detail) if say else detail["msg"]


def _pointer(detail: ErrorDetails, value: Any) -> str:
    """The place without pydantic's union tags, which stand in `loc` beside the keys."""
    parts: list[str] = []
    here, tagged = value, False
    for part in detail["loc"]:
        if isinstance(here, dict) and not tagged and here.get("type") == part:
            tagged = True
            continue
        parts.append(str(part))
        here, tagged = _child(here, part), False
    if detail["type"] in ("missing", "extra_forbidden"):
        parts.pop()  # Slack points at the object that lacks or has the field
    if detail["type"] == "text_object_too_long":
        parts.append("text")
    return "".join(f"/{part}" for part in parts)


def _child(value: Any, part: int | str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def _repeated_ids(blocks: list[dict[str, Any]], root: str) -> list[str]:
    """block_id is unique in a message or view; action_id in a block."""
    errors = [
        f"block_id already exists: {name} [json-pointer:{root}]"
        for name in _repeated(block.get("block_id") for block in blocks)
    ]
    for index, block in enumerate(blocks):
        names = _repeated(element.get("action_id") for element in elements_of(block))
        errors += [
            f"action_id already exists: {name} [json-pointer:{root}/{index}]" for name in names
        ]
    return errors


def _repeated(names: Iterator[str | None]) -> list[str]:
    return [name for name, count in Counter(names).items() if name and count > 1]


def _plan_beside_task_card(blocks: list[dict[str, Any]]) -> list[str]:
    kinds = [block["type"] for block in blocks]
    if "plan" in kinds and "task_card" in kinds:
        return ["a plan block and a task_card block exclude each other [json-pointer:/blocks]"]
    return []


def elements_of(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The interactive elements of a block, wherever it keeps them."""
    if block["type"] in ("actions", "context_actions"):
        return list(block["elements"])
    one = block.get("accessory") or block.get("element")
    return [one] if one else []


def _texts(value: Any) -> Iterator[str]:
    """Every text that a person reads in these blocks."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("text", "title") and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)
