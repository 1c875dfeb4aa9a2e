"""Why a mock refuses a request, before anything is said in an API's own shape."""

from typing import Literal

Kind = Literal[
    "unauthorized", "forbidden", "missing", "method", "invalid", "duplicate", "stale",
    "unsupported", "limited", "failed", "unavailable",
]  # fmt: skip

STATUS: dict[Kind, int] = {
    "unauthorized": 401,
    "forbidden": 403,
    "missing": 404,
    "method": 405,
    "invalid": 400,
    "duplicate": 409,
    "stale": 409,
    "unsupported": 415,
    "limited": 429,
    "failed": 500,
    "unavailable": 503,
}


class Refusal(Exception):
    """`str()` says what was wrong and what was expected."""

    def __init__(self, kind: Kind, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.headers = headers or {}
