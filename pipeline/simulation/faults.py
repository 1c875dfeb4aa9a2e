"""Failures on request: what production does to an integration, one call at a time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from pipeline.simulation.calls import Outcome
from pipeline.simulation.refusals import Kind, Refusal

FaultKind = Literal[
    "rate-limited", "expired-token", "forbidden", "not-found", "server-error", "unavailable",
    "hang", "lost-response", "renamed-field", "null-field", "empty-page",
]  # fmt: skip

_REFUSALS: dict[str, tuple[Kind, str]] = {
    "rate-limited": ("limited", "Too many requests; wait, then try again."),
    "expired-token": ("unauthorized", "The access token is not valid, or it has expired."),
    "forbidden": ("forbidden", "This is not allowed for the connected account."),
    "not-found": ("missing", "The record does not exist."),
    "server-error": ("failed", "The server failed."),
    "unavailable": ("unavailable", "The service is not available."),
}


@dataclass(frozen=True)
class Fault:
    """One failure, for the next `times` calls (of an operation, where named) after `skip`."""

    kind: FaultKind
    operation: str | None = None
    times: int = 1
    skip: int = 0
    field: str = ""  # of renamed-field and null-field; by default the record's first one
    seconds: float = 2  # of Retry-After, and of a hang

    def refuse(self) -> None:
        """Raise the Refusal that this fault is, if it is one."""
        if self.kind in _REFUSALS:
            kind, message = _REFUSALS[self.kind]
            retry = {"retry-after": f"{self.seconds:g}"} if kind == "limited" else {}
            raise Refusal(kind, message, retry)

    def spoil(self, outcome: Outcome) -> Outcome:
        """The outcome as the integration sees it; the state stays what it is."""
        if self.kind == "empty-page" and outcome.records is not None:
            return replace(outcome, records=[], next=None)
        if self.kind not in ("renamed-field", "null-field"):
            return outcome
        if outcome.records is not None:
            return replace(outcome, records=[self._damaged(each) for each in outcome.records])
        return replace(outcome, record=self._damaged(outcome.record))

    def _damaged(self, record: Any) -> Any:
        if not isinstance(record, dict) or not record:
            return record
        field = self.field if self.field in record else next(iter(record))
        if self.kind == "null-field":
            return {**record, field: None}
        return {name + "_v2" if name == field else name: each for name, each in record.items()}


class Faults:
    """The failures that are still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._pending.append(fault)

    def clear(self) -> None:
        self._pending.clear()

    def pending(self) -> list[Fault]:
        return list(self._pending)

    def take(self, operation: str) -> Fault | None:
        """The fault of this call, if there is one; each call counts once."""
        index = self._index(lambda fault: fault.operation in (None, operation))
        if index is None:
            return None
        fault = self._pending[index]
        if fault.skip > 0:
            self._pending[index] = replace(fault, skip=fault.skip - 1)
            return None
        if fault.times > 1:
            self._pending[index] = replace(fault, times=fault.times - 1)
        else:
            del self._pending[index]
        return fault

    def _index(self, fits: Callable[[Fault], bool]) -> int | None:
        return next((index for index, fault in enumerate(self._pending) if fits(fault)), None)
