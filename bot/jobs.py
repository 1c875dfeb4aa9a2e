"""Asks for integrations to be advanced, without keeping anybody waiting for the answer."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from pipeline.engine import JobQueue

_logger = logging.getLogger(__name__)


class Jobs:
    """What can't be enqueued now is found by a worker's sweep, seconds later."""

    def __init__(self, open_queue: Callable[[], JobQueue]) -> None:
        self._open_queue = open_queue
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="jobs")

    def enqueue(self, integration_id: str, state: str) -> None:
        """The same state a second time does nothing."""
        self._executor.submit(self._enqueue, integration_id, state)

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
        if "_queue" in vars(self):
            self._queue.close()

    @cached_property
    def _queue(self) -> JobQueue:
        return self._open_queue()

    def _enqueue(self, integration_id: str, state: str) -> None:
        try:
            self._queue.enqueue(integration_id, state)
        except Exception as error:  # of the engine's database: many kinds, and the sweep helps
            _logger.warning("%s waits for the sweep: %s", integration_id, type(error).__name__)
