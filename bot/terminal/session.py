"""One integration in a terminal: advance it, show what is said, and let the person decide."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.posting import post_pending
from bot.terminal.announcer import ConsoleAnnouncer, JsonAnnouncer
from pipeline.advance import advance
from pipeline.artifacts import StepName
from pipeline.cancellation import Cancellation
from pipeline.conversation import Conversation
from pipeline.errors import Stopped, UsageError
from pipeline.integration import Integration
from pipeline.services import Services

_POLL_SECONDS = 0.05

FINISHED, FAILED, OUT_OF_SCOPE, WAITING = 0, 1, 2, 3  # exit codes


class Person(Protocol):
    """Who decides: somebody at the keyboard, or `--yes`."""

    def decide(self, integration: Integration) -> bool:
        """Answer what is open; False when nobody answers."""
        ...


@dataclass
class Session:
    services: Services
    conversation: Conversation
    announcer: ConsoleAnnouncer | JsonAnnouncer
    person: Person

    def run(self, integration_id: str, until: StepName | None) -> int:
        """Advance until all is done or a person is missing; gives the exit code."""
        while True:
            self._advance(integration_id)
            integration = self.services.store.get(integration_id)
            code = _ended(integration, until)
            if code is not None:
                return code
            if not self.person.decide(integration):
                return WAITING

    def _advance(self, integration_id: str) -> None:
        """Advance in the background, so that replies show while it works."""
        cancellation = Cancellation()
        failure: list[BaseException] = []

        def work() -> None:
            try:
                advance(integration_id, self.services, cancellation)
            except Stopped:
                pass
            except BaseException as error:  # raised again below, in the person's thread
                failure.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_POLL_SECONDS)
                post_pending(self.services.store, self.announcer, integration_id)
        except BaseException:  # Ctrl-C: stop what runs before leaving
            cancellation.cancel()
            thread.join()
            raise
        if failure:
            raise failure[0]
        post_pending(self.services.store, self.announcer, integration_id)


def _ended(integration: Integration, until: StepName | None) -> int | None:
    if integration.status == "out-of-scope":
        return OUT_OF_SCOPE
    states = integration.steps
    if until is not None and states[until].status == "done":
        return FINISHED
    if any(state.status == "failed" for state in states.values()):
        return FAILED
    if all(state.status == "done" for state in states.values()):
        return FINISHED
    return None


@contextmanager
def alone(home: Path, integration_id: str) -> Iterator[None]:
    """Hold the integration for this process, since only one may advance it at a time."""
    locks = home / "running"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / integration_id).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"{integration_id} is being worked on by another weft. Wait for it to end."
            ) from None
        yield
