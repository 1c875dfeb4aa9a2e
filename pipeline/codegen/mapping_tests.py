"""Tests of one workflow's mapping functions and filters, as the template needs them."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipeline.codegen.case_text import (
    call_of,
    changes_literal,
    constant_name,
    differences_between,
    dotted,
    is_small,
    text_of,
    value_literal,
)
from pipeline.codegen.filter_tests import FilterCase, filter_cases
from pipeline.codegen.literals import literal
from pipeline.codegen.mapping_functions import MappingFunction, element_name
from pipeline.codegen.names import camel
from pipeline.codegen.peoples_cases import PersonCase, person_case
from pipeline.codegen.sample_inputs import SampleInputs
from pipeline.codegen.samples import REMOVED
from pipeline.codegen.variants import ALL_MISSING, Case, Place, cases
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.integration import TestCase
from pipeline.mapping.evaluate import Evaluator, Inputs
from pipeline.mapping.fields import SchemaFields


@dataclass(frozen=True)
class Base:
    """A sample input as a constant of the test file."""

    constant: str
    type: str
    literal: str


@dataclass(frozen=True)
class WrittenCase:
    title: str
    call: str
    expected: str
    changes: str = ""


@dataclass(frozen=True)
class ErrorGroup:
    """Changes of one input that all lead to the same error."""

    title: str
    parameter: str
    constant: str
    paths: str
    value: str
    error: str
    call: str


@dataclass(frozen=True)
class Refusal:
    """Several changes that only together lead to an error."""

    title: str
    call: str
    error: str


@dataclass(frozen=True)
class FunctionTests:
    name: str
    constant: str
    cases: list[WrittenCase]
    errors: list[ErrorGroup]
    refusals: list[Refusal]


@dataclass
class MappingTests:
    design: WorkflowDesign
    bases: list[Base] = field(default_factory=list)

    @cached_property
    def _samples(self) -> SampleInputs:
        return SampleInputs(self.design)

    def filter_cases(self) -> list[FilterCase]:
        """Cases of the function that says why a record is left out."""
        return filter_cases(self.design, self._samples.all[self.design.seen])

    def person(self, case: TestCase) -> PersonCase:
        """A person's own case, with samples of what it does not tell."""
        return person_case(self.design, self._samples, case)

    def functions(self) -> list[FunctionTests]:
        """The cases of every function that makes a whole record."""
        found = [self._function(one) for one in self.design.functions if one.target]
        used = {
            parameter.name
            for one in self.design.functions
            if one.target
            for parameter in one.parameters
        }
        used |= {self.design.seen} if self.design.conditions else set()
        for parameter in used & self._samples.all.keys():
            type_ = self._type(parameter)
            self.bases.append(
                Base(constant_name(parameter), type_, text_of(self._samples.all[parameter]))
            )
        self.bases.sort(key=lambda base: base.constant)
        return found

    def _type(self, parameter: str) -> str:
        own = {
            "references": "References",
            "index": "number",
            "written": "Written",
            "settings": "Settings",
            self.design.seen: self.design.seen_type.name,
        }
        if parameter in own:
            return own[parameter]
        for function in self.design.functions:
            for one in function.parameters:
                if one.name == parameter:
                    return one.type
        return self.design.record_type.name

    def _function(self, function: MappingFunction) -> FunctionTests:
        assert function.target is not None
        parameters = [one.name for one in function.parameters]
        base = {name: self._samples.all[name] for name in parameters if name in self._samples.all}
        evaluator = Evaluator(
            self.design.fields,
            SchemaFields(function.target.schema),
            frozenset(function.target.required),
        )
        certain = {one.member for one in self.design.references if not one.optional}
        own = [] if self.design.row else [(self.design.record, self.design.id_path)]
        found_before = [("references", member) for member in certain]
        fixed: frozenset[Place] = frozenset([("settings",), *own, *found_before])
        found = cases(base, lambda inputs: self._evaluate(evaluator, function, inputs), fixed)
        constant = constant_name(function.target.name.removeprefix("New"))
        first = found[0]
        self.bases.append(Base(constant, function.target.name, text_of(first.expected)))
        written = [self._case(function, case, first.expected) for case in _worthwhile(found, first)]
        refusals = [
            Refusal(f"refused with {case.title}", call_of(function, case.changes), case.error)
            for case in found
            if case.error and len(case.changes) > 1
        ]
        errors = self._errors(function, found)
        return FunctionTests(function.name, constant, written, errors, refusals)

    def _evaluate(
        self, evaluator: Evaluator, function: MappingFunction, inputs: dict[str, Any]
    ) -> Any:
        design, bound = self.design, {}
        if function.each:
            bound[function.each] = (0, inputs.get(element_name(function.each)))
        names = {one.member: one.lookup.name for one in design.references}
        references = {names[name]: one for name, one in inputs.get("references", {}).items()}
        record = inputs.get(design.record, {})
        settings = {
            one.name: inputs.get("settings", {}).get(camel(one.name)) for one in design.variables
        }
        members = {one.target.member: one.target.id for one in design.writes}
        written = {members[name]: one for name, one in inputs.get("written", {}).items()}
        given = Inputs(record, references, settings, written)
        return evaluator.evaluate(list(function.mappings), given, bound)

    def _case(self, function: MappingFunction, case: Case, normal: Any) -> WrittenCase:
        differences = differences_between(normal, case.expected)
        whole = text_of(case.expected)
        changes = (
            changes_literal(differences, 0) if differences and is_small(differences, normal) else ""
        )
        return WrittenCase(case.title, call_of(function, case.changes), whole, changes)

    def _errors(self, function: MappingFunction, found: list[Case]) -> list[ErrorGroup]:
        groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for case in found:
            if case.error and len(case.changes) == 1:
                ((place, value),) = case.changes.items()
                groups[case.error, str(place[0]), value_literal(value)].append(dotted(place))
        written = []
        for (error, parameter, value), paths in groups.items():
            arguments = [
                one.name if one.name == parameter else constant_name(one.name)
                for one in function.parameters
            ]
            problem = "lacks" if value == "undefined" else f"has {value} for"
            written.append(
                ErrorGroup(
                    title=f"refuses {parameter} that {problem} what is needed"
                    if value == "undefined"
                    else f"refuses {parameter} with unreadable values ({value})",
                    parameter=parameter,
                    constant=constant_name(parameter),
                    paths=literal(list(dict.fromkeys(paths))),
                    value=value,
                    error=error,
                    call=f"{function.name}({', '.join(arguments)})",
                )
            )
        return written


def _worthwhile(found: list[Case], first: Case) -> list[Case]:
    """Cases but those that repeat, for one field, what "optional fields missing" shows of all."""
    shown = any(case.title == ALL_MISSING and case.error is None for case in found)
    kept = []
    for case in found:
        if case.error:
            continue
        gone = shown and list(case.changes.values()) == [REMOVED]
        differences = differences_between(first.expected, case.expected)
        if gone and all(value is REMOVED for value in differences.values()):
            continue
        kept.append(case)
    return kept
