"""The workspace's time, which a test can move on instead of waiting."""

import time


class WorkspaceClock:
    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead

    def skip(self, seconds: float) -> None:
        self._ahead += seconds
