"""One workflow with everything named: what the templates are filled with."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.codegen.expressions import Used
from pipeline.codegen.filters import Condition
from pipeline.codegen.incoming import Incoming
from pipeline.codegen.mapping_functions import MappingFunction, element_name
from pipeline.codegen.mirrors import MirrorDesign
from pipeline.codegen.names import (
    indefinite,
    kebab,
    member,
    pascal,
    phrase,
    plural,
    variable,
)
from pipeline.codegen.references import Reference
from pipeline.codegen.stages import Stage, WriteStep
from pipeline.codegen.systems import SystemDesign
from pipeline.codegen.types import Interface
from pipeline.mapping.fields import Fields
from pipeline.mapping.transforms import TRANSFORMS
from pipeline.plan.grouping import ROWS
from pipeline.plan.model import Variable, Workflow
from pipeline.plan.paths import parse


@dataclass(frozen=True)
class WorkflowDesign:
    workflow: Workflow
    source: SystemDesign
    record: str
    record_type: Interface
    id_path: str
    conditions: list[Condition]
    functions: list[MappingFunction]
    stages: list[Stage]
    incoming: Incoming
    mirror: MirrorDesign | None
    version: str
    file: str
    fields: Fields
    variables: list[Variable]
    kv_scope: str
    row: Interface | None = None  # the type of one row, where several become one record

    @property
    def export(self) -> str:
        return variable(self.workflow.name, "Workflow")

    @cached_property
    def references(self) -> list[Reference]:
        return [one for stage in self.stages for one in stage.references]

    @cached_property
    def writes(self) -> list[WriteStep]:
        return [one for stage in self.stages for one in stage.writes]

    @property
    def result_types(self) -> dict[tuple[str, str], Interface]:
        """The types of found records, by system and name."""
        return {
            (stage.system.system.name, name): one
            for stage in self.stages
            for name, one in stage.system.types.items()
        }

    @property
    def to_target(self) -> MappingFunction | None:
        """The function that makes what is written first; None where it deletes."""
        return self.writes[0].function

    @property
    def target(self) -> SystemDesign:
        return self.writes[0].system

    @property
    def is_simple(self) -> bool:
        """Whether one record comes in, and one system is written to, once."""
        return (
            self.incoming.is_single
            and self.mirror is None
            and len(self.stages) == 1
            and len(self.writes) == 1
            and self.writes[0].condition is None
            and self.writes[0].loop is None
        )

    @property
    def is_batch(self) -> bool:
        """Whether it reads a list, run by run."""
        return self.incoming.kind == "list"

    @property
    def has_rest(self) -> bool:
        """Whether a run of its schedule may find more than it can take."""
        has_pages = self.incoming.paged or self.row is not None
        return self.workflow.trigger.kind == "schedule" and self.is_batch and has_pages

    @property
    def uses_written(self) -> list[WriteStep]:
        """The writes whose results later ones use."""
        used = {name for function in self.functions for name in function.used.written} | {
            name for one in self.writes if one.condition for name in one.condition.used.written
        }
        return [one for one in self.writes if one.target.id in used]

    @property
    def entity(self) -> str:
        """What a record is called on its way: its entity, or a group of that."""
        return f"{self.workflow.source.entity}{' group' if self.row else ''}"

    @property
    def entity_phrase(self) -> str:
        return phrase(self.entity)

    @property
    def seen(self) -> str:
        """The variable of what filters see: the record, or one row of it."""
        return element_name(ROWS) if self.row else self.record

    @property
    def seen_type(self) -> Interface:
        return self.row or self.record_type

    def id_of(self, owner: str, optional: bool = False) -> str:
        """The expression of what tells one record from others."""
        first, *rest = (step.name for step in parse(self.id_path).steps)
        code = member(owner, first, optional)
        for name in rest:
            code = member(code, name, optional=True)
        return code

    @property
    def records(self) -> str:
        """The variable with several source records."""
        return variable(plural(self.record))

    @property
    def records_phrase(self) -> str:
        return phrase(plural(self.entity))

    @property
    def records_slug(self) -> str:
        return kebab(plural(self.entity))

    @property
    def target_phrase(self) -> str:
        return phrase(self.workflow.target.entity)

    @property
    def trigger_sentence(self) -> str:
        """When it runs and what it then does, for people."""
        trigger, source = self.workflow.trigger, self.source.system.display_name
        done = self._done("makes")
        if trigger.kind == "webhook":
            return f"Each `{_line(trigger.event)}` event of {source} {done}."
        when = (
            f"By the schedule `{_line(trigger.cron)}`"
            if trigger.kind == "schedule"
            else "When started"
        )
        if self.row:
            rows, by = phrase(plural(self.workflow.source.entity)), _line(self.workflow.group_by)
            done = self._done("together make")
            return f"{when}, the {rows} of {source} with the same `{by}` {done}."
        return f"{when}, each {self.entity_phrase} of {source} that changed {done}."

    def _done(self, makes: str) -> str:
        """What becomes of the targets: `makes a contact in HubSpot and a message in Slack`."""
        done: dict[str, list[str]] = {}
        for one in self.writes:
            named = f"{indefinite(one.target.entity)} in {one.system.system.display_name}"
            each = f" for each of its {phrase(plural(one.loop.element))}" if one.loop else ""
            verb = makes if one.function else "deletes"
            done.setdefault(verb, []).append(f"{named}{each}")
        return " and ".join(f"{verb} {' and '.join(named)}" for verb, named in done.items())

    @property
    def passage(self) -> str:
        """The type of a record on its way through the systems."""
        return f"{pascal(self.entity)}OnItsWay"

    @property
    def used(self) -> Used:
        """What the mapping module imports."""
        merged = Used()
        for function in self.functions:
            merged.transforms |= function.used.transforms
            merged.parameters.update(function.used.parameters)
        return merged

    @property
    def transform_names(self) -> set[str]:
        """The transforms that the workflow's modules call."""
        called = self.used.transforms | self.key_transforms
        return {name for name, spec in TRANSFORMS.items() if spec.function in called}

    @property
    def key_transforms(self) -> set[str]:
        by_key = any(one.calls.keys for one in self.writes) or self.mirror is not None
        uncertain = any(one.uncertain for one in self.references)
        return {"toText"} if by_key or uncertain else set()


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
