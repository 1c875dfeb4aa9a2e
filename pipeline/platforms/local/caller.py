"""Who asks something of the runner, and what every question's parameters share."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, JsonValue

from pipeline.platforms.local.ledger.deployments import Place


class Caller(NamedTuple):
    """The execution that asks, and the activation for which it runs."""

    place: Place
    execution: str
    activation: str


class Params(BaseModel):
    model_config = ConfigDict(extra="ignore")


Handler = Callable[[Caller, dict[str, Any]], Awaitable[JsonValue]]
