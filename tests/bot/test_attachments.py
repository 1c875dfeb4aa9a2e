"""Fetching what people attach: only from Slack, only text, and never without an end."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.listeners.attachments import Downloads
from bot.settings import Settings
from bot.workspaces import Workspaces
from pipeline.attachments import LARGEST_ATTACHMENT
from tests.scenarios.conftest import served

TOKEN = "xoxb-token"


class Files:
    """Slack's files, and a note of the tokens that came with each request."""

    def __init__(self) -> None:
        self.tokens: list[str | None] = []
        self.app = Starlette(routes=[Route("/{name}", self._give)])

    async def _give(self, request: Request) -> Response:
        self.tokens.append(request.headers.get("authorization"))
        content = {
            "case.json": b"\xef\xbb\xbf{}",
            "picture.png": b"\x89PNG\xff\xfe",
            "endless.txt": b"x" * (LARGEST_ATTACHMENT + 1),
        }.get(request.path_params["name"])
        return Response(content or b"", 200 if content else 404)


@pytest.fixture
def files() -> Iterator[tuple[Files, Downloads, str]]:
    files = Files()
    with served(files.app) as url:
        settings = Settings(slack_bot_token=TOKEN, slack_api_url=f"{url}/api/")
        workspaces = Workspaces(settings, lambda team: None)
        yield files, Downloads(workspaces, settings.slack_api_url), url


def _file(name: str, url: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "url_private_download": f"{url}/{name}", "size": 2, **more}


def test_text_is_fetched_with_the_token(files: tuple[Files, Downloads, str]) -> None:
    seen, downloads, url = files
    found = downloads.fetch("T1", [_file("case.json", url)])
    assert [item.content for item in found.attachments] == ["{}"]
    assert seen.tokens == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("picture.png", "not a text file"),
        ("endless.txt", "too large"),
        ("missing.json", "could not be fetched"),
    ],
)
def test_what_can_not_be_used_gets_a_sentence(
    files: tuple[Files, Downloads, str], name: str, sentence: str
) -> None:
    _, downloads, url = files
    found = downloads.fetch("T1", [_file(name, url), _file("case.json", url)])
    assert [sentence in problem for problem in found.problems] == [True]
    assert [item.name for item in found.attachments] == ["case.json"]


def test_a_large_file_is_not_even_asked_for(files: tuple[Files, Downloads, str]) -> None:
    seen, downloads, url = files
    found = downloads.fetch("T1", [_file("case.json", url, size=LARGEST_ATTACHMENT + 1)])
    assert "too large" in found.problems[0]
    assert seen.tokens == []


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/slack.com",
        "https://slack.com.evil.example/x",
        "http://files.slack.com/x",
        "https://evilslack.com/x",
        "",
        "file:///etc/passwd",
    ],
)
def test_the_token_goes_to_slack_alone(files: tuple[Files, Downloads, str], url: str) -> None:
    _, downloads, _ = files
    found = downloads.fetch("T1", [{"name": "x", "url_private_download": url}])
    assert "not kept by Slack" in found.problems[0]


def test_only_so_many_files(files: tuple[Files, Downloads, str]) -> None:
    _, downloads, url = files
    found = downloads.fetch("T1", [_file("case.json", url)] * 12)
    assert len(found.attachments) == 10
    assert "first 10" in found.problems[0]
