"""What shows replies to people."""

from typing import Protocol

from pipeline.integration import Integration
from pipeline.replies import Reply


class Announcer(Protocol):
    """Shows replies to people. Posting the same key again edits what stands there."""

    def post(
        self, integration: Integration, reply: Reply, message_ref: str | None, *, again: bool
    ) -> str:
        """Show a reply, in place of `message_ref` where given; gives the message's reference.

        `again`: an earlier attempt was cut off, so what it showed may stand there already.
        """
        ...
