"""One page of records, for every style of pagination that the catalogue knows."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.plan.model import Pagination
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.refusals import Refusal

_DEFAULT_SIZE = 50
_MAX_SIZE = 1000


@dataclass(frozen=True)
class Page:
    """`next` is what the next request passes as its position; None on the last page."""

    records: list[Any]
    next: str | int | None = None


def page_of(
    records: Sequence[Any], pagination: Pagination, asked: Mapping[str, Any], id_path: str
) -> Page:
    """`asked` may have `position` and `size`; Refusal where they make no sense."""
    if pagination.style == "none":
        return Page(list(records))
    size = _size(pagination, asked.get("size"))
    position = asked.get("position")
    start = _start(records, pagination, position, size, id_path)
    shown = list(records[start : start + size])
    end = start + len(shown)
    more = bool(shown) and end < len(records)
    return Page(shown, _next(pagination, end, size, shown, id_path) if more else None)


def with_position(body: Any, pagination: Pagination, page_next: str | int | None) -> Any:
    """The answer's body, saying what comes next and whether anything does."""
    if (
        pagination.next_path
        and not _by_last(pagination)
        and (page_next is not None or pagination.style == "graphql")
    ):
        body = put_at(body, pagination.next_path, page_next)
    if pagination.more_path:
        body = put_at(body, pagination.more_path, page_next is not None)
    return body


def asked_page(pagination: Pagination, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Position and size, as far as parameters of their own name them."""
    named = {"size": pagination.size_parameter}
    if not pagination.template:
        named["position"] = pagination.parameter
    return {key: parameters[name] for key, name in named.items() if name and name in parameters}


def _size(pagination: Pagination, asked: Any) -> int:
    if asked is None:
        return pagination.page_size or _DEFAULT_SIZE
    size = _whole_number(asked, pagination.size_parameter or "The page size")
    if not 1 <= size <= _MAX_SIZE:
        raise Refusal("invalid", f"The page size must be from 1 to {_MAX_SIZE}.")
    return size


def _start(
    records: Sequence[Any], pagination: Pagination, position: Any, size: int, id_path: str
) -> int:
    name = pagination.parameter or "position"
    if position in (None, ""):
        return 0
    if pagination.style == "page":
        return max(0, _whole_number(position, name) - pagination.first) * size
    if pagination.style == "offset":
        return max(0, _whole_number(position, name) - pagination.first)
    if _by_last(pagination):
        ids = [str(read_at(record, id_path)) for record in records]
        if str(position) not in ids:
            raise Refusal("invalid", f"{name} names no record.")
        return ids.index(str(position)) + 1
    return _decoded(position, name)


def _next(pagination: Pagination, end: int, size: int, shown: list[Any], id_path: str) -> str | int:
    if pagination.style == "page":
        return -(-end // size) + pagination.first
    if pagination.style == "offset":
        return end + pagination.first
    if _by_last(pagination):
        return str(read_at(shown[-1], id_path))
    return urlsafe_b64encode(f"after:{end}".encode()).decode().rstrip("=")


def _by_last(pagination: Pagination) -> bool:
    """Whether the last record's id is the next position."""
    return pagination.style == "cursor" and "[]" in (pagination.next_path or "[]")


def _decoded(position: Any, name: str) -> int:
    text = str(position)
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        return int(plain.removeprefix("after:"))
    except ValueError as error:  # of base64, of UTF-8, or no number
        raise Refusal("invalid", f"{name} is not a position that was given out.") from error


def _whole_number(value: Any, name: str) -> int:
    try:
        if isinstance(value, bool) or len(str(value)) > 12:
            raise ValueError(value)
        return int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise Refusal("invalid", f"{name} must be a whole number.") from error
