"""Calling the runner's control API: one place for its address, its token and its failures."""

from typing import TypeVar

import httpx
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from pipeline.errors import PlatformError

_TIMEOUT_SECONDS = 120.0

T = TypeVar("T")


class Remote:
    """The runner, from outside. Thread-safe."""

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"{url}/control/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def call(self, operation: str, **arguments: object) -> object:
        """The result; PlatformError with the runner's sentence, or with how to get a runner."""
        try:
            answer = self._client.post(operation, json=to_jsonable_python(arguments))
            content = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise PlatformError(
                "The local platform's runner does not answer: start it with `weft runner`.",
                retryable=True,
            ) from error
        if answer.status_code != 200:
            raise PlatformError(
                content.get("error", "The runner refused."),
                retryable=bool(content.get("retryable")),
            )
        return content["result"]

    def fetch(self, result: TypeAdapter[T], operation: str, **arguments: object) -> T:
        """The result as a value of that type."""
        return result.validate_python(self.call(operation, **arguments))
