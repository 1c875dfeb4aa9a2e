"""Systems that the catalogue lacks: facts from public pages, each cited and graded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from anthropic.types import (
    MessageParam,
    ToolUnionParam,
    WebFetchTool20260318Param,
    WebSearchTool20260318Param,
)
from pydantic import Field

from pipeline.analysts.claude.configuration import Configuration
from pipeline.analysts.claude.desk import Desk
from pipeline.analysts.claude.fencing import fence
from pipeline.analysts.claude.metered import Report
from pipeline.analysts.claude.tools import Flat, tool
from pipeline.catalogue.model import SystemEntry
from pipeline.errors import UserError
from pipeline.plan.model import Fact, Grade

_FACTS = 12  # of one system
_SIGNS = 300
_SEARCHES, _PAGES, _PAGE_TOKENS = 5, 4, 20_000


class RecordFact(Flat):
    """Record one thing that a page which you searched for or read says about the system."""

    about: str = Field(description="auth, limits, events, pagination, errors or an entity.")
    text: str = Field(description="One sentence.")
    url: str = Field(description="The page that says it.")


def research_on_the_web(
    desk: Desk, name: str, display_name: str, entry: SystemEntry | None, today: date,
    report: Report,
) -> list[Fact]:  # fmt: skip
    """Facts of pages that were really seen; the vendor's own count more than others'."""
    recorded: list[RecordFact] = []

    def record(fact: RecordFact) -> str:
        if len(recorded) >= _FACTS:
            raise UserError("That is enough about this system.")
        recorded.append(fact)
        return "Recorded."

    report(f"Claude reads the documentation of {display_name}")
    dialogue = desk.dialogue(
        "web", "judging", tools=[tool("record_fact", RecordFact, record)],
        server_tools=_server_tools(desk.configuration), report=report,
    )  # fmt: skip
    dialogue.tell(fence("system", display_name))
    seen = {_page(url) for url in _seen(dialogue.messages)}
    cited = [fact for fact in recorded if _page(fact.url) in seen]
    return [_fact(one, name, entry, today) for one in cited]


def _server_tools(configuration: Configuration) -> list[ToolUnionParam]:
    """Search, and reading pages that a search has found: no address of the request's or a page's.

    They are called directly, not from code that the model writes.
    """
    search = WebSearchTool20260318Param(
        type="web_search_20260318", name="web_search", max_uses=_SEARCHES,
        allowed_callers=["direct"],
    )  # fmt: skip
    fetch = WebFetchTool20260318Param(
        type="web_fetch_20260318", name="web_fetch", max_uses=_PAGES, allowed_callers=["direct"],
        max_content_tokens=_PAGE_TOKENS,
        url_sources={
            "user_input": {"type": "none"},
            "client_tool_results": {"type": "none"},
            "server_tool_results": {
                "type": "only",
                "tools": [{"type": "tool_reference", "name": "web_search"}],
            },
        },
    )  # fmt: skip
    if configuration.web_domains:
        search["allowed_domains"] = list(configuration.web_domains)
        fetch["allowed_domains"] = list(configuration.web_domains)
    return [search, fetch]


def _seen(messages: Iterable[MessageParam]) -> Iterator[str]:
    """Addresses of the pages that the server's tools found or read."""
    for message in messages:
        content = message["content"]
        for block in content if not isinstance(content, str) else []:
            kind = getattr(block, "type", "")
            if kind == "web_search_tool_result":
                yield from _urls(getattr(block, "content", None))
            elif kind == "web_fetch_tool_result":
                yield from _urls([getattr(block, "content", None)])


def _urls(results: Any) -> Iterator[str]:
    for one in results if isinstance(results, list) else []:
        url = getattr(one, "url", None)
        if isinstance(url, str):
            yield url


def _page(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path.rstrip('/')}"


def _fact(recorded: RecordFact, name: str, entry: SystemEntry | None, today: date) -> Fact:
    return Fact(
        text=recorded.text[:_SIGNS],
        source=recorded.url,
        grade=_grade(recorded.url, name, entry),
        verified_on=today,
        subject=f"{name}.{recorded.about.strip().lower()[:40]}",
    )


def _grade(url: str, name: str, entry: SystemEntry | None) -> Grade:
    host = urlsplit(url).hostname or ""
    own = urlsplit(entry.docs_url).hostname if entry and entry.docs_url else None
    if own is not None:
        return "vendor-doc" if _domain(host) == _domain(own) else "unverified"
    owner = _domain(host).split(".")[0]
    return "vendor-doc" if owner and owner in _spellings(name) else "unverified"


def _domain(host: str) -> str:
    return ".".join(host.split(".")[-2:])


def _spellings(name: str) -> Sequence[str]:
    return name, name.replace("-", ""), name.split("-")[0]
