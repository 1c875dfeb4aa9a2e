"""Trigger ids: they open one modal, within three seconds of what the person did."""

import secrets
from dataclasses import dataclass

from bot.playground.bounded import Bounded
from bot.playground.clock import WorkspaceClock
from bot.playground.errors import SlackError

VALID_SECONDS = 3
MOST_TRIGGERS = 10_000


@dataclass
class Trigger:
    user: str
    view_id: str | None
    issued_at: float
    exchanged: bool = False


class Triggers:
    def __init__(self, clock: WorkspaceClock) -> None:
        self._clock = clock
        self._triggers: Bounded[str, Trigger] = Bounded(MOST_TRIGGERS)

    def issue(self, user: str, view_id: str | None = None) -> str:
        """`view_id`: the modal in which the person acted, on which another can be pushed."""
        name = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._triggers[name] = Trigger(user, view_id, self._clock.now())
        return name

    def exchange(self, name: str | None) -> Trigger:
        """SlackError invalid_trigger_id, exchanged_trigger_id or expired_trigger_id."""
        trigger = self._triggers.get(name or "")
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() - trigger.issued_at > VALID_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.exchanged = True
        return trigger
