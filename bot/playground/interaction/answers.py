"""Messages with which the bot answers a command or a click: in the reply, or to response_url."""

from typing import Any, Literal

from bot.playground.errors import SlackError
from bot.playground.interaction.response_urls import ResponseURL
from bot.playground.messages import Message
from bot.playground.people import BOT_USER
from bot.playground.slack import Slack
from bot.playground.web_api.content import Content, checked_content
from bot.playground.web_api.method import Arguments, Json, Jsons, read


class AnswerMessage(Arguments, Content):
    blocks: Jsons | None = None
    attachments: Jsons | None = None
    metadata: Json | None = None
    response_type: Literal["ephemeral", "in_channel"] = "ephemeral"
    replace_original: bool = False
    delete_original: bool = False
    thread_ts: str | None = None
    mrkdwn: bool | None = None
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None


def use_response_url(slack: Slack, token: str, given: dict[str, Any]) -> None:
    """SlackError for an address that is used up, and for whatever a message may not hold."""
    with slack.calls.recorded("response_url", given):
        answer(slack, slack.response_urls.use(token), given)


def answer(slack: Slack, address: ResponseURL, given: dict[str, Any]) -> None:
    message = read(AnswerMessage, given)
    source = address.source
    if source is not None and slack.workspace.find(source.channel, source.ts) is None:
        source = None
    if message.delete_original:
        if source is not None:
            slack.happenings.deleted(source)
        return
    text, blocks = checked_content(slack, message)
    if message.replace_original and source is not None:
        slack.happenings.edited(source, text, blocks, BOT_USER)
        return
    _post(slack, address, message, text, blocks)


def _post(
    slack: Slack,
    address: ResponseURL,
    answer: AnswerMessage,
    text: str,
    blocks: list[dict[str, Any]],
) -> None:
    message = Message(
        ts=slack.workspace.new_ts(),
        channel=address.channel,
        user=BOT_USER,
        text=text,
        thread_ts=answer.thread_ts,
        blocks=blocks,
        by_bot=True,
    )
    if answer.response_type == "in_channel":
        slack.happenings.posted(message)
        return
    message.ephemeral_to = address.user
    slack.happenings.ephemeral(message)


def use_reply(slack: Slack, address: ResponseURL, body: Any) -> None:
    """The body with which a command was acknowledged: nothing, a text, or a message."""
    if body in (None, ""):
        return
    given = {"text": body} if isinstance(body, str) else body
    with slack.calls.recorded("command_reply", given):
        if not isinstance(given, dict):
            raise SlackError("invalid_response")
        answer(slack, address, given)
