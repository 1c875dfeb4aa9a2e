"""Links to the pages of one integration: given to a person, and good for an hour."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.errors import NotAllowed, StoreError
from pipeline.ports import Clock

PATH = "/live"
_GOOD_FOR = timedelta(hours=1)


class Tokens(Protocol):
    def seal(self, text: str) -> str: ...
    def open(self, token: str) -> str:
        """StoreError for a token that was not sealed here."""
        ...


@dataclass(frozen=True)
class Permit:
    """What a link lets its bearer see, and in whose name they replay."""

    integration_id: str
    environment: str
    user: str


@dataclass(frozen=True)
class PageLinks:
    """`address` is where the web process is reached: publicly, or on this machine alone."""

    tokens: Tokens
    clock: Clock
    address: Callable[[], str]

    def make(self, integration_id: str, environment: str, user: str) -> str:
        expires = (self.clock.now() + _GOOD_FOR).isoformat()
        told = json.dumps([integration_id, environment, user, expires])
        return f"{self.address()}{PATH}/{self.tokens.seal(told)}/"

    def read(self, token: str) -> Permit:
        """NotAllowed for a link that is too old, or that Weft never gave."""
        try:
            integration_id, environment, user, expires = json.loads(self.tokens.open(token))
        except (StoreError, ValueError) as error:
            raise NotAllowed(
                "This link is not one of Weft's. Ask for one in the thread."
            ) from error
        if datetime.fromisoformat(expires) < self.clock.now():
            raise NotAllowed("This link is too old. Say “events” in the thread for a new one.")
        return Permit(integration_id, environment, user)
