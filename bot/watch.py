"""Watches what is live, in the worker: looks often where something happens, seldom where not."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.errors import ServiceError
from pipeline.live.summary import summarise
from pipeline.live.watching import Watcher
from pipeline.services import Services

_EVERY_SECONDS = 3.0
_LIST_SECONDS = 12.0  # reading all integrations costs more than looking at one
_SELDOM_SECONDS = 30.0
_SHARE = 10  # a look that takes long, over a command line say, is rare: a tenth of the time

_logger = logging.getLogger(__name__)

Place = tuple[str, str]  # an integration's id, and an environment


@dataclass
class _Pace:
    pause: float = _EVERY_SECONDS
    due: float = 0.0


class Watch:
    """One thread for everything that is live; several workers may watch the same."""

    def __init__(self, services: Services, without_team: str) -> None:
        """Of `without_team`, nobody listens to what would be said."""
        self._services = services
        self._without = without_team
        self._watcher = Watcher(services.store, lambda: services.platform, services.clock)
        self._paces: dict[Place, _Pace] = {}
        self._listed = -_LIST_SECONDS
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()

    def look_around(self) -> None:
        """Look at every place that is due."""
        if self._listed + _LIST_SECONDS <= time.monotonic():
            places = list(self._places())
            self._paces = {place: self._paces.get(place, _Pace()) for place in places}
            self._listed = time.monotonic()
        for place, pace in self._paces.items():
            if pace.due <= time.monotonic() and not self._closing.is_set():
                self._look(place, pace)

    def _look(self, place: Place, pace: _Pace) -> None:
        started, busy = time.monotonic(), False
        try:
            busy = self._watcher.look(*place)
            summarise(self._services.store, self._services.platform, self._services.clock, place[0])
        except ServiceError as error:
            _logger.info("%s on %s is looked at later: %s", *place, error)
        ended = time.monotonic()
        slow = _SHARE * (ended - started)
        longest = max(_SELDOM_SECONDS, slow)
        pace.pause = max(_EVERY_SECONDS if busy else min(pace.pause * 2, longest), slow)
        pace.due = ended + pace.pause

    def _places(self) -> Iterator[Place]:
        for integration in self._services.store.list():
            if integration.team != self._without:
                for environment in integration.live:
                    yield integration.id, environment

    def _run(self) -> None:
        while not self._closing.wait(_EVERY_SECONDS):
            try:
                self.look_around()
            except Exception:  # whatever is wrong with one, the others must be watched
                _logger.exception("watching failed")


@contextmanager
def watching(services: Services, without_team: str) -> Iterator[None]:
    watch = Watch(services, without_team)
    watch.start()
    try:
        yield
    finally:
        watch.close()
