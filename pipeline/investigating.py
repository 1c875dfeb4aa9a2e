"""Looking into a failed run: did the API change? If so, a plan that fits again is offered."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from pipeline.case import Case
from pipeline.model import digest
from pipeline.plan.apply import replay
from pipeline.plan.diff import unified
from pipeline.plan.differences import Difference, speaks_of_change, what_changed
from pipeline.plan.model import Workflow
from pipeline.plan.paths import read
from pipeline.plan.schemas import event_of
from pipeline.ports import IntegrationStore
from pipeline.replies import Said


def investigate(
    case: Case, store: IntegrationStore, workflow: str, reason: str, payload: JsonValue
) -> list[Difference]:
    """What of a failed event is not as the plan expects; said in the thread.

    Edits that make the plan fit change the plan, so that its gate asks anew; what is live stays
    as it is until a new version is approved.
    """
    found: list[Difference] = []
    if speaks_of_change(reason):
        record = _record(case, case.plan.workflow(workflow), payload)
        found = what_changed(case.plan, case.catalogue, case.plan.workflow(workflow), record)
    _offer(case, store, reason, found)
    return found


def _record(case: Case, workflow: Workflow, payload: JsonValue) -> Mapping[str, Any]:
    event = event_of(case.catalogue, workflow)
    record = read(payload, event.record_path) if event and event.record_path else payload
    return record if isinstance(record, Mapping) else {}


def _offer(case: Case, store: IntegrationStore, reason: str, found: Sequence[Difference]) -> None:
    edits = [edit for one in found for edit in one.edits]
    learned = [field for one in found for field in one.learned]
    after = replay(case.plan, edits, case.catalogue.with_learned(learned))
    text = " ".join(one.text for one in found) or (
        f"The event failed with “{reason[:300]}”. What came in is what the plan expects, so the "
        "API has not changed there; the event is kept and can be replayed."
    )
    if edits:
        text += " I changed the plan to fit; approve it, and a new version takes over."
    with store.change(case.integration.id) as integration:
        integration.learn(learned, [])
        integration.edits = [*integration.edits, *edits]
        if edits:
            integration.repairs = 0
        key = f"investigated:{digest([reason, [one.text for one in found]])[:12]}"
        integration.say(Said(key=key, text=text, diff=unified(case.plan, after) if edits else ""))
