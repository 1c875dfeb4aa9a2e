"""Idempotency keys: the same key brings the first answer again and changes nothing."""

from typing import Any

from pydantic import JsonValue

from pipeline.catalogue.operation import Operation
from pipeline.model import digest
from pipeline.simulation.answers import MockResponse
from pipeline.simulation.bodies import read_json
from pipeline.simulation.calls import HttpRequest
from pipeline.simulation.json_paths import read_at
from pipeline.simulation.memory import Memory
from pipeline.simulation.refusals import Refusal

_KEPT_AS = "answer"


class Replays:
    """First answers by operation and key."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._answers: dict[str, tuple[str, MockResponse]] = {
            name: _restored(kept) for name, kept in memory.all(_KEPT_AS).items()
        }

    def find(self, operation: Operation, request: HttpRequest) -> MockResponse | None:
        """Refusal where the key was used for something else."""
        name = _name(operation, request)
        if name is None or name not in self._answers:
            return None
        before, response = self._answers[name]
        if before != _content(request):
            raise Refusal("invalid", "The idempotency key was used with another body.")
        return response

    def keep(self, operation: Operation, request: HttpRequest, response: MockResponse) -> None:
        name = _name(operation, request)
        if name is None:
            return
        content = _content(request)
        self._answers[name] = (content, response)
        kept: dict[str, JsonValue] = {
            "content": content,
            "status": response.status,
            "headers": dict(response.headers),
            "body": response.body.decode("utf-8", "surrogateescape"),
        }
        self._memory.put(_KEPT_AS, name, kept)


def _restored(kept: Any) -> tuple[str, MockResponse]:
    body = kept["body"].encode("utf-8", "surrogateescape")
    return kept["content"], MockResponse(kept["status"], body=body, headers=kept["headers"])


def _name(operation: Operation, request: HttpRequest) -> str | None:
    key = _key(operation, request)
    return None if key is None else f"{operation.id}/{key}"


def _key(operation: Operation, request: HttpRequest) -> str | None:
    kind, _, name = (operation.idempotency_parameter or "").partition(":")
    if kind == "query":
        return request.query.get(name)
    if kind == "header":
        return request.headers.get(name.casefold())
    if kind == "variable":
        value = read_at(read_json(request), f"variables.{name}")
        return value if isinstance(value, str) else None
    return None


def _content(request: HttpRequest) -> str:
    return digest([request.path, request.body.hex()])
