"""What Weft remembers of an environment that it watches: kept with the integration."""

from datetime import datetime
from typing import Literal

from pipeline.live.capabilities import Issue
from pipeline.model import Value

Frequency = Literal["daily", "weekly"]


class FailureGroup(Value):
    """Failures of one workflow for one reason: one message, edited as they become more."""

    id: str
    kind: str  # digest of the workflow and of the reason without its particulars
    environment: str
    workflow: str
    reason: str  # of the latest
    count: int  # events; one that fails again when replayed is still one
    first_at: datetime
    last_at: datetime
    example: str  # id of the latest event
    headline: str = ""  # of the issue that the code raised about it
    record: str = ""  # id of the record that it was about, where the logs tell
    replayed: int = 0
    failed_again: int = 0
    went_through: int = 0  # later runs of the workflow
    going_since: datetime | None = None
    mixed: bool = False  # others went through while these failed: it is not an outage
    recovered_at: datetime | None = None
    said_at: datetime
    said: str = ""  # digest of what people see

    @property
    def kept(self) -> int:
        """Events that failed and were not replayed with success."""
        return self.count - self.replayed


class Watch(Value):
    """How far the outcomes of an environment were read, and what is told of them."""

    position: str
    groups: list[FailureGroup] = []
    issues: dict[str, int] = {}  # key of an issue -> how often it had been raised when last said
    fresh: list[Issue] = []  # not said yet: the failure that they are about may follow
    recent: list[str] = []  # ids that a reading from logs has counted already
    replayed: list[str] = []  # events that were counted as replayed
    down_since: datetime | None = None  # from when it was seen not to run
    down_said: bool = False


class Summary(Value):
    """People want to hear regularly how it goes."""

    every: Frequency
    since: datetime  # the time up to which was told
    due: datetime
