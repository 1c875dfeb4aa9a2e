"""Slack's rate limits, where they are switched on."""

import math
from collections import defaultdict, deque

from bot.playground.clock import WorkspaceClock

_A_MINUTE = {"2": 20, "3": 50, "4": 100}
_POSTS_AT_ONCE = 3  # Slack lets a short burst through before it holds to one a second


class Rates:
    def __init__(self, clock: WorkspaceClock, enforced: bool) -> None:
        self.enforced = enforced
        self._clock = clock
        self._calls: dict[str, deque[float]] = defaultdict(deque)

    def wait(self, method: str, tier: str, channel: str) -> int:
        """0 when the call may go on, else after how many seconds to try again."""
        if not self.enforced or tier == "special":
            return 0
        if tier == "post":
            return self._take(f"{method} {channel}", _POSTS_AT_ONCE, _POSTS_AT_ONCE)
        return self._take(method, _A_MINUTE[tier], 60)

    def _take(self, key: str, most: int, seconds: float) -> int:
        calls, now = self._calls[key], self._clock.now()
        while calls and calls[0] <= now - seconds:
            calls.popleft()
        if len(calls) >= most:
            return max(1, math.ceil(calls[0] + seconds - now))
        calls.append(now)
        return 0
