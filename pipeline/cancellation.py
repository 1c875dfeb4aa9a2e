"""Stopping work in the middle: whoever runs something registers how to kill it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.errors import Stopped


class Cancellation:
    """A stop signal for one run of work. Thread-safe; once set it stays set."""

    def __init__(self) -> None:
        self._set = threading.Event()
        self._lock = threading.Lock()
        self._killers: list[Callable[[], None]] = []

    @property
    def is_set(self) -> bool:
        return self._set.is_set()

    def cancel(self) -> None:
        """Stop the work now: kill what is registered, and refuse what comes after."""
        with self._lock:
            self._set.set()
            killers = list(self._killers)
        for kill in killers:
            kill()

    def check(self) -> None:
        """Stopped, if the work was stopped."""
        if self._set.is_set():
            raise Stopped("Stopped.")

    def wait(self, seconds: float) -> None:
        """Wait, unless the work is stopped meanwhile (Stopped)."""
        if self._set.wait(seconds):
            self.check()

    @contextmanager
    def killing(self, kill: Callable[[], None]) -> Iterator[None]:
        """Call `kill` if the work is stopped while the block runs."""
        with self._lock:
            if self._set.is_set():
                raise Stopped("Stopped.")
            self._killers.append(kill)
        try:
            yield
        finally:
            with self._lock:
                self._killers.remove(kill)
        self.check()
