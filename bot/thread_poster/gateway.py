"""The one way out to Slack: every payload is fitted, looked at, paced and posted once."""

import logging
from typing import Any

from slack_sdk.web import WebClient

from bot.slack_limits import fit_message, fit_view, message_problems, view_problems
from bot.thread_poster.errors import BadContent, Gone, NoWayIn, told_as_service_errors
from bot.thread_poster.pace import Pace
from bot.views.message import Message, Modal
from bot.views.pieces import sentence
from bot.workspaces import Workspaces
from pipeline.conversation import Thread

_EVENT_TYPE = "weft_reply"  # of the metadata by which a posted reply is found again
_PAGE = 200
_PAGES = 20

_logger = logging.getLogger(__name__)


class Gateway:
    """NoWayIn, Gone or a retryable ServiceError where Slack does not take something."""

    def __init__(self, workspaces: Workspaces, pace: Pace) -> None:
        self._workspaces = workspaces
        self._pace = pace

    def client(self, team: str) -> WebClient:
        return self._workspaces.client(team)

    # ---- Messages ------------------------------------------------------------------------------

    def post(self, thread: Thread, message: Message, reply_id: str) -> str:
        """A new message in the thread; gives its ts."""
        metadata = {"event_type": _EVENT_TYPE, "event_payload": {"reply": reply_id}}
        arguments = {
            "channel": thread.channel,
            "thread_ts": thread.thread,
            "metadata": metadata,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        self._pace.wait_to_post(thread.channel)
        client = self._workspaces.client(thread.team, repeatable=False)
        sent = self._send(client.chat_postMessage, message, **arguments)
        return str(sent["ts"])

    def update(self, thread: Thread, ts: str, message: Message) -> None:
        client = self.client(thread.team)
        self._send(client.chat_update, message, channel=thread.channel, ts=ts)

    def find(self, thread: Thread, reply_id: str) -> str | None:
        """The ts of a reply that was posted before, if it was."""
        client, cursor = self.client(thread.team), None
        for _ in range(_PAGES):
            with told_as_service_errors():
                page = client.conversations_replies(
                    channel=thread.channel,
                    ts=thread.thread,
                    include_all_metadata=True,
                    limit=_PAGE,
                    cursor=cursor,
                )
            for message in page["messages"]:
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                if metadata.get("event_type") == _EVENT_TYPE and payload.get("reply") == reply_id:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        return None

    def begin(self, team: str, channel: str, text: str) -> str:
        """The root of a new thread, for a slash command; gives its ts."""
        self._pace.wait_to_post(channel)
        client = self._workspaces.client(team, repeatable=False)
        with told_as_service_errors():
            sent = client.chat_postMessage(
                channel=channel, text=text, unfurl_links=False, unfurl_media=False
            )
        return str(sent["ts"])

    def root_of(self, team: str, channel: str, ts: str) -> str:
        """The ts of the thread that a message stands in."""
        with told_as_service_errors():
            page = self.client(team).conversations_replies(channel=channel, ts=ts, limit=1)
        found = page["messages"]
        return str(found[0].get("thread_ts", ts)) if found else ts

    def whisper(self, thread: Thread, user: str, text: str) -> None:
        """A sentence to one person, which nobody else sees; lost where the person is not there."""
        try:
            with told_as_service_errors():
                self.client(thread.team).chat_postEphemeral(
                    channel=thread.channel,
                    user=user,
                    text=sentence(text),
                    thread_ts=thread.thread or None,
                )
        except NoWayIn as error:
            _logger.info("%s was not told: %s", user, error)

    def _send(self, method: Any, message: Message, **arguments: Any) -> Any:
        """Post or edit; where Slack refuses the blocks after all, the words go alone."""
        fitted = fit_message(message)
        problems = message_problems(fitted.text, list(fitted.blocks))
        if problems:
            _logger.warning("a message is wrong for Slack: %s", "; ".join(problems))
        try:
            with told_as_service_errors():
                return method(text=fitted.text, blocks=list(fitted.blocks), **arguments)
        except BadContent as error:
            _logger.error("%s Its text was sent alone.", error)
            with told_as_service_errors():
                return method(text=fitted.text, blocks=[], **arguments)

    # ---- Forms ---------------------------------------------------------------------------------

    def open_form(self, team: str, trigger_id: str, modal: Modal) -> None:
        with told_as_service_errors():
            self.client(team).views_open(trigger_id=trigger_id, view=checked_view(modal))


def checked_view(modal: Modal) -> dict[str, Any]:
    view = fit_view(modal.payload())
    problems = view_problems(view)
    if problems:
        _logger.warning("a form is wrong for Slack: %s", "; ".join(problems))
    return view


__all__ = ["Gateway", "Gone", "NoWayIn", "checked_view"]
