"""What a child and the runner say to each other, one JSON object a WebSocket message.

The child's side is `runtime/protocol.ts`; unknown fields are ignored, so that either may grow.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ResponseMode(_Message):
    mode: Literal["sync", "async"] = "sync"


class WorkflowInfo(_Message):
    """A workflow as the child declares it: how it is started, and by whom."""

    id: str
    kind: Literal["webhook", "schedule", "workflow"]
    method: str = "POST"
    cors: JsonValue = None
    response: ResponseMode = ResponseMode()
    connection: str | None = None
    cron: str | None = None
    timezone: str | None = None
    activations: Literal["static", "all"] = "static"
    ttl: float | None = None  # seconds that an attempt may take
    limit: int | None = None  # instances at once
    max_attempts: int | None = None


class Hello(_Message):
    type: Literal["hello"]
    token: str
    workflows: list[WorkflowInfo] = []


class Failure(_Message):
    name: str = "Error"
    message: str = ""


class HttpAnswer(_Message):
    """How a synchronous webhook answers its sender; the body is base64 where it says so."""

    status: int = 200
    headers: dict[str, str] = {}
    body: str = ""
    body_base64: bool = False


class Result(_Message):
    type: Literal["result"]
    id: str
    ok: bool
    data: JsonValue = None
    error: Failure = Failure()
    response: HttpAnswer | None = None


class Call(_Message):
    type: Literal["call"]
    id: int
    execution: str = ""
    method: str
    params: dict[str, Any] = {}


class Log(_Message):
    type: Literal["log"]
    execution: str = ""
    level: Literal["debug", "info", "warn", "error"] = "info"
    message: str = ""
    fields: dict[str, JsonValue] = {}


class CallRefused(Exception):
    """A call that fails with a name and a sentence that the calling code sees."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
