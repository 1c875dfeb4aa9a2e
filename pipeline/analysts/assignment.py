"""What an analyst works for just now: whose integration it is, who watches, how to stop it.

It goes beside the calls, in a context variable, so that an analyst that needs none of it (the
offline one) has no part of it in its methods.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from pipeline.cancellation import Cancellation


def silent(doing: str) -> None:
    """The report of work that nobody watches."""


@dataclass(frozen=True)
class Assignment:
    """`team` is the workspace that pays; both are empty where no integration is stored."""

    integration_id: str = ""
    team: str = ""
    cancellation: Cancellation = field(default_factory=Cancellation)
    report: Callable[[str], None] = silent


_current: ContextVar[Assignment | None] = ContextVar("assignment", default=None)


@contextmanager
def assigned(assignment: Assignment) -> Iterator[None]:
    """Calls of an analyst in the block are for this assignment."""
    token = _current.set(assignment)
    try:
        yield
    finally:
        _current.reset(token)


def current_assignment() -> Assignment:
    return _current.get() or Assignment()
