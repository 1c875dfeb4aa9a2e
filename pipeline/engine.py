"""The durable engine: one job per state of an integration, on the database that is there anyway.

A job carries only the integration's id and does no more than call `advance`, which is safe to
repeat. Jobs of one integration run one after the other, on any worker. A sweep enqueues what has
work and no job; a second sweep takes over jobs of workers that died.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig

from pipeline.cancellation import Cancellation
from pipeline.errors import Stopped
from pipeline.executor_lock import ExecutorLock

_QUEUE = "integrations"
_WORKFLOW = "advance"
# Jobs are thin and safe to repeat, so those of an older Weft may go on in a newer one.
_APPLICATION_VERSION = "1"
_POLL_SECONDS = 0.1
_WATCH_SECONDS = 0.2
_SWEEP_SECONDS = 2.0

_logger = logging.getLogger(__name__)

Advance = Callable[[str, Cancellation], None]


def prepare(url: str) -> None:
    """Make or update the engine's own tables; safe to repeat."""
    DBOS.migrate(url)


class JobQueue:
    """Puts jobs into the queue, from any process."""

    def __init__(self, url: str) -> None:
        self._client = DBOSClient(system_database_url=url)

    def enqueue(self, integration_id: str, state: str) -> None:
        """Ask for the integration to be advanced; the same `state` a second time does nothing."""
        self._client.enqueue(
            {
                "workflow_name": _WORKFLOW,
                "queue_name": _QUEUE,
                "workflow_id": f"{integration_id}:{state}",
                "queue_partition_key": integration_id,
                "app_version": _APPLICATION_VERSION,
            },
            integration_id,
        )

    def close(self) -> None:
        self._client.destroy()


class Worker:
    """Runs jobs until it is closed. One per process: the engine's registry is the process's."""

    def __init__(
        self,
        url: str,
        name: str,
        advance: Advance,
        is_active: Callable[[str], bool],
        runnable: Callable[[], Iterable[str]],
        concurrency: int = 4,
    ) -> None:
        """`name` is unique among living workers; `runnable` gives ids of integrations."""
        self._advance = advance
        self._is_active = is_active
        self._runnable = runnable
        self._closing = threading.Event()
        self._lock = ExecutorLock(url, name)
        config: DBOSConfig = {
            "name": "weft",
            "system_database_url": url,
            "executor_id": name,
            "application_version": _APPLICATION_VERSION,
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": _POLL_SECONDS,
        }
        DBOS(config=config)

        @DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=1000)
        def job(integration_id: str) -> None:
            self._job(integration_id)

        DBOS.launch()
        DBOS.register_queue(
            _QUEUE,
            worker_concurrency=concurrency,
            partition_concurrency=1,
            polling_interval_sec=_POLL_SECONDS,
        )
        self._queue = JobQueue(url)
        self._sweeper = threading.Thread(target=self._sweep_until_closed, daemon=True)
        self._sweeper.start()

    def close(self) -> None:
        """Stop taking jobs. One that is running goes on elsewhere, or here after a restart."""
        self._closing.set()
        self._sweeper.join()
        self._queue.close()
        DBOS.destroy(destroy_registry=True)
        self._lock.close()

    def sweep(self) -> None:
        """Enqueue what has work and no job, and take over what dead workers left."""
        jobs: list[Any] = DBOS.list_workflows(name=_WORKFLOW, status=["PENDING", "ENQUEUED"])
        self._take_over([job for job in jobs if job.status == "PENDING"])
        busy = {job.workflow_id.split(":")[0] for job in jobs}
        for integration_id in self._runnable():
            if integration_id not in busy:
                self._queue.enqueue(integration_id, f"sweep-{secrets.token_hex(8)}")

    def _job(self, integration_id: str) -> None:
        cancellation = Cancellation()
        done = threading.Event()
        watcher = threading.Thread(
            target=self._watch, args=(integration_id, cancellation, done), daemon=True
        )
        watcher.start()
        try:
            self._advance(integration_id, cancellation)
        except Stopped:
            _logger.info("%s: stopped", integration_id)
        finally:
            done.set()
            watcher.join()

    def _watch(
        self, integration_id: str, cancellation: Cancellation, done: threading.Event
    ) -> None:
        """Stop means now: look for it while the job runs, and kill what it is doing."""
        while not done.wait(_WATCH_SECONDS):
            if not self._is_active(integration_id):
                cancellation.cancel()
                return

    def _sweep_until_closed(self) -> None:
        while not self._closing.wait(_SWEEP_SECONDS):
            try:
                self.sweep()
            except Exception:  # the database may be away for a while; the next sweep tries again
                _logger.exception("sweep failed")

    def _take_over(self, pending: list[Any]) -> None:
        owners = {job.executor_id for job in pending}
        dead = {owner for owner in owners if self._lock.is_dead(owner)}
        for job in pending:
            if job.executor_id in dead:
                _logger.warning("taking over %s from %s", job.workflow_id, job.executor_id)
                DBOS.resume_workflow(job.workflow_id, queue_name=_QUEUE)
