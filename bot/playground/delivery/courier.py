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
        """Send what happened at once, without waiting: in turn, unless shuffling was asked for."""
        ordered = payloads[::-1] if self._faults.delivery.mention_first else payloads
        copies = self._faults.delivery.copies
        deliveries = [Delivery("events_api", one) for one in ordered for _ in range(copies)]
        if not self._faults.delivery.shuffle_seconds:
            self.start(self._in_turn(deliveries))
            return
        for delivery in deliveries:
            self.start(self._at_random(delivery))

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

    async def _in_turn(self, deliveries: list[Delivery]) -> None:
        """Only the first tries: what has to be sent again holds nothing up."""
        for delivery in deliveries:
            if (reason := await self._refusal(delivery)) is not None:
                self.start(self._again(delivery, reason))

    async def _at_random(self, delivery: Delivery) -> None:
        await asyncio.sleep(self._faults.random.uniform(0, self._faults.delivery.shuffle_seconds))
        await self._in_turn([delivery])

    async def _again(self, delivery: Delivery, reason: str | None) -> None:
        for number, delay in enumerate(self.timing.retry_delays, start=1):
            if reason is None:
                return
            await asyncio.sleep(delay)
            delivery = replace(delivery, retry_number=number, retry_reason=reason)
            reason = await self._refusal(delivery)

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
