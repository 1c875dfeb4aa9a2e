"""Slack's refusals, told apart by what can be done about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError

import httpx
from slack_sdk.errors import SlackApiError, SlackClientError

from pipeline.errors import ServiceError

_NO_WAY_IN = {
    "channel_not_found": "the channel is gone, or Weft was removed from it",
    "not_in_channel": "Weft is not in the channel",
    "is_archived": "the channel is archived",
    "thread_not_found": "the thread is gone",
    "restricted_action": "only some people may post in the channel",
    "restricted_action_read_only_channel": "nobody may post in the channel",
    "restricted_action_thread_locked": "the thread is locked",
    "cannot_reply_to_message": "the thread takes no replies",
    "account_inactive": "Weft was removed from the workspace",
    "token_revoked": "Weft's token was revoked",
    "token_expired": "Weft's token has expired",
    "invalid_auth": "Slack does not accept Weft's token",
    "not_authed": "Slack got no token",
    "missing_scope": "the app lacks a scope of manifest.json",
    "user_not_in_channel": "that person is not in the channel",
}
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
_BAD_CONTENT = {
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_arguments",
    "msg_too_long",
    "msg_blocks_too_long",
    "metadata_too_large",
}
_PASSING = {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable",
            "request_timeout", "message_limit_exceeded"}  # fmt: skip


class NoWayIn(ServiceError):
    """The place can't be reached until a person changes something in Slack."""


class Gone(ServiceError):
    """The message was deleted, or can't be edited any more."""


class BadContent(ServiceError):
    """Slack does not take these blocks."""


@contextmanager
def told_as_service_errors() -> Iterator[None]:
    """Slack's and the network's errors as Weft's; what Slack says of content is never quoted."""
    try:
        yield
    except SlackApiError as error:
        if error.response.status_code >= 500:
            raise ServiceError("Slack is in trouble itself.", retryable=True) from None
        raise _of_code(str(error.response.get("error", "unknown_error"))) from None
    except (SlackClientError, URLError, httpx.HTTPError, OSError) as error:
        raise ServiceError(
            f"Slack can't be reached ({type(error).__name__}).", retryable=True
        ) from None


def _of_code(code: str) -> ServiceError:
    if code in _NO_WAY_IN:
        return NoWayIn(f"{_NO_WAY_IN[code]} ({code})")
    if code in _GONE:
        return Gone(f"The message can't be edited ({code}).")
    if code in _BAD_CONTENT:
        return BadContent(f"Slack does not take the message ({code}).")
    return ServiceError(f"Slack refused: {code}.", retryable=code in _PASSING)
