"""Delivers within Slack's three seconds, and events again when they were not acknowledged."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.playground.delivery.transports import Answer, Delivery, NotDelivered, Transport
from bot.playground.faults import Faults

MOST_ATTEMPTS = 10_000


@dataclass(frozen=True)
class Attempt:
    """One try: `outcome` is "acknowledged", or Slack's reason to try again."""

    kind: str
    payload: dict[str, Any]
    retry_number: int
    outcome: str
    seconds: float


@dataclass(frozen=True)
class Timing:
    """Slack waits 3 s, and tries an event again at once, after a minute and after five."""

    acknowledge_seconds: float = 3.0
    retry_delays: Sequence[float] = (0.0, 60.0, 300.0)


class Courier:
    def __init__(
        self, transport: Callable[[], Transport | None], faults: Faults, timing: Timing
    ) -> None:
        self.attempts: deque[Attempt] = deque(maxlen=MOST_ATTEMPTS)
        self.timing = timing
        self._transport = transport
        self._faults = faults
        self._under_way: set[asyncio.Task[None]] = set()

    def events(self, payloads: list[dict[str, Any]]) -> None:
        """Send these without waiting, each with its retries, as many times as was asked for."""
        ordered = reversed(payloads) if self._faults.delivery.mention_first else payloads
        for payload in ordered:
            for _ in range(self._faults.delivery.copies):
                self.start(self._event(Delivery("events_api", payload)))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self) -> None:
        """Returns when nothing is on its way to the bot any more."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    def close(self) -> None:
        for task in self._under_way:
            task.cancel()

    async def ask(self, delivery: Delivery) -> Answer:
        """One try of an interaction or a command. NotDelivered names what people are shown."""
        answer = await self._try(delivery)
        if not answer.accepted:
            raise NotDelivered("dispatch_failed")
        return answer

    async def _event(self, delivery: Delivery) -> None:
        await asyncio.sleep(self._faults.random.uniform(0, self._faults.delivery.shuffle_seconds))
        delays = iter(self.timing.retry_delays)
        while (reason := await self._refusal(delivery)) is not None:
            delay = next(delays, None)
            if delay is None:
                return
            await asyncio.sleep(delay)
            delivery = replace(
                delivery, retry_number=delivery.retry_number + 1, retry_reason=reason
            )

    async def _refusal(self, delivery: Delivery) -> str | None:
        """Why Slack would send it again, or None."""
        try:
            answer = await self._try(delivery)
        except NotDelivered as failure:
            return "http_timeout" if failure.reason == "operation_timeout" else failure.reason
        if answer.accepted and self._faults.loses_acknowledgement():
            return "http_timeout"
        return None if answer.accepted or answer.wants_no_retry else "http_error"

    async def _try(self, delivery: Delivery) -> Answer:
        transport = self._transport()
        started = time.monotonic()
        outcome = "acknowledged"
        try:
            if transport is None:
                raise NotDelivered("connection_failed")
            async with asyncio.timeout(self.timing.acknowledge_seconds):
                answer = await transport.send(delivery)
            outcome = outcome if answer.accepted else f"http_{answer.status}"
            return answer
        except TimeoutError:
            outcome = "operation_timeout"
            raise NotDelivered(outcome) from None
        except NotDelivered as failure:
            outcome = failure.reason
            raise
        finally:
            seconds = time.monotonic() - started
            self.attempts.append(
                Attempt(delivery.kind, delivery.payload, delivery.retry_number, outcome, seconds)
            )
