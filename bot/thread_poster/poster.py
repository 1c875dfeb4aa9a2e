"""Posts what waits in the outbox, as long as the process runs."""

import logging
import threading

from bot.posting import post_pending
from bot.thread_poster.announcer import SlackAnnouncer
from pipeline.errors import WeftError
from pipeline.ports import IntegrationStore

_POLL_SECONDS = 0.2
_REST_SECONDS = 2.0  # after a failure

_logger = logging.getLogger(__name__)


class Poster:
    """Several threads: one that keeps a channel's pace holds up no other channel."""

    def __init__(
        self, store: IntegrationStore, announcer: SlackAnnouncer, threads: int = 2
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name=f"poster-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Finish what is being posted; the rest waits in the outbox."""
        self._closing.set()
        for thread in self._threads:
            thread.join()
        self._announcer.flush(now=True)

    def _run(self) -> None:
        while not self._closing.wait(_POLL_SECONDS):
            try:
                post_pending(self._store, self._announcer)
                self._announcer.flush()
            except WeftError as error:
                _logger.warning("posting waits: %s", error)
                self._closing.wait(_REST_SECONDS)
            except Exception:  # whatever is wrong with one reply, the others must be posted
                _logger.exception("posting failed")
                self._closing.wait(_REST_SECONDS)
