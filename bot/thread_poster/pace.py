"""Slack's pace: about one new message a second in a channel, and fewer edits of one message."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable

POSTS_APART = 1.0  # seconds
EDITS_APART = 2.5


class Pace:
    """Thread-safe."""

    def __init__(
        self,
        posts_apart: float = POSTS_APART,
        edits_apart: float = EDITS_APART,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._posts_apart = posts_apart
        self._edits_apart = edits_apart
        self._now = now
        self._lock = threading.Lock()
        self._next_post: dict[str, float] = defaultdict(float)
        self._next_edit: dict[str, float] = defaultdict(float)

    def wait_to_post(self, channel: str) -> None:
        """Wait for this post's turn in the channel."""
        with self._lock:
            now = self._now()
            turn = max(now, self._next_post[channel])
            self._next_post[channel] = turn + self._posts_apart
        time.sleep(turn - now)

    def may_edit(self, message: str) -> bool:
        """Whether a message may be edited now; if so, its next turn is later."""
        with self._lock:
            now = self._now()
            if now < self._next_edit[message]:
                return False
            self._next_edit[message] = now + self._edits_apart
            return True
