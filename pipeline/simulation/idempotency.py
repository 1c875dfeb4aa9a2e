"""Idempotency keys: the same key brings the first answer again and changes nothing."""

from pipeline.catalogue.model import Operation
from pipeline.model import digest
from pipeline.simulation.answers import MockResponse
from pipeline.simulation.bodies import read_json
from pipeline.simulation.calls import HttpRequest
from pipeline.simulation.json_paths import read_at
from pipeline.simulation.refusals import Refusal


class Replays:
    """First answers by operation and key."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], tuple[str, MockResponse]] = {}

    def find(self, operation: Operation, request: HttpRequest) -> MockResponse | None:
        """Refusal where the key was used for something else."""
        key = _key(operation, request)
        if key is None or (operation.id, key) not in self._answers:
            return None
        before, response = self._answers[operation.id, key]
        if before != _content(request):
            raise Refusal("invalid", "The idempotency key was used with another body.")
        return response

    def keep(self, operation: Operation, request: HttpRequest, response: MockResponse) -> None:
        key = _key(operation, request)
        if key is not None:
            self._answers[operation.id, key] = (_content(request), response)


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
