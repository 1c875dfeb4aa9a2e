"""Files on their way in: asked for, then posted, then completed."""

import secrets
from dataclasses import dataclass

from bot.playground.bounded import Bounded
from bot.playground.errors import SlackError

MOST_WAITING = 100


@dataclass
class Upload:
    """`content` is None until it was posted."""

    file_id: str
    name: str
    length: int
    snippet_type: str | None
    alt_text: str = ""
    content: bytes | None = None


class Uploads:
    def __init__(self) -> None:
        self._by_ticket: Bounded[str, Upload] = Bounded(MOST_WAITING)

    def expect(self, upload: Upload) -> str:
        """The ticket under which its content may be posted."""
        ticket = secrets.token_urlsafe(18)
        self._by_ticket[ticket] = upload
        return ticket

    def receive(self, ticket: str, content: bytes) -> None:
        """SlackError file_not_found, or invalid_length when it isn't what was announced."""
        upload = self._by_ticket.get(ticket)
        if upload is None:
            raise SlackError("file_not_found")
        if len(content) != upload.length:
            raise SlackError("invalid_length")
        upload.content = content

    def received(self, file_id: str) -> Upload | None:
        """The upload whose content is here; it stays until it is taken."""
        for upload in self._by_ticket.values():
            if upload.file_id == file_id and upload.content is not None:
                return upload
        return None

    def take(self, file_id: str) -> None:
        for ticket, upload in list(self._by_ticket.items()):
            if upload.file_id == file_id:
                del self._by_ticket[ticket]
