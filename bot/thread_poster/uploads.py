"""Files into a thread, each once: their ids are saved before the call that shows them."""

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256

import httpx
from pydantic import JsonValue

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

    def share(self, integration_id: str, thread: Thread, key: str, files: Sequence[File]) -> None:
        """Show files together, in one message of the thread; one that stands there already stays.

        What Slack refuses is left out, and logged.
        """
        effects = Effects(self._ledger, integration_id, Cancellation())
        sent = [file for file in files if file.content.strip()]  # Slack takes no empty file
        ids = {self._sent(effects, thread.team, file): file.name for file in sent}
        titles = {file_id: name for file_id, name in ids.items() if file_id is not None}
        if not titles:
            return
        try:
            effects.perform(f"share:{key}", "lookup", partial(self._show, thread, titles))
        except ServiceError as error:
            if error.retryable:
                raise
            _logger.warning("%s: the files of %s were not shown: %s", integration_id, key, error)

    def _sent(self, effects: Effects, team: str, file: File) -> str | None:
        """The file's id, the same for the same content; None where Slack refuses it."""
        key = f"file:{file.name}:{sha256(_bytes(file)).hexdigest()[:16]}"
        try:
            return str(effects.perform(key, "repeatable", partial(self._send, team, file)))
        except ServiceError as error:
            if error.retryable:
                raise
            _logger.warning("%s was not uploaded: %s", file.name, error)
            return None

    def _send(self, team: str, file: File) -> str:
        """The first two calls: the bytes, which nobody sees yet. Gives the file's id."""
        content = _bytes(file)
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

    def _show(self, thread: Thread, titles: Mapping[str, str]) -> list[JsonValue]:
        """The last call, for the files (id -> title) that are nowhere to be seen yet."""
        new = [file_id for file_id in titles if not self._is_shown(thread.team, file_id)]
        if new:
            with told_as_service_errors():
                self._gateway.client(thread.team).files_completeUploadExternal(
                    files=[{"id": file_id, "title": titles[file_id]} for file_id in new],
                    channel_id=thread.channel,
                    thread_ts=thread.thread,
                )
        return [*new]

    def _is_shown(self, team: str, file_id: str) -> bool:
        try:
            with told_as_service_errors():
                found = self._gateway.client(team).files_info(file=file_id)["file"]
        except ServiceError as error:
            if error.retryable:
                raise
            return False  # Slack knows no such file as long as it is not shown
        return bool(found.get("shares") or found.get("channels") or found.get("ims"))


def _bytes(file: File) -> bytes:
    return file.content.encode() if isinstance(file.content, str) else file.content
