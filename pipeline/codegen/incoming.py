"""How records come in: one in an event, several, notices of them, or read from a list."""

from dataclasses import dataclass
from typing import Literal

from pipeline.catalogue.model import Event
from pipeline.codegen.clients.method import rule_path, steps
from pipeline.codegen.literals import literal

Kind = Literal["event", "events", "notices", "list"]


@dataclass(frozen=True)
class Incoming:
    """Paths are lists of steps as TypeScript. `elements` leads to each event of a delivery.

    `tests` are expressions that tell the workflow's event from others of the same address.
    """

    kind: Kind
    elements: str = "[]"
    record: str = "[]"
    id: str = "[]"
    tests: tuple[str, ...] = ()
    read: str = ""
    list: str = ""
    paged: bool = False
    since: bool = False
    time: str = ""
    overlap_seconds: int = 0
    signed: bool = False

    @property
    def is_single(self) -> bool:
        return self.kind == "event"


def incoming_event(event: Event | None, signed: bool, is_notice: bool, read: str) -> Incoming:
    """What a webhook's delivery holds."""
    if event is None:
        return Incoming("event", signed=signed)
    before, several, within = event.record_path.rpartition("[]")
    prefix = f"{before}[]" if several else ""
    tests = [
        f"valueAt(event, {_inside(path, prefix)}) === {literal(value)}"
        for path, value in _distinctions(event).items()
    ]
    kind: Kind = "notices" if is_notice else "events" if several else "event"
    return Incoming(
        kind,
        elements=literal(steps(prefix)),
        record=literal(rule_path(within.removeprefix("."))),
        id=literal(rule_path(event.read_id or "")),
        tests=tuple(tests),
        read=read,
        signed=signed,
    )


def _distinctions(event: Event) -> dict[str, object]:
    """What the payload says of this event and of no other."""
    named = {event.name_path: event.name_value or event.name} if event.name_path else {}
    return {**named, **event.when}


def _inside(path: str, prefix: str) -> str:
    """A path of the payload, seen from one of its events."""
    own = path.removeprefix(prefix).removeprefix(".") if prefix else path
    return literal(rule_path(own))
