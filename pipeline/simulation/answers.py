"""Answers of a mock: results and refusals, in the shape that the catalogue knows of the API."""

import json
from dataclasses import dataclass, field
from typing import Any

from pipeline.catalogue.model import ErrorRule, SystemEntry
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.kinds import words
from pipeline.simulation.refusals import STATUS, Kind, Refusal

# Statuses under which APIs answer a kind, where there are several.
_STATUSES: dict[Kind, tuple[int, ...]] = {
    "invalid": (400, 422),
    "missing": (404, 400),
    "duplicate": (409, 400, 422),
    "stale": (409, 400, 412),
}

# How each kind of failure is described in `ErrorRule.meaning`.
_WORDS: dict[Kind, tuple[str, ...]] = {
    "duplicate": (
        "duplicate", "already exist", "exists already", "taken", "in use", "must be unique",
    ),
    "stale": ("stale", "was changed", "out of date", "conflict"),
    "missing": ("not found", "no such", "does not exist", "missing or", "unknown id"),
    "unauthorized": ("token", "authenticat", "unauthori", "credential", "api key"),
    "forbidden": ("forbidden", "scope", "permission", "access denied", "not allowed"),
    "limited": ("too many", "rate limit", "throttl", "quota"),
    "unavailable": ("unavailable", "not available", "overload", "maintenance"),
    "failed": ("internal", "server error", "failed"),
    "invalid": (
        "invalid", "not valid", "required", "malformed", "too long", "unsupported",
        "not know", "reference names", "bad request", "validation",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class MockResponse:
    """What goes back; a `dropped` one was lost on the way, after `delay_seconds`."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay_seconds: float = 0
    dropped: bool = False

    def json(self) -> Any:
        return json.loads(self.body)


def json_response(status: int, content: Any, headers: dict[str, str] | None = None) -> MockResponse:
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return MockResponse(status, {"content-type": "application/json", **(headers or {})}, body)


def refusal_response(entry: SystemEntry, refusal: Refusal) -> MockResponse:
    """The refusal as the API itself would word it, as far as the catalogue knows."""
    rule = error_rule(entry, refusal)
    # A rule without a status is told by its code alone; such APIs say 400.
    status = STATUS[refusal.kind] if rule is None else rule.status or STATUS["invalid"]
    return json_response(status, _error_body(rule, str(refusal)), refusal.headers)


def names_kind(entry: SystemEntry, kind: Kind) -> bool:
    """Whether the vendor documents an error of this kind."""
    return any(kind in _kinds_named(rule) for rule in entry.errors)


def error_rule(entry: SystemEntry, refusal: Refusal) -> ErrorRule | None:
    """The rule that fits best by status, kind and words; None where none fits."""
    scored = [(_fit(rule, refusal), -index) for index, rule in enumerate(entry.errors)]
    best, index = max(scored, default=(0, 0))
    return entry.errors[-index] if best > 0 else None


def _fit(rule: ErrorRule, refusal: Refusal) -> int:
    kind, named = refusal.kind, _kinds_named(rule)
    if rule.status not in (None, *_STATUSES.get(kind, (STATUS[kind],))):
        return 0
    if kind not in named and (named or rule.status is None):
        return 0
    shared = _content_words(rule.meaning) & _content_words(str(refusal))
    # A code in the body tells as much as a status, for kinds that share one.
    told = rule.status == STATUS[kind] or (rule.code is not None and kind in _STATUSES)
    return 1 + 4 * (kind in named) + 4 * told + (rule.code is not None) + len(shared)


def _kinds_named(rule: ErrorRule) -> set[Kind]:
    meaning = rule.meaning.casefold()
    return {kind for kind, phrases in _WORDS.items() if any(each in meaning for each in phrases)}


def _content_words(text: str) -> set[str]:
    """Long words by their stem, so that `number` meets `DocNumber`, and `refers` `reference`."""
    return {word[:5] for word in words(text) if len(word) > 3}


def _error_body(rule: ErrorRule | None, message: str) -> Any:
    if rule is None or not rule.body_path:
        return {"error": message}
    if rule.code is None:
        return put_at({}, rule.body_path, message)
    body = put_at({}, rule.body_path, rule.code)
    parent, _, _ = rule.body_path.rpartition(".")
    if isinstance(read_at(body, parent), dict):
        body = put_at(body, f"{parent}.message" if parent else "message", message)
    return body
