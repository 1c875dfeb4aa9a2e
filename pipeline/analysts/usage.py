"""What an analyst's calls of a model used: recorded one by one, summed for people."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from pydantic import Field

from pipeline.model import Value


class ModelCall(Value):
    """One request to a model. All input is `input_tokens` and both kinds of cached tokens."""

    integration_id: str
    team: str
    purpose: str = Field(description="The stage of the work: scope, systems, mappings…")
    model: str
    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    searches: int = 0
    cost: float | None = Field(default=None, description="US dollars; None without a price.")
    seconds: float = 0.0
    at: datetime
    outcome: str = Field(default="ok", description="ok, refused, cut, or the kind of failure.")

    @property
    def tokens(self) -> int:
        """All tokens, which is what a workspace's limit counts."""
        return (
            self.input_tokens
            + self.cache_read_tokens
            + self.cache_write_tokens
            + self.output_tokens
        )


class UsageLedger(Protocol):
    """Where calls are recorded."""

    def record_call(self, call: ModelCall) -> None: ...
    def calls(self, integration_id: str) -> Sequence[ModelCall]:
        """The calls made for one integration, oldest first."""
        ...

    def tokens_since(self, team: str, since: datetime) -> int:
        """All tokens that a workspace has used from then on."""
        ...


class UsageSummary(Value):
    """The calls of one integration, summed; `cost` is None where some call has no known price."""

    calls: int
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int
    cost: float | None
    seconds: float

    @property
    def whole_input(self) -> int:
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens


def start_of_day(now: datetime) -> datetime:
    """When a workspace's limit began to count: at midnight of UTC."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def summary(calls: Sequence[ModelCall]) -> UsageSummary:
    costs = [call.cost for call in calls if call.cost is not None]
    return UsageSummary(
        calls=len(calls),
        input_tokens=sum(call.input_tokens for call in calls),
        cache_read_tokens=sum(call.cache_read_tokens for call in calls),
        cache_write_tokens=sum(call.cache_write_tokens for call in calls),
        output_tokens=sum(call.output_tokens for call in calls),
        cost=round(sum(costs), 6) if len(costs) == len(calls) else None,
        seconds=round(sum(call.seconds for call in calls), 3),
    )


def footer(used: UsageSummary) -> str:
    """One line for people; empty where no model was called."""
    if not used.calls:
        return ""
    whole = used.whole_input
    share = f" ({used.cache_read_tokens / whole:.0%} from the cache)" if whole else ""
    cost = "cost not known" if used.cost is None else f"${used.cost:.4f}"
    calls = "1 call" if used.calls == 1 else f"{used.calls} calls"
    return (
        f"Claude: {calls}, {whole:,} tokens in{share}, {used.output_tokens:,} out, "
        f"{cost}, {used.seconds:.1f} s"
    )
