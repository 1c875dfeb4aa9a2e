"""Calling the runner's control API: one place for its address, its token and its failures."""

import threading
import time
from pathlib import Path
from typing import TypeVar

import httpx
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from pipeline.errors import PlatformError
from pipeline.platforms.local.discovery import find_runner

_TIMEOUT_SECONDS = 120.0
_PATIENCE_SECONDS = 15.0  # for a runner that is started again
_POLL_SECONDS = 0.2
_MISUNDERSTOOD = (404, 422)  # no such operation, or other arguments
_OTHER_VERSION = (
    " It may be of another version of Weft: end it with `weft runner --stop`, and try again."
)

T = TypeVar("T")


class Remote:
    """The runner, from outside. Thread-safe.

    With its home, one that was started again is found again: it has another token, and may have
    another port.
    """

    def __init__(self, url: str, token: str, home: Path | None = None) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._client = _client(url, token)
        self._stale: list[httpx.Client] = []  # not closed yet: other threads may hold them

    def close(self) -> None:
        for client in (*self._stale, self._client):
            client.close()

    def call(self, operation: str, **arguments: object) -> object:
        """The result; PlatformError with the runner's sentence, or with how to get a runner."""
        content = to_jsonable_python(arguments)
        try:
            client = self._client
            answer = _asked(client, operation, content)
            if _is_another(answer) and self._found_again(client):
                answer = _asked(self._client, operation, content)
            said = answer.json() if answer is not None else {}
        except (httpx.HTTPError, ValueError) as error:
            raise _unanswered() from error
        if answer is None:
            raise _unanswered()
        if answer.status_code != 200:
            sentence = said.get("error", "The runner refused.")
            if answer.status_code in _MISUNDERSTOOD:
                sentence += _OTHER_VERSION
            raise PlatformError(sentence, retryable=bool(said.get("retryable")))
        return said["result"]

    def _found_again(self, stale: httpx.Client) -> bool:
        """Whether there is another runner by now, to which calls go from here on."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        with self._lock:
            while self._home is not None and self._client is stale:
                found = find_runner(self._home)
                if found is not None:
                    self._stale.append(stale)
                    self._client = _client(found.url, found.token)
                elif time.monotonic() > deadline:
                    return False
                else:
                    time.sleep(_POLL_SECONDS)
            return self._client is not stale

    def fetch(self, result: TypeAdapter[T], operation: str, **arguments: object) -> T:
        """The result as a value of that type."""
        return result.validate_python(self.call(operation, **arguments))


def _client(url: str, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"{url}/control/",
        headers={"Authorization": f"Bearer {token}"},
        timeout=_TIMEOUT_SECONDS,
        trust_env=False,
    )


def _asked(client: httpx.Client, operation: str, content: object) -> httpx.Response | None:
    """The answer; None where nothing was done, since nobody is there."""
    try:
        return client.post(operation, json=content)
    except httpx.ConnectError:
        return None


def _is_another(answer: httpx.Response | None) -> bool:
    """Whether the runner is gone, or another one that does not know the token."""
    return answer is None or answer.status_code == 401


def _unanswered() -> PlatformError:
    return PlatformError(
        "The local platform's runner does not answer: start it with `weft runner`.",
        retryable=True,
    )
