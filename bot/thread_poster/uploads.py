"""Files into a thread, each once: the file's id is saved before the call that shows it."""

import logging
from functools import partial

import httpx

from bot.thread_poster.errors import told_as_service_errors
from bot.thread_poster.gateway import Gateway
from bot.views.message import File
from pipeline.cancellation import Cancellation
from pipeline.conversation import Thread
from pipeline.effects import EffectLedger, Effects
from pipeline.errors import ServiceError

_TIMEOUT_SECONDS = 30.0
_LONGEST_ALT_TEXT = 1000

_logger = logging.getLogger(__name__)


class Uploads:
    def __init__(self, gateway: Gateway, ledger: EffectLedger) -> None:
        self._gateway = gateway
        self._ledger = ledger

    def share(self, integration_id: str, thread: Thread, key: str, file: File) -> None:
        """Show a file in the thread. One that Slack refuses is left out, and logged."""
        if not file.content.strip():
            return  # Slack takes no empty file, and people need none
        effects = Effects(self._ledger, integration_id, Cancellation())
        name = f"{key}:{file.name}"
        try:
            file_id = str(
                effects.perform(
                    f"file:{name}", "repeatable", partial(self._send, thread.team, file)
                )
            )
            effects.find_or_create(
                f"share:{name}",
                find=partial(self._shared, thread.team, file_id),
                create=partial(self._show, thread, file_id, file),
            )
        except ServiceError as error:
            if error.retryable:
                raise
            _logger.warning("%s: %s was not uploaded: %s", integration_id, file.name, error)

    def _send(self, team: str, file: File) -> str:
        """The first two calls: the bytes, which nobody sees yet. Gives the file's id."""
        content = file.content.encode() if isinstance(file.content, str) else file.content
        client = self._gateway.client(team)
        with told_as_service_errors():
            place = client.files_getUploadURLExternal(
                filename=file.name,
                length=len(content),
                snippet_type=file.snippet_type or None,
                alt_txt=file.alt_text[:_LONGEST_ALT_TEXT] or None,
            )
            sent = httpx.post(place["upload_url"], content=content, timeout=_TIMEOUT_SECONDS)
        if sent.status_code != 200:
            raise ServiceError(
                f"The upload was answered with {sent.status_code}.",
                retryable=sent.status_code >= 500,
            )
        return str(place["file_id"])

    def _shared(self, team: str, file_id: str) -> str | None:
        try:
            with told_as_service_errors():
                found = self._gateway.client(team).files_info(file=file_id)["file"]
        except ServiceError as error:
            if error.retryable:
                raise
            return None  # Slack knows no such file as long as it is not shown
        shown = found.get("shares") or found.get("channels") or found.get("ims")
        return file_id if shown else None

    def _show(self, thread: Thread, file_id: str, file: File) -> str:
        with told_as_service_errors():
            self._gateway.client(thread.team).files_completeUploadExternal(
                files=[{"id": file_id, "title": file.name}],
                channel_id=thread.channel,
                thread_ts=thread.thread,
            )
        return file_id
