"""What people of a workspace confirmed for two entities, taken over where they meet again."""

from collections.abc import Mapping as Mappings
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.case import load_case
from pipeline.catalogue.catalogue import Catalogue
from pipeline.integration import Integration
from pipeline.plan.model import Mapping, Plan, Workflow
from pipeline.plan.paths import array_of
from pipeline.plan.schemas import entity_schema, find_field, source_schema
from pipeline.ports import IntegrationStore


class Pair(NamedTuple):
    """The two entities that a mapping leads between, each with its system."""

    source_system: str
    source_entity: str
    target_system: str
    target_entity: str


@dataclass(frozen=True)
class Remembered:
    """A mapping that a person confirmed, and the title of the integration where they did."""

    mapping: Mapping
    where: str


_NOTE = "confirmed before, in “"

Memory = Mappings[Pair, list[Remembered]]


def memory_of(store: IntegrationStore, team: str, besides: str, catalogue: Catalogue) -> Memory:
    """What the other integrations of a team confirmed, the newest last.

    Only of plans that were approved. Constants and results of lookups are of one integration alone.
    """
    memory: dict[Pair, list[Remembered]] = {}
    for integration in store.list():
        if integration.team != team or integration.id == besides or not _approved(integration):
            continue
        plan = load_case(store, integration.id, catalogue).plan
        for workflow in plan.workflows:
            confirmed = [
                Remembered(mapping, plan.title)
                for mapping in workflow.mappings
                if mapping.status == "confirmed" and not (mapping.source or "$").startswith("$")
            ]
            memory.setdefault(_pair(workflow), []).extend(confirmed)
    return memory


def _approved(integration: Integration) -> bool:
    """Whether its plan was approved, and no change of it waits for an answer since."""
    plans = [gate for gate in integration.gates if gate.kind == "plan"]
    return any(gate.approved for gate in plans) and all(gate.state != "open" for gate in plans)


def _pair(workflow: Workflow) -> Pair:
    source, target = workflow.source, workflow.target
    return Pair(source.system, source.entity, target.system, target.entity)


def recalled(plan: Plan, memory: Memory, catalogue: Catalogue) -> Plan:
    """The plan with what was confirmed before; what its own request says comes first."""
    workflows = [_recalled(workflow, memory, catalogue) for workflow in plan.workflows]
    return plan.model_copy(update={"workflows": workflows})


def _recalled(workflow: Workflow, memory: Memory, catalogue: Catalogue) -> Workflow:
    mappings = {_place(one): one for one in workflow.mappings}
    for remembered in memory.get(_pair(workflow), []):
        mapping = remembered.mapping
        now = mappings.get(_place(mapping))
        said = now is not None and now.status == "confirmed" and not _is_recalled(now)
        if not said and _fits(workflow, mapping, catalogue):
            note = f"{_NOTE}{remembered.where}”"
            mappings[_place(mapping)] = mapping.model_copy(update={"note": note})
    return workflow.model_copy(update={"mappings": list(mappings.values())})


def _place(mapping: Mapping) -> tuple[str, str]:
    """The field that a mapping fills, and of which elements: an array may have several kinds."""
    array = mapping.each or array_of(mapping.source or "") or ""
    return mapping.target, array if "[]" in mapping.target else ""


def _is_recalled(mapping: Mapping) -> bool:
    return mapping.note.startswith(_NOTE)


def _fits(workflow: Workflow, mapping: Mapping, catalogue: Catalogue) -> bool:
    """Whether both fields are still there: an account's or an event's schema may differ."""
    target = entity_schema(catalogue, workflow.target.system, workflow.target.entity)
    source = source_schema(catalogue, workflow)
    return (
        find_field(target, mapping.target) is not None
        and find_field(source, mapping.source or "") is not None
    )
