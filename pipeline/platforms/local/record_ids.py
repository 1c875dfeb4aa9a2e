"""Ids of the records that a request wrote, for the log: found in the answer, whatever its shape."""

import json
from collections import deque
from typing import Any

_LARGEST_BODY = 256 * 1024
_DEEPEST = 4
_MOST = 5
_LONGEST = 100


def record_ids(method: str, body: bytes) -> list[str]:
    """Those that stand nearest to the top; none of a read, which the path names."""
    if method.upper() in ("GET", "HEAD") or len(body) > _LARGEST_BODY:
        return []
    try:
        content: Any = json.loads(body)
    except (ValueError, RecursionError):  # no JSON, or nested without end
        return []
    waiting: deque[tuple[Any, int]] = deque([(content, 0)])
    found: list[tuple[int, str]] = []
    while waiting:
        value, depth = waiting.popleft()
        if depth > _DEEPEST or (found and depth > found[0][0]):
            break
        if isinstance(value, list):
            waiting.extend((item, depth) for item in value[:_MOST])
        elif isinstance(value, dict):
            found += [(depth, one) for name, item in value.items() if (one := _id(name, item))]
            waiting.extend((item, depth + 1) for item in value.values())
    return [one for _, one in found[:_MOST]]


def _id(name: str, value: Any) -> str:
    is_id = name.casefold() == "id" and isinstance(value, str | int)
    return str(value)[:_LONGEST] if is_id and not isinstance(value, bool) else ""
