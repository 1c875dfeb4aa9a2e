"""CORS of a webhook: which pages of other sites may call it, as its code declares."""

from typing import Any

from pydantic import JsonValue
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

_METHODS = ("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE")


def with_cors(answer: ASGIApp, declared: JsonValue) -> ASGIApp:
    """The answer to requests with CORS; `declared` is true, or the options of the Run SDK."""
    if not declared:
        return answer
    options: dict[str, Any] = declared if isinstance(declared, dict) else {}
    return CORSMiddleware(
        answer,
        allow_origins=_list(options.get("origin", "*")),
        allow_methods=_list(options.get("methods", _METHODS)),
        allow_headers=_list(options.get("allowedHeaders", "*")),
        expose_headers=_list(options.get("exposedHeaders", ())),
        allow_credentials=options.get("credentials") is True,
    )


def _list(value: Any) -> list[str]:
    """A list as it is; a text is a list with commas."""
    if isinstance(value, str):
        return [item.strip() for item in value.split(",")]
    return [str(item) for item in value]
