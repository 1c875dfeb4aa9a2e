"""Every Web API call that was received, and every other answer, for tests and for checks."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from bot.playground.errors import SlackError

MOST_CALLS = 10_000


@dataclass(frozen=True)
class Call:
    """`error` is None when the call was done; tokens are not among the arguments."""

    number: int
    method: str
    arguments: dict[str, Any]
    error: str | None


class Calls:
    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=MOST_CALLS)
        self._count = 0

    def record(self, method: str, arguments: dict[str, Any], error: str | None) -> None:
        self._count += 1
        self._calls.append(Call(self._count, method, arguments, error))

    @contextmanager
    def recorded(self, method: str, arguments: dict[str, Any]) -> Iterator[None]:
        """An answer of the bot that is no Web API call: recorded as done, or with its error."""
        try:
            yield
        except SlackError as error:
            self.record(method, arguments, error.code)
            raise
        self.record(method, arguments, None)

    def of(self, method: str) -> list[Call]:
        return [call for call in self._calls if call.method == method]

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(call) for call in self._calls]
