"""Tests of one workflow's mapping functions and filters, as the template needs them."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipeline.catalogue.schema import field_at
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
from pipeline.codegen.literals import literal
from pipeline.codegen.mapping_functions import MappingFunction, element_name
from pipeline.codegen.names import camel
from pipeline.codegen.samples import REMOVED, Sampler, changed
from pipeline.codegen.sources import source_paths
from pipeline.codegen.types import Interface
from pipeline.codegen.variants import Case, Place, cases
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.integration import TestCase
from pipeline.mapping.evaluate import Evaluator, Inputs, passes
from pipeline.mapping.fields import SchemaFields
from pipeline.plan.model import Filter, Variable
from pipeline.plan.paths import parse, read


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
class FunctionTests:
    name: str
    constant: str
    cases: list[WrittenCase]
    errors: list[ErrorGroup]


@dataclass(frozen=True)
class FilterCase:
    title: str
    input: str
    expected: str


@dataclass(frozen=True)
class PersonCase:
    name: str
    input: str
    expected: str
    call: str
    references: str
    skipped: bool


@dataclass
class MappingTests:
    design: WorkflowDesign
    bases: list[Base] = field(default_factory=list)

    @cached_property
    def _inputs(self) -> dict[str, Any]:
        """A sample of everything that mapping functions take: parameter -> value."""
        design, workflow = self.design, self.design.workflow
        sampler = Sampler(design.fields)
        sampler.learn([*workflow.mappings, *(m for one in workflow.lookups for m in one.mappings)])
        paths = [design.id_path, *source_paths(workflow)]
        record = sampler.record(paths)
        for condition in workflow.filters:
            if not passes(condition, record):
                record = _with_value(record, condition, design)
        inputs: dict[str, Any] = {design.record: record}
        for each in {function.each for function in design.functions if function.each}:
            inputs[element_name(each)] = sampler.record(paths, each)
        inputs["references"] = self._references(record)
        inputs["index"] = 0
        inputs["written"] = self._written()
        inputs["settings"] = {camel(one.name): _setting(one) for one in design.variables}
        return inputs

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

    def _references(self, record: Any) -> dict[str, Any]:
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

    def functions(self) -> list[FunctionTests]:
        """The cases of every function that makes a whole record."""
        found = [self._function(one) for one in self.design.functions if one.target]
        used = {
            parameter.name
            for one in self.design.functions
            if one.target
            for parameter in one.parameters
        }
        for parameter in used & self._inputs.keys():
            type_ = self._type(parameter)
            self.bases.append(
                Base(constant_name(parameter), type_, text_of(self._inputs[parameter]))
            )
        self.bases.sort(key=lambda base: base.constant)
        return found

    def _type(self, parameter: str) -> str:
        own = {
            "references": "References",
            "index": "number",
            "written": "Written",
            "settings": "Settings",
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
        base = {name: self._inputs[name] for name in parameters if name in self._inputs}
        evaluator = Evaluator(
            self.design.fields,
            SchemaFields(function.target.schema),
            frozenset(function.target.required),
        )
        certain = {one.member for one in self.design.references if not one.optional}
        fixed: frozenset[Place] = frozenset(
            [
                ("settings",),
                (self.design.record, self.design.id_path),
                *(("references", member) for member in certain),
            ]
        )
        found = cases(base, lambda inputs: self._evaluate(evaluator, function, inputs), fixed)
        constant = constant_name(function.target.name.removeprefix("New"))
        first = found[0]
        self.bases.append(Base(constant, function.target.name, text_of(first.expected)))
        written = [self._case(function, case, first.expected) for case in _worthwhile(found, first)]
        return FunctionTests(function.name, constant, written, self._errors(function, found))

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

    def filter_cases(self) -> list[FilterCase]:
        """For each filter a record that it leaves out, and one that passes all."""
        design = self.design
        record = self._inputs[design.record]
        found: dict[str, FilterCase] = {}
        for one in design.workflow.filters:
            for value in _candidates(one):
                tried = changed(record, {_place(one.field, record): value})
                reason = self._reason(tried)
                title = f"{one.field} is {'missing' if value is REMOVED else literal(value)}"
                constant = constant_name(design.record)
                changes = changes_literal({(design.record, *_place(one.field, record)): value})
                expected = literal(reason) if reason else "undefined"
                found[title] = FilterCase(title, f"changed({constant}, {changes})", expected)
        return list(found.values())

    def _reason(self, record: Any) -> str | None:
        for one, condition in zip(
            self.design.workflow.filters, self.design.conditions, strict=True
        ):
            if not passes(one, record):
                return condition.reason
        return None

    def person(self, case: TestCase) -> PersonCase:
        """A person's own case; `expected: null` means that the record is left out."""
        function = self.design.to_target
        arguments = [one.name for one in function.parameters]
        call = f"{function.name}({', '.join(arguments)})"
        loop = self.design.writes[0].loop
        if loop:
            taken = ", ".join([loop.element, *({"index"} & set(arguments))])
            call = f"({loop.listed} ?? []).map(({taken}) => {call})"
        record = case.input if isinstance(case.input, dict) else {}
        references = self._references(record)
        return PersonCase(
            name=case.name,
            input=text_of(case.input),
            expected=text_of(case.expected),
            call=call,
            references=text_of(references) if "references" in arguments else "",
            skipped=case.expected is None,
        )


def _setting(variable: Variable) -> Any:
    if variable.default not in (None, ""):
        return variable.default
    return {"number": 7, "boolean": True}.get(variable.type, f"the {variable.name}")


def _sampled(text: str, path: str, interface: Interface) -> Any:
    """A value of the field's type."""
    info = field_at(interface.schema, path)
    if info and info.type in ("integer", "number"):
        return 4000 + len(text)
    return info.type == "boolean" if info and info.type == "boolean" else text


def _worthwhile(found: list[Case], first: Case) -> list[Case]:
    """Cases but those that repeat, for one field, what "optional fields missing" shows of all."""
    kept = []
    for case in found:
        if case.error:
            continue
        gone = list(case.changes.values()) == [REMOVED]
        differences = differences_between(first.expected, case.expected)
        if gone and all(value is REMOVED for value in differences.values()):
            continue
        kept.append(case)
    return kept


def _candidates(one: Filter) -> list[Any]:
    """Values on both sides of a filter."""
    wanted = one.value
    if isinstance(wanted, list):
        return [*wanted, "something else", REMOVED]
    if isinstance(wanted, bool):
        return [True, False, None, REMOVED]
    if isinstance(wanted, int | float):
        return [wanted - 1, wanted, wanted + 1, REMOVED]
    if isinstance(wanted, str):
        return [wanted, f"not {wanted}x", "zz", "", REMOVED]
    return ["something", None, "", REMOVED]


def _place(path: str, record: Any) -> Place:
    """Where a filter's field stands in a record; in the first element of an array."""
    place: list[str | int] = []
    for step in parse(path).steps:
        place += [step.name, 0] if step.repeated else [step.name]
    return tuple(place)


def _with_value(record: Any, one: Filter, design: WorkflowDesign) -> Any:
    """The record with a value for which the filter holds, if one of the candidates does."""
    for value in _candidates(one):
        tried = changed(record, {_place(one.field, record): value})
        if passes(one, tried):
            return tried
    return record
