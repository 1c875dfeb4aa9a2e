"""A method of the Web API, and how its arguments are read and refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from bot.playground.blockkit.validation import sentence
from bot.playground.errors import SlackError
from bot.playground.slack import Slack

TokenKind = Literal["bot", "app"]
# Calls a minute of Slack's tiers; "post" is one a second and channel, "special" has no number.
Tier = Literal["2", "3", "4", "post", "special"]


class Arguments(BaseModel):
    """Form fields arrive as text, so numbers and booleans are read from it."""

    model_config = ConfigDict(extra="forbid")

    team_id: str | None = None  # Bolt's clients send it with every call


def _parsed(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError("must be a JSON-encoded value") from None
    return value


Jsons = Annotated[list[dict[str, Any]], BeforeValidator(_parsed)]
Json = Annotated[dict[str, Any], BeforeValidator(_parsed)]


def read_json(body: bytes) -> dict[str, Any]:
    """SlackError invalid_json or json_not_object."""
    try:
        content = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(content, dict):
        raise SlackError("json_not_object")
    return content


AnyArguments = TypeVar("AnyArguments", bound=Arguments)


@dataclass(frozen=True)
class Method:
    """`scopes`: one of them is needed; none means that any token will do."""

    arguments: type[Arguments]
    handle: Callable[[Slack, Any], dict[str, Any]]
    scopes: tuple[str, ...] = ()
    tier: Tier = "3"
    token: TokenKind = "bot"


def read(model: type[AnyArguments], given: dict[str, Any]) -> AnyArguments:
    """SlackError invalid_arguments; invalid_blocks_format when blocks are no list of objects."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        details = error.errors(include_url=False)
        if any(detail["loc"][:1] == ("blocks",) for detail in details):
            raise SlackError("invalid_blocks_format") from None
        raise SlackError(
            "invalid_arguments",
            *(
                f"[ERROR] {sentence(detail)} [json-pointer:/{'/'.join(map(str, detail['loc']))}]"
                for detail in details
            ),
        ) from None
