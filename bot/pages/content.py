"""What the pages say: plain values made of events and log lines, without what events brought."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.live.capabilities import EventInfo
from pipeline.live.reasons import plain_reason
from pipeline.masking import mask
from pipeline.ports import LogLine

PAGE = 50
_STARTED_BY = {"webhook": "event", "schedule": "schedule", "manual": "by hand"}


@dataclass(frozen=True)
class EventRow:
    id: str
    workflow: str
    started_by: str
    received: str
    ended: str
    fate: str  # done, failed, kept, replayed, waiting, running: one word, also a style's name
    words: str
    reason: str
    attempts: int
    replay_of: str

    @property
    def can_replay(self) -> bool:
        return self.fate == "kept"


@dataclass(frozen=True)
class LineRow:
    at: str
    level: str
    message: str
    fields: list[tuple[str, str]]
    execution: str


def event_row(event: EventInfo, kept: Collection[str]) -> EventRow:
    """`kept`: ids of events that failed and that nobody replayed with success since."""
    fate = _fate(event, kept)
    return EventRow(
        id=event.id,
        workflow=event.workflow,
        started_by="replay" if event.replay_of else _STARTED_BY.get(event.kind, event.kind),
        received=_time(event.received_at),
        ended=_time(event.finished_at) if event.finished_at else "",
        fate=fate,
        words=_words(event, fate),
        reason=plain_reason(mask(event.reason)[0]),
        attempts=event.attempts,
        replay_of=event.replay_of or "",
    )


def line_rows(lines: Sequence[LogLine], sought: str = "") -> list[LineRow]:
    """Newest first; those only that are about a record, or of a run, of that id."""
    return [
        LineRow(
            at=_moment(line.at),
            level=line.level,
            message=mask(line.message)[0],
            fields=[(name, mask(str(value))[0]) for name, value in line.fields.items()],
            execution=line.execution_id or "",
        )
        for line in reversed(lines)
        if not sought or _is_about(line, sought)
    ]


def _is_about(line: LogLine, sought: str) -> bool:
    named = [line.execution_id, *line.fields.values()]
    return any(str(value) == sought for value in named) or sought in line.message


def _fate(event: EventInfo, kept: Collection[str]) -> str:
    if event.state == "failed":
        if event.replay_of:
            return "failed"
        return "kept" if event.id in kept else "replayed"
    return {"pending": "waiting"}.get(event.state, event.state)


def _words(event: EventInfo, fate: str) -> str:
    said = {
        "kept": "failed; kept to be replayed",
        "replayed": "failed, then replayed",
        "failed": "failed again",
        "waiting": "waiting to be delivered",
        "running": "running now",
    }.get(fate, fate)
    return f"{said}, after {event.attempts} attempts" if event.attempts > 1 else said


def _time(text: str) -> str:
    return _moment(datetime.fromisoformat(text))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
