"""The writes of a workflow, the first and those after it, in one form."""

from dataclasses import dataclass

from pipeline.codegen.names import camel, variable
from pipeline.plan.model import Filter, KeyPair, Mapping, Workflow, WriteMode

FIRST = "target"  # how `$write.…` names the first write


@dataclass(frozen=True)
class Target:
    """What one write of a workflow writes; `member` is how later ones reach its result."""

    id: str
    member: str
    system: str
    entity: str
    write_mode: WriteMode
    match_on: tuple[KeyPair, ...]
    mappings: tuple[Mapping, ...]
    when: Filter | None = None
    each: str | None = None  # the source array of whose elements each is written


def targets(workflow: Workflow) -> list[Target]:
    """All writes, in order."""
    first = Target(
        FIRST,
        variable(workflow.target.entity),
        workflow.target.system,
        workflow.target.entity,
        workflow.write_mode,
        tuple(workflow.match_on),
        tuple(workflow.mappings),
        each=workflow.each,
    )
    return [
        first,
        *(
            Target(
                write.id,
                camel(write.id),
                write.system,
                write.entity,
                write.write_mode,
                tuple(write.match_on),
                tuple(write.mappings),
                write.when,
                write.each,
            )
            for write in workflow.writes
        ),
    ]
