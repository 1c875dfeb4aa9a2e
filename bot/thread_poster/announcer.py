"""The Announcer of Slack: a reply becomes a message in the thread, or an edit of its message."""

import logging
import threading
from collections.abc import Callable

from bot.slack_limits import fit_message
from bot.thread_poster.errors import Gone
from bot.thread_poster.gateway import Gateway
from bot.thread_poster.pace import Pace
from bot.thread_poster.uploads import Uploads
from bot.views import Message, draw
from bot.views.footer import with_footer
from pipeline.conversation import Thread
from pipeline.errors import InternalError, ServiceError
from pipeline.integration import Integration
from pipeline.replies import Progress, Reply

UNDELIVERED = "undelivered"  # the reference of a reply that no place could be found for

_logger = logging.getLogger(__name__)

LastReply = Callable[[str, str], Reply | None]
"""The newest reply of an integration and a key."""
Footer = Callable[[str], str]
"""What an integration has used so far, in one line; empty where there is nothing to say."""


class SlackAnnouncer:
    """Thread-safe. ServiceError where trying again later may help."""

    def __init__(
        self,
        gateway: Gateway,
        uploads: Uploads,
        pace: Pace,
        last_reply: LastReply,
        footer: Footer = lambda integration_id: "",
    ) -> None:
        self._gateway = gateway
        self._uploads = uploads
        self._pace = pace
        self._last_reply = last_reply
        self._footer = footer
        self._lock = threading.Lock()
        self._due: dict[str, tuple[Integration, str]] = {}  # message -> whose, reply key

    def post(
        self, integration: Integration, reply: Reply, message_ref: str | None, *, again: bool
    ) -> str:
        """What can't be shown is recorded as such: it is not tried for ever."""
        try:
            return self._show(integration, reply, message_ref, again=again)
        except ServiceError as error:
            if error.retryable:
                raise
            _logger.warning("%s: “%s” was not shown: %s", integration.id, reply.kind, error)
            return UNDELIVERED

    def flush(self, *, now: bool = False) -> None:
        """Make the edits of progress that had to wait, as things stand by now."""
        with self._lock:
            waiting = list(self._due.items())
        for message_ref, (integration, key) in waiting:
            if now or self._pace.may_edit(message_ref):
                with self._lock:
                    self._due.pop(message_ref, None)
                self._edit_late(integration, key, message_ref)

    def _show(
        self, integration: Integration, reply: Reply, message_ref: str | None, *, again: bool
    ) -> str:
        thread = Thread.of(integration)
        if message_ref not in (None, UNDELIVERED):
            assert message_ref is not None
            if isinstance(reply, Progress) and not self._pace.may_edit(message_ref):
                with self._lock:
                    self._due[message_ref] = (integration, reply.key)
                return message_ref
            try:
                self._gateway.update(thread, message_ref, self._drawn(reply, integration))
                return message_ref
            except Gone:
                _logger.info("%s: “%s” was deleted; posting anew", integration.id, reply.kind)
        message = fit_message(self._drawn(reply, integration))
        posted = self._post_once(thread, message, f"{integration.id}:{reply.key}", again)
        self._uploads.share(integration.id, thread, reply.key, message.files)
        return posted

    def _post_once(self, thread: Thread, message: Message, reply_id: str, again: bool) -> str:
        """Post, unless it stands there already; where Slack's answer is lost, look for it."""
        posted = self._gateway.find(thread, reply_id) if again else None
        if posted is not None:
            return posted
        try:
            return self._gateway.post(thread, message, reply_id)
        except ServiceError as error:
            posted = self._gateway.find(thread, reply_id) if error.retryable else None
            if posted is None:
                raise
            return posted

    def _edit_late(self, integration: Integration, key: str, message_ref: str) -> None:
        reply = self._last_reply(integration.id, key)
        if reply is None:
            return
        try:
            drawn = self._drawn(reply, integration)
            self._gateway.update(Thread.of(integration), message_ref, drawn)
        except ServiceError as error:  # the next progress posts it anew
            _logger.info("%s: progress was not shown: %s", integration.id, error)

    def _drawn(self, reply: Reply, integration: Integration) -> Message:
        footer = self._footer(integration.id) if isinstance(reply, Progress) else ""
        try:
            return with_footer(draw(reply, integration), footer)
        except Exception as error:  # one reply that can't be drawn must not hold up all that follow
            return Message(str(InternalError.of(error)))
