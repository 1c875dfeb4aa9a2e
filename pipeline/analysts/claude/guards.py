"""What no edit of a model's own may do, though it could be made."""

from collections.abc import Callable

from pipeline.analysts.claude.addresses import Addresses
from pipeline.plan.edits import MapField, PlanEdit, UnmapField
from pipeline.plan.model import Mapping, Plan

Guard = Callable[[PlanEdit, Plan], str]
"""Why an edit must not be made, though it could be; empty where it may."""


def keeps_addresses(addresses: Addresses, edit: PlanEdit) -> str:
    """A guard: an address is taken from people and sources, never from the model."""
    found = addresses.foreign(edit.model_dump_json())
    return f"Nobody gave the address {found[0][:80]}; leave it out." if found else ""


def keeps_confirmed(edit: PlanEdit, plan: Plan) -> str:
    """A guard: what a person confirmed is for a person to change, but for a function's body."""
    confirmed = confirmed_mapping(edit, plan)
    if confirmed is None or _rewrites(edit, confirmed):
        return ""
    return f"A person confirmed {confirmed.target}; only a person changes it."


def confirmed_mapping(edit: PlanEdit, plan: Plan) -> Mapping | None:
    """The mapping that an edit changes, where a person confirmed it."""
    if not isinstance(edit, MapField | UnmapField):
        return None
    for workflow in plan.workflows:
        if edit.workflow not in (None, workflow.name):
            continue
        lookup = edit.lookup if isinstance(edit, MapField) else None
        homes = {("", ""): workflow.mappings}
        homes |= {(one.id, ""): one.mappings for one in workflow.writes}
        homes |= {("", one.name): one.mappings for one in workflow.lookups}
        write = "" if edit.write in (None, "target") else str(edit.write)
        for mapping in homes.get((write, lookup or ""), []):
            if mapping.target == edit.target and mapping.status == "confirmed":
                return mapping
    return None


def _rewrites(edit: PlanEdit, mapping: Mapping) -> bool:
    """Whether an edit writes the function of a mapping anew, and leaves all else as it is."""
    transform = mapping.transform
    return (
        isinstance(edit, MapField)
        and transform is not None
        and transform.custom is not None
        and edit.custom is not None
        and (edit.source, edit.each) == (mapping.source, mapping.each)
        and edit.transform_args == transform.args
    )
