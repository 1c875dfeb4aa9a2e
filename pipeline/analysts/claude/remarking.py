"""An edit counts as a person's word; what the model mapped is marked as the model's instead."""

from collections.abc import Sequence

from pipeline.plan.edits import MapField
from pipeline.plan.model import Alternative, Lookup, Mapping, MappingStatus, Plan, Workflow

_SURE = 0.75  # below this a person should look
_STRONG = 0.8  # a rule that was this sure is not overruled without a person looking


def remarked(before: Plan, after: Plan, edit: MapField, confidence: float) -> Plan:
    """`after`, with the mapping that the edit made as the model's, beside what the rules had."""
    if edit.workflow is None:
        return after
    old, new = before.workflow(edit.workflow), after.workflow(edit.workflow)
    update: dict[str, object] = {"mappings": _marked(old.mappings, new.mappings, edit, confidence)}
    if edit.lookup is not None:
        update = {"lookups": [_lookup(old, one, edit, confidence) for one in new.lookups]}
    changed = new.model_copy(update=update)
    workflows = [changed if one.name == changed.name else one for one in after.workflows]
    return after.model_copy(update={"workflows": workflows})


def _lookup(before: Workflow, after: Lookup, edit: MapField, confidence: float) -> Lookup:
    if after.name != edit.lookup:
        return after
    old = next(one.mappings for one in before.lookups if one.name == edit.lookup)
    return after.model_copy(update={"mappings": _marked(old, after.mappings, edit, confidence)})


def _marked(
    before: Sequence[Mapping], after: Sequence[Mapping], edit: MapField, confidence: float
) -> list[Mapping]:
    old = {(one.target, one.each): one for one in before}
    return [
        one
        if one.target != edit.target or old.get((one.target, one.each)) == one
        else _mark(old.get((one.target, one.each)), one, confidence)
        for one in after
    ]


def _mark(old: Mapping | None, new: Mapping, confidence: float) -> Mapping:
    confidence = min(1.0, max(0.0, confidence))
    status: MappingStatus = "auto" if confidence >= _SURE else "needs-review"
    others = []
    if old is not None and old.source is not None and old.source != new.source:
        others = [Alternative(source=old.source, score=old.confidence)]
        if old.status == "auto" and old.confidence >= _STRONG:
            status = "needs-review"
    return new.model_copy(
        update={"confidence": confidence, "status": status, "alternatives": others}
    )
