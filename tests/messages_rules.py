"""What the Messages API keeps to: its types, its limits on schemas, and its way of counting."""

import json
import math
from collections.abc import Iterator
from typing import Any

import jsonschema
from anthropic.types import MessageCountTokensParams
from anthropic.types.message_create_params import MessageCreateParamsStreaming
from pydantic import ConfigDict, TypeAdapter, ValidationError

Body = dict[str, Any]
STRICT_TOOLS, OPTIONAL_FIELDS, UNIONS, BREAKPOINTS, CACHEABLE = 20, 24, 16, 4, 1024
SCHEMA_KEYWORDS = {
    "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf",
    "allOf", "$ref", "$defs", "description", "title", "format", "default", "minItems",
}  # fmt: skip


def wants(body: Body) -> str:
    """The title of the result that a request asks for; empty where it asks for none."""
    schema = body.get("output_config", {}).get("format", {}).get("schema", {})
    return str(schema.get("title", ""))


def tokens(content: object) -> int:
    """Four signs a token: a rule that is the same everywhere, not the model's own."""
    return math.ceil(len(json.dumps(plain(content), ensure_ascii=False)) / 4)


def plain(content: object) -> object:
    if isinstance(content, dict):
        return {name: part for name, part in content.items() if name != "cache_control"}
    return content


def input_blocks(body: Body) -> list[Body]:
    """Everything that is input, in the order in which the cache sees it."""
    blocks = list(body.get("tools", []))
    if body.get("output_config", {}).get("format"):
        blocks.append(body["output_config"]["format"])
    blocks += body["system"] if isinstance(body.get("system"), list) else []
    for message in body["messages"]:
        content = message["content"]
        blocks += [{"type": "text", "text": content}] if isinstance(content, str) else content
    return blocks


_NOTHING_ELSE = ConfigDict(extra="forbid")  # of a list, as a TypedDict takes it from around it
_STREAMED: TypeAdapter[Any] = TypeAdapter(list[MessageCreateParamsStreaming], config=_NOTHING_ELSE)
_COUNTED: TypeAdapter[Any] = TypeAdapter(list[MessageCountTokensParams], config=_NOTHING_ELSE)


def check_request(body: Body, headers: dict[str, str], signed: set[str]) -> list[str]:
    misfits = [
        *([] if headers.keys() & {"x-api-key", "authorization"} else ["a key is missing"]),
        *([] if headers.get("anthropic-version") else ["anthropic-version: is missing"]),
        *_misfits(_STREAMED, body),
    ]
    return misfits or [*_bounds(body), *_turns(body["messages"], signed), *_schemas(body)]


def check_counted(body: Body) -> list[str]:
    """What is wrong with a request to count tokens."""
    return _misfits(_COUNTED, body)


def _misfits(adapter: TypeAdapter[Any], body: Body) -> list[str]:
    """Where a body does not fit the SDK's types; iterables there are validated as they are read."""
    try:
        _drain(adapter.validate_python([body]))
    except ValidationError as error:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5]]
    return []


def _drain(value: object) -> None:
    if isinstance(value, dict):
        for inner in value.values():
            _drain(inner)
    elif not isinstance(value, str | bytes) and hasattr(value, "__iter__"):
        for inner in value:
            _drain(inner)


def _bounds(body: Body) -> Iterator[str]:
    if body["max_tokens"] < 1:
        yield "max_tokens: must be positive"
    marked = json.dumps(body).count('"cache_control"')
    if marked > BREAKPOINTS:
        yield f"cache_control: {marked} breakpoints, {BREAKPOINTS} at most"
    choice = body.get("tool_choice", {}).get("type", "auto")
    if body.get("thinking") and choice not in ("auto", "none"):
        yield "tool_choice: can't be forced while the model thinks"
    names = [one["name"] for one in body.get("tools", [])]
    if len(names) != len(set(names)):
        yield "tools: two have the same name"


def _turns(messages: list[Body], signed: set[str]) -> Iterator[str]:
    if not messages or messages[0]["role"] != "user":
        yield "messages: the first must be the user's"
    if messages and messages[-1]["role"] == "assistant" and not _paused(messages[-1]):
        yield "messages: the last can't be the assistant's"
    open_uses: set[str] = set()
    for message in messages:
        content = message["content"]
        blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
        if not blocks or any(one["type"] == "text" and not one["text"].strip() for one in blocks):
            yield "messages: text must not be empty"
        answered = {one["tool_use_id"] for one in blocks if one["type"] == "tool_result"}
        if message["role"] == "user" and answered != open_uses:
            yield "messages: each tool_use needs its tool_result in the next message"
        open_uses = {one["id"] for one in blocks if one["type"] == "tool_use"}
        if any(one["type"] == "thinking" and one["signature"] not in signed for one in blocks):
            yield "messages: a thinking block was altered"


def _paused(message: Body) -> bool:
    """Whether a turn ended in the middle of a server's tool: it is sent back to be gone on with."""
    content = message["content"]
    return isinstance(content, list) and content[-1]["type"] == "server_tool_use"


def _schemas(body: Body) -> Iterator[str]:
    strict = [one for one in body.get("tools", []) if one.get("strict")]
    schemas = {one["name"]: one["input_schema"] for one in strict}
    if wants(body):
        schemas["output"] = body["output_config"]["format"]["schema"]
    if len(strict) > STRICT_TOOLS:
        yield f"tools: {len(strict)} strict ones, {STRICT_TOOLS} at most"
    optional, unions = 0, 0
    for name, schema in schemas.items():
        for node in nodes(schema):
            yield from (f"{name}: {problem}" for problem in _node_problems(node))
            optional += len(set(node.get("properties", {})) - set(node.get("required", [])))
            unions += "anyOf" in node or isinstance(node.get("type"), list)
    if optional > OPTIONAL_FIELDS:
        yield f"schemas: {optional} optional fields, {OPTIONAL_FIELDS} at most"
    if unions > UNIONS:
        yield f"schemas: {unions} unions, {UNIONS} at most"


def nodes(schema: Body) -> Iterator[Body]:
    yield schema
    for name in ("properties", "$defs"):
        for inner in schema.get(name, {}).values():
            yield from nodes(inner)
    for inner in [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]:
        yield from nodes(inner)


def _node_problems(node: Body) -> Iterator[str]:
    if not node.keys() & {"type", "enum", "const", "anyOf", "$ref"}:
        yield "a field of any type"
    if node.get("type") == "object" and node.get("additionalProperties") is not False:
        yield "an object without additionalProperties: false"
    yield from (f"keyword {name}" for name in node.keys() - SCHEMA_KEYWORDS)


def check_answer(blocks: list[Body], body: Body, *, whole: bool) -> list[str]:
    """Whether the script gives what a model under these schemas could give."""
    schemas = {
        one["name"]: one["input_schema"] for one in body.get("tools", []) if "input_schema" in one
    }
    problems = []
    for block in blocks:
        if block["type"] == "tool_use":
            if block["name"] not in schemas:
                problems.append(f"script: no tool {block['name']}")
                continue
            problems += _unlike(block["input"], schemas[block["name"]])
        elif block["type"] == "text" and wants(body) and whole:
            schema = body["output_config"]["format"]["schema"]
            problems += _unlike(json.loads(block["text"]), schema)
    return problems


def _unlike(value: object, schema: Body) -> list[str]:
    found = jsonschema.Draft202012Validator(schema).iter_errors(value)
    return [f"script: {error.message[:200]}" for error in found]
