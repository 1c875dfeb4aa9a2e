"""Fitting a workflow to its trigger: how it then reads its source."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter

from pipeline.catalogue.model import Event, SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.catalogue.schema import fields
from pipeline.catalogue.shape import Schema
from pipeline.errors import InvalidEdit
from pipeline.mapping.match import candidates
from pipeline.plan.model import Cursor, Mapping, Pagination, Trigger, Workflow
from pipeline.plan.schemas import did_you_mean, entry_of, is_notification, source_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_CURSOR_FIELDS = (
    "updatedat", "lastupdatedtime", "lastmodifieddate", "hslastmodifieddate", "updateddateutc",
    "datemodified", "modified", "updated", "createdat", "createtime", "created", "datecreated",
)  # fmt: skip
_SAME_FIELD = 0.5  # two schemas of one entity: below this a field has no counterpart


def valid_cron(cron: str) -> bool:
    """Whether a cron expression is one of five fields that can ever come due."""
    return len(cron.split()) == 5 and croniter.is_valid(cron)


def valid_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a directory
        return False
    return True


def check_trigger(trigger: Trigger, entry: SystemEntry | None) -> None:
    """InvalidEdit where a trigger can't work, with what to do."""
    if trigger.kind == "schedule":
        if not trigger.cron or not valid_cron(trigger.cron):
            raise InvalidEdit(
                f"“{trigger.cron or ''}” is no schedule; say it like “every hour” or as five cron "
                "fields, such as `0 2 * * *`."
            )
        if trigger.timezone and not valid_timezone(trigger.timezone):
            raise InvalidEdit(
                f"“{trigger.timezone}” is no time zone; use a name such as `Europe/Berlin`."
            )
    if trigger.kind == "webhook" and entry is not None:
        _check_event(trigger.event, entry)


def _check_event(event: str | None, entry: SystemEntry) -> None:
    names = [known.name for known in entry.events]
    if not names and entry.tier != "third":
        raise InvalidEdit(f"{entry.display_name} sends no events that Weft knows; use a schedule.")
    if names and event not in names:
        raise InvalidEdit(
            f"{entry.display_name} has no event “{event or ''}”.{did_you_mean(event or '', names)}"
        )


def usual_event(entry: SystemEntry, entity: str) -> Event | None:
    """The event that tells of new records of an entity, else of any change of them."""
    order = ("created", "changed", "updated")
    own = [event for event in entry.events if event.entity == entity and event.action in order]
    return min(own, key=lambda event: order.index(event.action), default=None)


def fit(workflow: Workflow, trigger: Trigger, catalogue: Catalogue) -> Workflow:
    """The workflow with another trigger; its paths follow where the new record differs."""
    entry = entry_of(catalogue, workflow.source.system)
    check_trigger(trigger, entry)
    before = source_schema(catalogue, workflow)
    fitted = workflow.model_copy(update={"trigger": trigger})
    if entry is not None:
        fitted = reading(fitted, entry)
    after = source_schema(catalogue, fitted)
    if before is None or after is None or before == after:
        return fitted
    return _translated(fitted, before, after)


def reading(workflow: Workflow, entry: SystemEntry) -> Workflow:
    """The workflow with what its trigger needs to read records.

    A schedule lists them; a webhook that only names a record has it read; else there is nothing.
    """
    entity = workflow.source.entity
    webhook = workflow.trigger.kind == "webhook"
    listing = None if webhook else entry.operation(entity, "list")
    event = next((one for one in entry.events if one.name == workflow.trigger.event), None)
    named = webhook and event is not None and is_notification(event, entry)
    operation = entry.operation(entity, "read") if named else listing
    method, path = (operation.method, operation.path) if operation else (None, None)
    return workflow.model_copy(
        update={
            "source": workflow.source.model_copy(update={"method": method, "path": path}),
            "pagination": listing.pagination if listing else Pagination(),
            "cursor": _cursor(entry, listing) if listing else None,
        }
    )


def _cursor(entry: SystemEntry, listing: Operation) -> Cursor | None:
    """The field that tells what is new: one that the list can be asked by, where it says so."""
    if listing.since_by:
        paths = list(listing.since_by)
    else:
        paths = [
            field.path
            for field in fields(entry.entity(listing.entity).record_schema)
            if "[]" not in field.path and field.type in ("string", "integer", "number")
        ]
    by_name = {path.rsplit(".", 1)[-1].lower().replace("_", ""): path for path in reversed(paths)}
    found = next((by_name[name] for name in _CURSOR_FIELDS if name in by_name), None)
    found = found or (paths[0] if listing.since_by else None)
    # An overlap re-reads what was written while the last run read; duplicates are told by id.
    return Cursor(field=found, overlap_seconds=300) if found else None


def _translated(workflow: Workflow, before: Schema, after: Schema) -> Workflow:
    known = {field.path for field in fields(after)}
    found = candidates(after, before, k=1)
    same = {
        path: path if path in known else options[0].source
        for path, options in found.items()
        if path in known or (options and options[0].score >= _SAME_FIELD)
    }
    renamed = _rename_paths(workflow.model_dump(), same)
    fitted = Workflow.model_validate(renamed)
    return fitted.model_copy(
        update={"mappings": [_doubted(mapping, known) for mapping in fitted.mappings]}
    )


def _rename_paths(value: object, same: dict[str, str], key: str = "") -> object:
    if isinstance(value, dict):
        return {name: _rename_paths(inner, same, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rename_paths(inner, same, key) for inner in value]
    if isinstance(value, str) and key in ("source", "field", "by", "each", "fields"):
        return same.get(value, value)
    return value


def _doubted(mapping: Mapping, known: set[str]) -> Mapping:
    source = mapping.source
    if source is None or source.startswith("$") or source in known:
        return mapping
    return mapping.model_copy(update={"status": "needs-review", "confidence": 0.0})
