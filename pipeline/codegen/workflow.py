"""One workflow with everything named: what the templates are filled with."""

from dataclasses import dataclass

from pipeline.codegen.expressions import Used
from pipeline.codegen.filters import Condition
from pipeline.codegen.mapping_functions import MappingFunction
from pipeline.codegen.names import camel, indefinite, kebab, pascal, phrase, plural
from pipeline.codegen.references import Reference
from pipeline.codegen.systems import SystemDesign
from pipeline.codegen.types import Interface
from pipeline.codegen.writes import WriteDesign
from pipeline.mapping.fields import Fields
from pipeline.mapping.transforms import TRANSFORMS
from pipeline.plan.model import Workflow


@dataclass(frozen=True)
class WorkflowDesign:
    workflow: Workflow
    source: SystemDesign
    target: SystemDesign
    record: str
    record_type: Interface
    id_path: str
    conditions: list[Condition]
    references: list[Reference]
    functions: list[MappingFunction]
    write: WriteDesign
    to_target: MappingFunction
    target_variable: str
    target_id: str | None
    file: str
    references_file: str
    fields: Fields
    signed: bool
    record_path: str
    kv_scope: str
    list: str
    cursor: str

    @property
    def export(self) -> str:
        return camel(self.workflow.name)

    @property
    def finder_settings(self) -> bool:
        """Whether finding the references needs settings."""
        return any(one.key_is_certain for one in self.references)

    @property
    def may_skip(self) -> bool:
        """Whether a record may turn out to be left alone only when it is to be written."""
        return self.write.mode == "update" or any(one.skips for one in self.references)

    @property
    def uses_settings(self) -> bool:
        return self.finder_settings or any(
            parameter.name == "settings" for parameter in self.to_target.parameters
        )

    @property
    def entity_phrase(self) -> str:
        return phrase(self.workflow.source.entity)

    @property
    def records(self) -> str:
        """The variable with several source records."""
        return camel(plural(self.record))

    @property
    def records_phrase(self) -> str:
        return phrase(plural(self.workflow.source.entity))

    @property
    def records_slug(self) -> str:
        return kebab(plural(self.workflow.source.entity))

    @property
    def target_phrase(self) -> str:
        return phrase(self.workflow.target.entity)

    @property
    def trigger_sentence(self) -> str:
        """When it runs and what it then does, for people."""
        trigger, source = self.workflow.trigger, self.source.system.display_name
        written = f"{indefinite(self.workflow.target.entity)} in {self.target.system.display_name}"
        if trigger.kind == "webhook":
            return f"Each `{trigger.event}` event of {source} makes {written}."
        when = f"By the schedule `{trigger.cron}`" if trigger.kind == "schedule" else "When started"
        return f"{when}, each {self.entity_phrase} of {source} that changed makes {written}."

    @property
    def finder(self) -> str:
        return f"{pascal(self.workflow.source.entity)}References"

    @property
    def used(self) -> Used:
        """What the mapping module imports."""
        merged = Used()
        for function in self.functions:
            merged.transforms |= function.used.transforms
            merged.records |= function.used.records
            merged.parameters.update(function.used.parameters)
        return merged

    @property
    def transform_names(self) -> set[str]:
        """The transforms that the workflow's modules call."""
        called = self.used.transforms | self.key_transforms
        return {name for name, spec in TRANSFORMS.items() if spec.function in called}

    @property
    def key_transforms(self) -> set[str]:
        by_key = self.write.find is not None
        uncertain = any(not one.key_is_certain for one in self.references)
        return {"toText"} if by_key or uncertain else set()
