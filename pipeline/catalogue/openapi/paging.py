"""How a list operation is read in pages and from a point in time, told by names."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.catalogue.naming import kebab
from pipeline.catalogue.openapi.access import mapping
from pipeline.plan.model import Pagination

_CURSOR = {
    "cursor", "page-token", "next-token", "after", "starting-after", "continuation",
    "continuation-token", "page-cursor", "next-cursor", "start-cursor", "marker",
}  # fmt: skip
_PAGE = {"page", "page-number", "page-num", "page-no", "page-index", "p"}
_OFFSET = {"offset", "skip", "start", "start-index", "start-at", "first-result"}
_SIZE = {
    "limit", "per-page", "page-size", "max-results", "count", "size", "take", "page-limit", "top",
    "first", "results-per-page",
}  # fmt: skip
_NEXT = {
    "next-cursor", "next-page-token", "next-token", "cursor", "next", "next-page", "end-cursor",
    "continuation-token", "after", "next-marker", "next-page-cursor",
}  # fmt: skip
_NEXT_LINK = {"next", "next-url", "next-link", "next-page-url", "next-href", "next-page"}
_MORE = {"has-more", "has-next", "has-next-page", "more", "is-truncated"}
_ITEMS = ("data", "items", "results", "records", "values", "entries", "rows", "content", "list")
_SINCE = re.compile(
    r"^(?P<what>updated|modified|last-modified|changed|created)?-?(at-)?(since|after|from|min|gte)$"
)
_MAX_DEPTH = 2

Parameters = Mapping[str, Mapping[str, Any]]


def items_path(answer: Mapping[str, Any], noun: str = "") -> str | None:
    """Where a list's answer has its records: "" for the answer itself, None where nowhere."""
    if answer.get("type") == "array":
        return ""
    arrays = [path for path, node in _below(answer) if node.get("type") == "array"]
    preferred = [*_ITEMS, noun]
    ranked = sorted(arrays, key=lambda path: (kebab(path.split(".")[-1]) not in preferred,))
    return ranked[0] if ranked else None


def pagination_of(
    parameters: Parameters, answer: Mapping[str, Any], items: str, has_link_header: bool
) -> Pagination:
    size = _named(parameters, _SIZE)
    shape: dict[str, Any] = {
        "items_path": items or None,
        "size_parameter": size,
        "page_size": _page_size(parameters[size]) if size else None,
        "next_path": _place(answer, _NEXT),
        "more_path": _place(answer, _MORE),
    }
    if cursor := _named(parameters, _CURSOR):
        return Pagination(style="cursor", parameter=cursor, **shape)
    if page := _named(parameters, _PAGE):
        first = mapping(parameters[page].get("schema")).get("default")
        begin = 0 if first == 0 and not isinstance(first, bool) else 1
        return Pagination(style="page", parameter=page, first=begin, **shape)
    if offset := _named(parameters, _OFFSET):
        return Pagination(style="offset", parameter=offset, **shape)
    link = _place(answer, _NEXT_LINK)
    if link or has_link_header:
        return Pagination(style="link", **{**shape, "next_path": link})
    return Pagination(items_path=items or None)


def since_of(parameters: Parameters, record: Mapping[str, Any]) -> tuple[str, str] | None:
    """(parameter, field of the record) by which a list keeps what is new, where both are told.

    A record's only time stands in for the one that the parameter names: it is never later.
    """
    times = {
        name: kebab(name)
        for name, child in mapping(record.get("properties")).items()
        if str(mapping(child).get("format", "")).startswith("date")
    }
    for parameter in parameters:
        match = _SINCE.match(kebab(parameter))
        if not match:
            continue
        what = (match["what"] or "updated").removeprefix("last-")
        meant = [name for name, spelled in times.items() if what in spelled.split("-")]
        meant = meant or [name for name in times if len(times) == 1]
        if meant:
            return parameter, meant[0]
    return None


def _below(answer: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(path, schema) of what an answer holds, the shallow first."""
    level: list[tuple[str, Mapping[str, Any]]] = [("", answer)]
    for _ in range(_MAX_DEPTH):
        level = [
            (f"{path}.{name}" if path else name, mapping(child))
            for path, node in level
            for name, child in mapping(node.get("properties")).items()
        ]
        yield from level


def _place(answer: Mapping[str, Any], names: set[str]) -> str | None:
    for path, node in _below(answer):
        if kebab(path.split(".")[-1]) in names and "properties" not in node:
            return path
    return None


def _named(parameters: Parameters, names: set[str]) -> str | None:
    return next((name for name in parameters if kebab(name) in names), None)


def _page_size(parameter: Mapping[str, Any]) -> int | None:
    """The largest page that is allowed, else the usual one."""
    schema = mapping(parameter.get("schema"))
    for word in ("maximum", "default"):
        value = schema.get(word)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10_000:
            return value
    return None
