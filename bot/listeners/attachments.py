"""Files that people attach: fetched with the bot's token, as text, and not for ever."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.workspaces import Workspaces
from pipeline.attachments import LARGEST_ATTACHMENT
from pipeline.errors import ServiceError
from pipeline.integration import Attachment
from pipeline.model import Value

_MOST_FILES = 10
_TIMEOUT_SECONDS = 30.0


class Downloaded(Value):
    attachments: list[Attachment] = []
    problems: list[str] = []  # a sentence for each file that can't be used


class Unusable(Exception):
    """Why a file can't be used, as a sentence."""


class Downloads:
    def __init__(self, workspaces: Workspaces, api_url: str) -> None:
        self._workspaces = workspaces
        self._api_host = urlsplit(api_url).netloc

    def fetch(self, team: str, files: Sequence[Mapping[str, Any]]) -> Downloaded:
        attachments, problems = [], []
        for file in files[:_MOST_FILES]:
            name = str(file.get("name") or "The file")
            try:
                attachments.append(Attachment(name=name, content=self._text(team, name, file)))
            except Unusable as problem:
                problems.append(str(problem))
        if len(files) > _MOST_FILES:
            problems.append(f"I read the first {_MOST_FILES} files; send the others after.")
        return Downloaded(attachments=attachments, problems=problems)

    def _text(self, team: str, name: str, file: Mapping[str, Any]) -> str:
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        if int(file.get("size") or 0) > LARGEST_ATTACHMENT:
            raise Unusable(f"{name} is too large; 20 MB is the most.")
        if not self._is_slacks(url):
            raise Unusable(f"{name} is not kept by Slack: attach the file itself.")
        try:
            content = self._download(team, url)
        except (httpx.HTTPError, ServiceError) as error:
            raise Unusable(f"{name} could not be fetched from Slack. Send it again.") from error
        if content is None:
            raise Unusable(f"{name} is too large; 20 MB is the most.")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unusable(
                f"{name} is not a text file. I read OpenAPI documents (YAML or JSON) and test "
                "cases (JSON)."
            ) from error

    def _download(self, team: str, url: str) -> bytes | None:
        """The bytes; None where there are more than there may be."""
        token = self._workspaces.client(team).token
        content = bytearray()
        with httpx.stream(
            "GET", url, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUT_SECONDS
        ) as answer:
            answer.raise_for_status()
            for part in answer.iter_bytes():
                content += part
                if len(content) > LARGEST_ATTACHMENT:
                    return None
        return bytes(content)

    def _is_slacks(self, url: str) -> bool:
        """The token goes to Slack, and to nobody who writes another address into an event."""
        parts = urlsplit(url)
        if parts.netloc == self._api_host:
            return True
        host = parts.hostname or ""
        return parts.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
