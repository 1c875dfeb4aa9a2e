"""What goes wrong on request: failing Web API calls, and late, doubled and shuffled deliveries."""

from dataclasses import dataclass, field
from random import Random
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal["rate_limited", "server_error", "timeout", "lost_reply", "error"]


class CallFault(BaseModel):
    """The next `times` calls of `method` fail; of `lost_reply` only the answer is lost."""

    model_config = ConfigDict(extra="forbid")

    method: str = "*"
    fault: FaultKind
    times: Annotated[int, Field(ge=1)] = 1
    retry_after: Annotated[int, Field(ge=1)] = 1
    seconds: Annotated[float, Field(ge=0)] = 5
    error: str = "internal_error"


class DeliveryFaults(BaseModel):
    """How events reach the bot: order, copies, delays, acknowledgements that get lost.

    With `share_seconds` an uploaded file appears in its channel only later, as it may in Slack.
    """

    model_config = ConfigDict(extra="forbid")

    mention_first: bool = False
    copies: Annotated[int, Field(ge=1)] = 1
    shuffle_seconds: Annotated[float, Field(ge=0)] = 0
    lost_acknowledgements: Annotated[int, Field(ge=0)] = 0
    share_seconds: Annotated[float, Field(ge=0)] = 0


@dataclass
class Faults:
    calls: list[CallFault] = field(default_factory=list)
    delivery: DeliveryFaults = field(default_factory=DeliveryFaults)
    random: Random = field(default_factory=lambda: Random(7))

    def of_call(self, method: str) -> CallFault | None:
        """The fault of this call, if one was asked for; it is used up by that."""
        for fault in self.calls:
            if fault.method in ("*", method):
                fault.times -= 1
                if fault.times == 0:
                    self.calls.remove(fault)
                return fault
        return None

    def loses_acknowledgement(self) -> bool:
        if self.delivery.lost_acknowledgements == 0:
            return False
        self.delivery.lost_acknowledgements -= 1
        return True

    def clear(self) -> None:
        self.calls.clear()
        self.delivery = DeliveryFaults()
