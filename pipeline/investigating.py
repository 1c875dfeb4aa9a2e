"""Looking into a failed run: did the API change? If so, a plan that fits again is offered."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from pipeline.case import Case
from pipeline.live.reasons import plain_reason
from pipeline.model import digest
from pipeline.plan.apply import replay
from pipeline.plan.diff import unified
from pipeline.plan.differences import Difference, speaks_of_change, what_changed
from pipeline.plan.model import Workflow
from pipeline.plan.paths import read
from pipeline.plan.schemas import event_of
from pipeline.ports import IntegrationStore
from pipeline.replies import Said

_FIELDS_NAMED = 5


def investigate(
    case: Case, store: IntegrationStore, workflow: str, reason: str, payload: JsonValue
) -> list[Difference]:
    """What of a failed event is not as the plan expects; said in the thread.

    Edits that make the plan fit change the plan, so that its gate asks anew; what is live stays
    as it is until a new version is approved.
    """
    found: list[Difference] = []
    lacking: list[str] = []
    # The plan may have changed since; and what starts a scheduled run is no record.
    planned = next((one for one in case.plan.workflows if one.name == workflow), None)
    if planned and planned.trigger.kind == "webhook" and speaks_of_change(reason):
        record = _record(case, planned, payload)
        found = what_changed(case.plan, case.catalogue, planned, record)
        lacking = _lacking(planned, record)
    _offer(case, store, reason, found, lacking)
    return found


def _record(case: Case, workflow: Workflow, payload: JsonValue) -> Mapping[str, Any]:
    event = event_of(case.catalogue, workflow)
    record = read(payload, event.record_path) if event and event.record_path else payload
    return record if isinstance(record, Mapping) else {}


def _lacking(workflow: Workflow, record: Mapping[str, Any]) -> list[str]:
    """What the plan reads of a record and this one does not have."""
    mappings = [*workflow.mappings, *(one for write in workflow.writes for one in write.mappings)]
    read_paths = [mapping.source for mapping in mappings]
    read_paths += [pair.source for lookup in workflow.lookups for pair in lookup.by]
    paths = dict.fromkeys(path for path in read_paths if path and not path.startswith("$"))
    return [path for path in paths if read(record, path) in (None, [])]


def _offer(
    case: Case,
    store: IntegrationStore,
    reason: str,
    found: Sequence[Difference],
    lacking: Sequence[str],
) -> None:
    edits = [edit for one in found for edit in one.edits]
    learned = [field for one in found for field in one.learned]
    after = replay(case.plan, edits, case.catalogue.with_learned(learned))
    text = " ".join(one.text for one in found) or _unchanged(reason, lacking)
    if edits:
        text += " I changed the plan to fit; approve it, and a new version takes over."
    with store.change(case.integration.id) as integration:
        integration.learn(learned, [])
        integration.edits = [*integration.edits, *edits]
        if edits:
            integration.repairs = 0
        key = f"investigated:{digest([reason, [one.text for one in found]])[:12]}"
        integration.say(Said(key=key, text=text, diff=unified(case.plan, after) if edits else ""))


def _unchanged(reason: str, lacking: Sequence[str]) -> str:
    """What to do where no field has taken another's place."""
    text = f"The event failed with “{plain_reason(reason)[:300]}”. "
    if not lacking:
        return text + (
            "Nothing says that the API has changed there. Once what the reason names is mended, "
            "replay the event."
        )
    names = ", ".join(f"`{path}`" for path in lacking[:_FIELDS_NAMED])
    more = f" and {len(lacking) - _FIELDS_NAMED} more" if len(lacking) > _FIELDS_NAMED else ""
    return text + (
        f"The record that came in has no {names}{more}, which the plan reads. If records may come "
        "without, say what should happen then, such as “skip them”; else complete the record and "
        "replay the event."
    )
