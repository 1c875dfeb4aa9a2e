"""A sample of everything that a workflow's mapping functions take."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.catalogue.schema import FieldInfo, field_at
from pipeline.codegen.filter_tests import with_value
from pipeline.codegen.mapping_functions import element_name
from pipeline.codegen.names import camel
from pipeline.codegen.samples import Sampler
from pipeline.codegen.sources import source_paths
from pipeline.codegen.types import Interface
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.mapping.evaluate import passes
from pipeline.plan.model import Mapping, Variable
from pipeline.plan.paths import read


@dataclass(frozen=True)
class SampleInputs:
    """Samples by the name of the parameter that takes them."""

    design: WorkflowDesign

    @cached_property
    def all(self) -> dict[str, Any]:
        """A sample of everything that mapping functions take: parameter -> value."""
        design, workflow = self.design, self.design.workflow
        sampler = Sampler(design.fields, taken_as=self._filled())
        sampler.learn([*workflow.mappings, *(m for one in workflow.lookups for m in one.mappings)])
        paths = [design.id_path, *source_paths(workflow)]
        inputs: dict[str, Any] = {design.record: sampler.record(paths)}
        for each in {function.each for function in design.functions if function.each}:
            inputs[element_name(each)] = sampler.record(paths, each)
        if design.row:
            plain = sampler.record(path for path in paths if "[]" not in path)
            inputs[design.seen] = {**plain, **inputs.get(design.seen, {})}
        inputs[design.seen] = self._wanted(inputs[design.seen])
        inputs["references"] = self.references(inputs[design.record])
        inputs["index"] = 0
        inputs["written"] = self._written()
        inputs["settings"] = {camel(one.name): self._setting(one) for one in design.variables}
        return inputs

    def _filled(self) -> dict[str, FieldInfo]:
        """The field that each source fills as it is, or as the time that it tells."""
        filled = {
            mapping.source: field_at(function.target.schema, mapping.target)
            for function in self.design.functions
            for mapping in function.mappings
            if function.target and mapping.source and _is_kept(mapping)
        }
        return {source: info for source, info in filled.items() if info is not None}

    def _wanted(self, record: dict[str, Any]) -> Any:
        """The record, changed so that it passes every filter."""
        wanted: Any = record
        for condition in self.design.workflow.filters:
            if not passes(condition, wanted):
                wanted = with_value(wanted, condition)
        return wanted

    def _written(self) -> dict[str, Any]:
        """Results of writes: each text has its write's and its field's name in it."""
        return {
            one.target.member: {
                path: _sampled(f"{one.target.member}-{path}", path, one.result_type)
                for path in one.result_type.paths
                if "." not in path
            }
            for one in self.design.uses_written
        }

    def references(self, record: Any) -> dict[str, Any]:
        """Found records: each field has its reference's name in it."""
        made: dict[str, Any] = {}
        for one in self.design.references:
            interface = self.design.result_types[one.lookup.system, one.type]
            fields = [path for path in interface.paths if "." not in path]
            if one.each:
                count = len(read(record, one.each.removesuffix("[]")) or [])
                made[one.member] = [
                    {
                        path: _sampled(f"{one.member}-{path}-{index + 1}", path, interface)
                        for path in fields
                    }
                    for index in range(count)
                ]
            else:
                made[one.member] = {
                    path: _sampled(f"{one.member}-{path}", path, interface) for path in fields
                }
        return made

    def _setting(self, variable: Variable) -> Any:
        """Its default, or what fits the fields that are filled with it."""
        if variable.default not in (None, ""):
            return variable.default
        if variable.type != "string":
            return {"number": 7, "boolean": True}[variable.type]
        filled = [
            field_at(function.target.schema, mapping.target)
            for function in self.design.functions
            for mapping in function.mappings
            if function.target and mapping.source == f"$variable.{variable.name}"
        ]
        texts = {"integer": "7", "number": "7", "boolean": "true"}
        kinds = [texts[one.type] for one in filled if one is not None and one.type in texts]
        return kinds[0] if kinds else f"the {variable.name}"


def _is_kept(mapping: Mapping) -> bool:
    return mapping.transform is None or mapping.transform.name in ("date", "datetime")


def _sampled(text: str, path: str, interface: Interface) -> Any:
    """A value of the field's type."""
    info = field_at(interface.schema, path)
    if info and info.type in ("integer", "number"):
        return 4000 + len(text)
    return info.type == "boolean" if info and info.type == "boolean" else text
