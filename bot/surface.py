"""What every listener works with, and the way in which each of them ends."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.pages.links import PageLinks
from bot.recent import Recent
from bot.thread_poster import Gateway
from pipeline.catalogue.catalogue import Catalogue
from pipeline.conversation import Conversation, Thread
from pipeline.errors import AlreadyHandled, UserError
from pipeline.integration import Integration
from pipeline.live.customers import Customers
from pipeline.live.operations import Operations
from pipeline.live.proposals import Proposals
from pipeline.ports import IntegrationStore

_logger = logging.getLogger(__name__)


class JobsPort(Protocol):
    def enqueue(self, integration_id: str, state: str) -> None: ...


@dataclass(frozen=True)
class Surface:
    conversation: Conversation
    store: IntegrationStore
    catalogue: Catalogue
    jobs: JobsPort
    gateway: Gateway
    operations: Operations
    proposals: Proposals
    customers: Customers
    links: PageLinks
    executor: Executor
    _whispered: Recent = field(default_factory=Recent)

    def later(self, do: Callable[..., None], *arguments: Any) -> None:
        """Do something slow after Slack has its acknowledgement."""
        self.executor.submit(do, *arguments).add_done_callback(_log_failure)

    def changed(self, integration_id: str) -> None:
        """Let a worker go on with an integration, as it stands now."""
        revision = self.store.get(integration_id).revision
        self.jobs.enqueue(integration_id, str(revision))

    def integration(self, integration_id: str, team: str) -> Integration:
        """An integration of that workspace. UserError for any other, forged ids among them."""
        try:
            found = self.store.get(integration_id)
        except KeyError:
            found = None
        if found is None or found.team != team:
            raise UserError("That integration is not here any more. Begin a new one in a thread.")
        return found

    @contextmanager
    def answering(self, thread: Thread, user: str, key: str) -> Iterator[None]:
        """Tell the person, and nobody else, why nothing changed; a second delivery says nothing."""
        try:
            yield
        except AlreadyHandled:
            _logger.info("delivered again: %s", key)
        except UserError as error:
            self.whisper(thread, user, str(error), key)

    def whisper(self, thread: Thread, user: str, text: str, key: str) -> None:
        """A sentence to that person alone, once for each key of what they did."""
        if self._whispered.first(key):
            self.later(self.gateway.whisper, thread, user, text)


def _log_failure(future: "Future[None]") -> None:
    error = future.exception()
    if error is not None:
        _logger.error("a listener's work failed: %s", error, exc_info=error)
