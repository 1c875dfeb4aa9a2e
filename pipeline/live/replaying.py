"""Delivering again what failed."""

from pipeline.errors import UserError
from pipeline.live.capabilities import Eventful, EventInfo, Failure
from pipeline.live.groups import belongs
from pipeline.live.place import LivePlace
from pipeline.live.state import FailureGroup
from pipeline.ports import Platform


def eventful(platform: Platform) -> Eventful:
    """UserError for a platform that keeps nothing of what came in."""
    if not isinstance(platform, Eventful):
        raise UserError(
            f"The platform {platform.name} keeps no events, so Weft can't replay or look into "
            "them. Send the record again from the source system."
        )
    return platform


def replay_failed(place: LivePlace, group: FailureGroup | None) -> int:
    """Deliver every kept event (of a group) once more; gives how many. UserError for none."""
    platform = eventful(place.platform)
    waiting = kept_events(platform, place, group)
    if not waiting:
        raise UserError("No failed event waits there: all were replayed, or are being replayed.")
    if place.integration.live[place.environment].paused:
        raise UserError(f"{place.environment} is paused: resume it first, then replay.")
    for event in waiting:
        platform.replay(event.id)
    return len(waiting)


def kept_events(
    platform: Eventful, place: LivePlace, group: FailureGroup | None
) -> list[EventInfo]:
    """Events that failed and that nobody replayed since, oldest first."""
    found = platform.unsettled(place.project, place.environment)
    return [event for event in found if group is None or belongs(_failure(event), group)]


def _failure(event: EventInfo) -> Failure:
    at = event.finished_at or event.received_at
    return Failure.model_validate(
        {"event_id": event.id, "workflow": event.workflow, "reason": event.reason, "at": at}
    )
