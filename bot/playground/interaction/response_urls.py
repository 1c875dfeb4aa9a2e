"""Response addresses: each takes five messages within half an hour."""

import secrets
from dataclasses import dataclass

from bot.playground.bounded import Bounded
from bot.playground.clock import WorkspaceClock
from bot.playground.errors import SlackError
from bot.playground.messages import Message

MOST_USES = 5
VALID_SECONDS = 30 * 60
MOST_ADDRESSES = 10_000


@dataclass
class ResponseURL:
    """`source` is the message that was acted on; a command has none."""

    channel: str
    user: str
    source: Message | None
    issued_at: float
    uses: int = 0


class ResponseURLs:
    def __init__(self, clock: WorkspaceClock, base_url: str) -> None:
        self._clock = clock
        self._base_url = base_url
        self._issued: Bounded[str, ResponseURL] = Bounded(MOST_ADDRESSES)

    def issue(self, channel: str, user: str, source: Message | None = None) -> str:
        token = secrets.token_urlsafe(18)
        self._issued[token] = ResponseURL(channel, user, source, self._clock.now())
        return f"{self._base_url}/response/{token}"

    def use(self, token: str) -> ResponseURL:
        """SlackError expired_url or used_url."""
        address = self._issued.get(token)
        if address is None or self._clock.now() - address.issued_at > VALID_SECONDS:
            raise SlackError("expired_url")
        if address.uses >= MOST_USES:
            raise SlackError("used_url")
        address.uses += 1
        return address
