"""files.*: an upload in three calls. The content itself is posted to the upload address."""

import asyncio
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.playground.blockkit.validation import check_blocks
from bot.playground.errors import SlackError
from bot.playground.messages import File, Message
from bot.playground.people import BOT_USER, Channel
from bot.playground.slack import Slack
from bot.playground.uploads import Upload
from bot.playground.web_api.chat import check_thread
from bot.playground.web_api.content import checked_channel, named
from bot.playground.web_api.method import Arguments, Jsons, Method

LARGEST_SNIPPET = 1024 * 1024
LARGEST_FILE = 50 * 1024 * 1024
MOST_CHANNELS = 100
SNIPPET_TYPES = frozenset(
    ("auto", "text", "css", "csv", "diff", "dockerfile", "go", "html", "java", "javascript")
    + ("json", "kotlin", "markdown", "php", "post", "python", "ruby", "rust", "shell", "sql")
    + ("swift", "typescript", "xml", "yaml")
)


class Ticket(Arguments):
    filename: Annotated[str, Field(min_length=1)]
    length: int
    snippet_type: str | None = None
    alt_txt: Annotated[str, Field(max_length=1000)] | None = None


def _listed(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


class Complete(Arguments):
    files: Annotated[Jsons, Field(min_length=1)]
    channel_id: str | None = None
    channels: Annotated[list[str], BeforeValidator(_listed)] | None = None
    thread_ts: str | None = None
    initial_comment: str | None = None
    blocks: Jsons | None = None


class Info(Arguments):
    file: str
    count: int | None = None
    cursor: str | None = None
    limit: int | None = None
    page: int | None = None


def get_upload_url(slack: Slack, arguments: Ticket) -> dict[str, Any]:
    if arguments.length < 1:  # an empty file can't be uploaded
        raise SlackError("missing_argument", "[ERROR] missing required field: length")
    if arguments.snippet_type is not None:
        if arguments.snippet_type not in SNIPPET_TYPES:
            raise SlackError("unknown_snippet_type")
        if arguments.length > LARGEST_SNIPPET:
            raise SlackError("snippet_too_large")
    if arguments.length > LARGEST_FILE:
        raise SlackError("file_upload_size_restricted")
    upload = Upload(
        slack.workspace.new_id("F"),
        arguments.filename,
        arguments.length,
        arguments.snippet_type,
        arguments.alt_txt or "",
    )
    ticket = slack.uploads.expect(upload)
    return {"upload_url": f"{slack.base_url}/upload/v1/{ticket}", "file_id": upload.file_id}


def complete_upload(slack: Slack, arguments: Complete) -> dict[str, Any]:
    """All files or none; they are shared in one message in each channel."""
    channels = _channels(slack, arguments)
    for channel in channels:
        check_thread(slack, channel, arguments.thread_ts)
    check_blocks(arguments.blocks or [])
    files = [_completed(slack, given) for given in arguments.files]
    for file in files:
        slack.workspace.store(file)
        slack.uploads.take(file.id)
    for channel in channels:
        slack.courier.start(_share(slack, files, channel, arguments))
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def info(slack: Slack, arguments: Info) -> dict[str, Any]:
    file = slack.workspace.files.get(arguments.file)
    if file is None:
        raise SlackError("file_not_found")
    return {
        "file": file.as_json(slack.base_url),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def _channels(slack: Slack, arguments: Complete) -> list[Channel]:
    names = [*(arguments.channels or []), *filter(None, [arguments.channel_id])]
    if len(names) > MOST_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    return [checked_channel(slack, name) for name in names]


def _completed(slack: Slack, given: dict[str, Any]) -> File:
    """SlackError invalid_arguments or file_not_found."""
    if unknown := given.keys() - {"id", "title", "highlight_type"}:
        raise SlackError("invalid_arguments", f"[ERROR] unknown fields: {sorted(unknown)}")
    upload = slack.uploads.received(str(given.get("id")))
    if upload is None or upload.content is None:
        raise SlackError("file_not_found")
    return File(
        id=upload.file_id,
        name=upload.name,
        title=given.get("title") or upload.name,
        content=upload.content,
        snippet_type=upload.snippet_type,
        user=BOT_USER,
        created=int(slack.clock.now()),
        alt_text=upload.alt_text,
    )


async def _share(slack: Slack, files: list[File], channel: Channel, arguments: Complete) -> None:
    """After the answer, as in Slack: the file can be without shares for a while."""
    await asyncio.sleep(slack.faults.delivery.share_seconds)
    ts = slack.workspace.new_ts()
    share: dict[str, Any] = {"ts": ts, "channel_name": channel.name}
    if arguments.thread_ts:
        share["thread_ts"] = arguments.thread_ts
    for file in files:
        file.shares.setdefault(channel.id, []).append(share)
    message = Message(
        ts=ts,
        channel=channel.id,
        user=BOT_USER,
        text=arguments.initial_comment or "",
        thread_ts=arguments.thread_ts,
        blocks=[] if arguments.initial_comment else named(slack, arguments.blocks or []),
        files=[file.as_json(slack.base_url) for file in files],
        by_bot=True,
    )
    slack.happenings.posted(message)


METHODS = {
    "files.getUploadURLExternal": Method(Ticket, get_upload_url, ("files:write",), "4"),
    "files.completeUploadExternal": Method(Complete, complete_upload, ("files:write",), "4"),
    "files.info": Method(Info, info, ("files:read",), "4"),
}
