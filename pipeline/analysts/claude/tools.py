"""Tools that a model may use: strict schemas, and functions that answer in text."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from anthropic import transform_schema
from anthropic.types import ToolParam, ToolResultBlockParam, ToolUseBlock
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.analysts.claude.fencing import fence
from pipeline.errors import UserError

Input = TypeVar("Input", bound="Flat")
Values = Mapping[str, Any]


class Flat(BaseModel):
    """Given or made by a model: every field is required and of one type, "" where there is none.

    Unions and optional fields are what the API limits in strict schemas; so there are none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Tool:
    """`run` answers in text; a UserError's sentence is told to the model as a failure."""

    name: str
    description: str
    schema: dict[str, Any]
    run: Callable[[Values], str]

    def param(self, *, strict: bool) -> ToolParam:
        return ToolParam(
            name=self.name, description=self.description, input_schema=self.schema, strict=strict
        )


def tool(name: str, takes: type[Input], run: Callable[[Input], str]) -> Tool:
    """A tool of a Flat model, whose docstring describes it."""

    def checked(values: Values) -> str:
        try:
            given = takes.model_validate(values)
        except ValidationError as error:
            raise UserError(f"The input does not fit the schema: {faults(error)}.") from error
        return run(given)

    return Tool(name, takes.__doc__ or "", schema_of(takes), checked)


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The strict JSON Schema of a Flat model."""
    schema = transform_schema(model)
    schema.pop("description", None)  # it stands beside the schema
    return schema


def faults(error: ValidationError) -> str:
    """Where a value does not fit, without the value."""
    places = [
        f"{'.'.join(map(str, item['loc'])) or 'the whole'}: {item['msg']}"
        for item in error.errors(include_input=False, include_context=False, include_url=False)
    ]
    return "; ".join(places[:8])


def use(tools: Sequence[Tool], block: ToolUseBlock) -> ToolResultBlockParam:
    """The answer to one use of a tool; what the tools give is material, never instruction."""
    named = {one.name: one for one in tools}
    chosen = named.get(block.name)
    try:
        if chosen is None:
            offered = ", ".join(named) or "none"
            raise UserError(f"There is no tool of that name. There are: {offered}.")
        text, failed = chosen.run(block.input), False
    except UserError as error:
        text, failed = str(error), True
    return ToolResultBlockParam(
        type="tool_result",
        tool_use_id=block.id,
        content=fence("tool result", text, source=block.name),
        is_error=failed,
    )


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
