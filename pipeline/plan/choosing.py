"""The workflow or system that an edit means, and the plan with another in its place."""

from pipeline.errors import InvalidEdit
from pipeline.plan.model import Plan, System, Workflow
from pipeline.plan.schemas import did_you_mean


def chosen_workflow(plan: Plan, name: str | None) -> Workflow:
    """The workflow that an edit means; InvalidEdit where that is not clear."""
    names = [workflow.name for workflow in plan.workflows]
    if name is None and len(names) == 1:
        return plan.workflows[0]
    if name is None:
        raise InvalidEdit(f"Say which workflow you mean: {', '.join(names) or 'there is none'}.")
    if name not in names:
        raise InvalidEdit(f"There is no workflow “{name}”.{did_you_mean(name, names)}")
    return plan.workflow(name)


def put(plan: Plan, old: Workflow, new: Workflow) -> Plan:
    """The plan with a workflow in the place of another; it may have another name."""
    workflows = [new if workflow.name == old.name else workflow for workflow in plan.workflows]
    return plan.model_copy(update={"workflows": workflows})


def chosen_system(plan: Plan, name: str) -> System:
    """The system of that name; InvalidEdit where the plan has none."""
    names = [system.name for system in plan.systems]
    if name not in names:
        raise InvalidEdit(f"The plan has no system “{name}”.{did_you_mean(name, names)}")
    return plan.system(name)


def put_system(plan: Plan, new: System) -> Plan:
    systems = [new if system.name == new.name else system for system in plan.systems]
    return plan.model_copy(update={"systems": systems})
