"""Calls in one context: the command line for nearly all, the API for what it lacks."""

import json
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from pipeline.errors import PlatformError
from pipeline.platforms.versori.contexts import Context
from pipeline.platforms.versori.executable import Call, Executable
from pipeline.platforms.versori.failures import refusal

_NOTHING = "(no items)"
_PAGE = 100
_TIMEOUT_SECONDS = 60.0
_logger = logging.getLogger(__name__)

Item = dict[str, Any]


@dataclass(frozen=True)
class Session:
    executable: Executable
    configuration: Path
    context: Context

    # ---- The command line ----------------------------------------------------------------------

    def run(self, call: Call) -> str:
        hidden = [self.context.jwt.get_secret_value()]
        return self.executable.run(call, self.configuration, self.context.name, hidden)

    def items(self, call: Call) -> list[Item]:
        """Of a listing; an empty one is no JSON."""
        printed = self.run(call).strip()
        if printed in ("", _NOTHING):
            return []
        items = _json(call, printed).get("items")
        if not isinstance(items, list):
            raise _unreadable(call)
        return [item for item in items if isinstance(item, dict)]

    def item(self, call: Call) -> Item:
        return _json(call, self.run(call).strip())

    # ---- The API -------------------------------------------------------------------------------

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        parameters: Mapping[str, str] | None = None,
        hidden: Sequence[str] = (),
    ) -> Any:
        """One request below the organisation; gives the answer's JSON, None where it is empty."""
        started = time.monotonic()
        with self._client() as client:
            try:
                answer = client.request(method, path, json=body, params=parameters)
            except httpx.HTTPError as error:
                raise PlatformError(
                    f"Versori can't be reached ({type(error).__name__}): say “retry” in a while.",
                    retryable=True,
                ) from None
        seconds = time.monotonic() - started
        _logger.info("%s %s: %d in %.2f s", method, path, answer.status_code, seconds)
        if answer.is_success:
            return answer.json() if answer.content else None
        secrets = [self.context.jwt.get_secret_value(), *hidden]
        said = f"status {answer.status_code}: {_message(answer)}"
        raise refusal(f"`{method} {path}`", said, self.context.name, secrets)

    def pages(self, path: str, parameters: Mapping[str, str]) -> Iterator[Item]:
        """All items of a listing that comes in pages."""
        position: dict[str, str] = {}
        while True:
            page = self.request(
                "GET", path, parameters={**parameters, **position, "first": str(_PAGE)}
            )
            yield from page.get("items") or []
            if not page.get("next") or page["next"] == position.get("after"):
                return
            position = {"after": page["next"]}

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        base = f"{self.context.url}o/{self.context.organisation_id}/"
        headers = {"Authorization": f"JWT {self.context.jwt.get_secret_value()}"}
        with httpx.Client(base_url=base, headers=headers, timeout=_TIMEOUT_SECONDS) as client:
            yield client


def _json(call: Call, printed: str) -> Item:
    try:
        content = json.loads(printed)
    except ValueError:
        raise _unreadable(call) from None
    if not isinstance(content, dict):
        raise _unreadable(call)
    return content


def _unreadable(call: Call) -> PlatformError:
    return PlatformError(
        f"`{call}` printed something that Weft can't read: look whether the Versori command line "
        "is one that Weft knows (`weft doctor`)."
    )


def _message(answer: httpx.Response) -> str:
    try:
        content = answer.json()
    except ValueError:
        return answer.text
    if not isinstance(content, dict):
        return answer.text
    return " ".join(str(content[key]) for key in ("message", "details") if content.get(key))
