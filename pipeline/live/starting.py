"""Runs that a person starts: now, or a backfill from a date."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from pipeline.case import Case
from pipeline.catalogue.schema import field_at
from pipeline.errors import UserError
from pipeline.live.capabilities import EventInfo, Startable
from pipeline.live.place import LivePlace
from pipeline.live.reasons import plain_reason
from pipeline.plan.model import Workflow

_WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.2
_ENDED = ("done", "failed")
_BATCH = "Up to 1,000 records are read at a time; it goes on by itself until all are read."


def startable(place: LivePlace, name: str) -> list[Workflow]:
    """The workflows that a person can start, or the one of that name. UserError where none."""
    workflows = [one for one in place.case.plan.workflows if name in ("", one.name)]
    if not workflows:
        known = ", ".join(one.name for one in place.case.plan.workflows)
        raise UserError(f"There is no workflow “{name}” here; there is {known}.")
    found = [one for one in workflows if one.trigger.kind != "webhook"]
    if not found:
        sources = " and ".join(
            dict.fromkeys(
                place.case.plan.system(one.source.system).display_name for one in workflows
            )
        )
        raise UserError(
            f"It runs when {sources} sends an event, so there is nothing to start by hand. Change "
            "a record there, or ask me for a schedule, such as “run it hourly instead”."
        )
    return found


def start(place: LivePlace, workflow: Workflow, data: JsonValue = None) -> EventInfo:
    """Start a run and wait a while for its end."""
    platform = place.platform
    if not isinstance(platform, Startable):
        raise UserError(f"On the platform {platform.name}, start it on its own pages.")
    if place.integration.live[place.environment].paused:
        raise UserError(f"{place.environment} is paused: resume it first.")
    event_id = platform.run_workflow(place.project, place.environment, workflow.name, data)
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        fate = platform.event(event_id)
        if fate.state in _ENDED or time.monotonic() > deadline:
            return fate
        time.sleep(_POLL_SECONDS)


def told(place: LivePlace, workflow: Workflow, fate: EventInfo) -> str:
    """What became of a run that a person started."""
    environment, word = place.environment, place.evidence_word
    if fate.state == "failed":
        why = plain_reason(fate.reason)[:500]
        return f"{workflow.name} on {environment} failed ({word}): {why}"
    if fate.state != "done":
        return f"{workflow.name} on {environment} still runs after a minute; “logs” shows how far."
    written = fate.result.get("written") if isinstance(fate.result, dict) else None
    records = "1 record" if written == 1 else f"{written} records"
    what = f": {records} went through" if isinstance(written, int) else ""
    return f"{workflow.name} on {environment} is done{what} ({word})."


# ---- Backfill ----------------------------------------------------------------------------------


def parse_date(text: str) -> datetime:
    """A day, or a time, as ISO 8601 writes it. UserError for anything else, and for the future."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UserError(f"“{text}” is no date that I can read: write it like 2026-01-31.") from None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if found > datetime.now(UTC):
        raise UserError(f"{text} is in the future; a backfill begins at a date in the past.")
    return found


def backfilled(place: LivePlace, name: str) -> list[Workflow]:
    """The workflows that can read from a date. UserError where none can."""
    found = [one for one in startable(place, name) if one.cursor is not None]
    if not found:
        raise UserError(
            "It reads everything on each run, so there is no date to begin at: say “run now”."
        )
    return found


def effects_of_backfill(case: Case, workflows: Sequence[Workflow], since: datetime) -> list[str]:
    """What a backfill will do, for a person to confirm."""
    effects = []
    for workflow in workflows:
        source = case.plan.system(workflow.source.system).display_name
        target = case.plan.system(workflow.target.system).display_name
        assert workflow.cursor is not None
        effects.append(
            f"{workflow.name}: reads each {workflow.source.entity} of {source} whose "
            f"{workflow.cursor.field} is {since:%Y-%m-%d} or later"
            f"{' and that passes the filters' if workflow.filters else ''}, and writes it to "
            f"{target} ({workflow.write_mode})."
        )
    return [
        *effects,
        "What was written before and is the same is not written again.",
        _BATCH,
        "It can be paused; records that it wrote stay.",
    ]


def since_value(case: Case, workflow: Workflow, since: datetime) -> JsonValue:
    """The time as the source's API writes the field that a run continues by."""
    entry = case.catalogue.system(workflow.source.system)
    listing = entry.operation(workflow.source.entity, "list")
    written = listing.since_format if listing and listing.since_by else "date-time"
    if written == "unix-time-milliseconds":
        return int(since.timestamp() * 1000)
    field = field_at(entry.entity(workflow.source.entity).record_schema, _field(workflow))
    if written == "unix-time" or (field is not None and field.type in ("integer", "number")):
        return int(since.timestamp())
    return since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _field(workflow: Workflow) -> str:
    return workflow.cursor.field if workflow.cursor else ""
