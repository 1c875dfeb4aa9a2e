"""One request to the Messages API: counted, sent, streamed, and stopped at once when asked.

The asynchronous client is used for the sake of stopping: cancelling its task closes the
connection wherever it is, be it connecting, waiting to retry, or in the middle of an answer.
"""

import asyncio
import json
import logging
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import cache
from typing import Any, NotRequired, TypedDict, TypeVar, cast

import anthropic
import httpx2
from anthropic.types import (
    CacheControlEphemeralParam,
    Message,
    MessageParam,
    OutputConfigParam,
    TextBlockParam,
    ThinkingConfigAdaptiveParam,
    ToolUnionParam,
)

from pipeline.analysts.assignment import current_assignment
from pipeline.analysts.claude.configuration import Configuration
from pipeline.analysts.claude.failures import failure, passes
from pipeline.errors import AnalystError

T = TypeVar("T")
Watch = Callable[[str, Message], None]
"""Called with what the model begins (`thinking`, `text`, a tool's name) and the message so far."""

_SENDS = 2  # a stream that breaks after it began is asked for once more; the SDK does the rest
_SIGNS_A_TOKEN = 3.5  # a cautious estimate, where a server does not count
_READ_SECONDS = 60.0
_logger = logging.getLogger(__name__)


class Counted(TypedDict):
    """What of a request makes up its input."""

    model: str
    system: list[TextBlockParam]
    messages: list[MessageParam]
    tools: NotRequired[list[ToolUnionParam]]
    thinking: NotRequired[ThinkingConfigAdaptiveParam]
    output_config: NotRequired[OutputConfigParam]
    cache_control: NotRequired[CacheControlEphemeralParam]


class MessageRequest(Counted):
    max_tokens: int


class Api:
    """Raises AnalystError, whose sentence says what to do, and Stopped."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def send(self, request: MessageRequest, admit: Callable[[int], None], watch: Watch) -> Message:
        """The whole answer. `admit` is given the input's tokens first, and raises to refuse."""
        return _run(self._send(request, admit, watch))

    async def _send(
        self, request: MessageRequest, admit: Callable[[int], None], watch: Watch
    ) -> Message:
        try:
            async with asyncio.timeout(self._configuration.call_seconds), self._client() as client:
                admit(await _count(client, request))
                for _ in range(_SENDS - 1):
                    try:
                        return await _stream(client, request, watch)
                    except (anthropic.APIError, httpx2.HTTPError) as error:
                        if not passes(error):
                            raise
                        _logger.warning("asking Claude again: %s", type(error).__name__)
                return await _stream(client, request, watch)
        except (anthropic.APIError, httpx2.HTTPError, TimeoutError, json.JSONDecodeError) as error:
            _logger.warning("Claude's API failed: %s", error)
            raise failure(error, request["model"]) from error

    def _client(self) -> anthropic.AsyncAnthropic:
        return anthropic.AsyncAnthropic(
            api_key=self._configuration.api_key.get_secret_value(),
            base_url=self._configuration.base_url,
            max_retries=self._configuration.retries,
            http_client=anthropic.DefaultAsyncHttpxClient(verify=_certificates()),
            timeout=httpx2.Timeout(_READ_SECONDS, connect=5.0),
        )


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: each client belongs to one loop, and would read them again for one call."""
    return httpx2.create_ssl_context()


async def _count(client: anthropic.AsyncAnthropic, request: MessageRequest) -> int:
    """The input's tokens, estimated where the server has no endpoint that counts them."""
    content = cast(Counted, {name: part for name, part in request.items() if name != "max_tokens"})
    try:
        return (await client.messages.count_tokens(**content)).input_tokens
    except (anthropic.NotFoundError, anthropic.HTTPNotImplementedError):
        return round(len(json.dumps(content, default=str)) / _SIGNS_A_TOKEN)


async def _stream(
    client: anthropic.AsyncAnthropic, request: MessageRequest, watch: Watch
) -> Message:
    async with client.messages.stream(**request) as stream:
        async for event in stream:
            if event.type == "message_start":
                watch("", event.message)
            elif event.type == "content_block_start":
                block = event.content_block
                watch(getattr(block, "name", block.type), stream.current_message_snapshot)
        try:
            return await stream.get_final_message()
        except AssertionError as error:  # how the SDK says that no message came
            raise AnalystError("Claude's API gave an empty answer.", retryable=True) from error


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Do the work in a loop of its own, and drop it when the assignment is stopped."""
    cancellation = current_assignment().cancellation

    async def whole() -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def kill() -> None:
            with suppress(RuntimeError):  # the loop ended meanwhile: there is nothing to stop
                loop.call_soon_threadsafe(task.cancel)

        with cancellation.killing(kill):
            return await work

    try:
        cancellation.check()
        return asyncio.run(whole())
    except asyncio.CancelledError:
        cancellation.check()
        raise
    finally:
        work.close()
