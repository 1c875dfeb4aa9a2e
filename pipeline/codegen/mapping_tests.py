"""Tests of one workflow's mapping functions and filters, as the template needs them."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import JsonValue

from pipeline.codegen.design import WorkflowDesign, source_paths
from pipeline.codegen.literals import literal
from pipeline.codegen.mapping_functions import MappingFunction, element_name
from pipeline.codegen.names import words
from pipeline.codegen.samples import REMOVED, Sampler, changed
from pipeline.codegen.variants import Case, Place, cases
from pipeline.integration import TestCase
from pipeline.mapping.evaluate import Evaluator, Inputs, passes
from pipeline.mapping.fields import SchemaFields
from pipeline.plan.model import Filter
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
        return inputs

    def _references(self, record: Any) -> dict[str, Any]:
        """Found records: each field has its reference's name in it."""
        made: dict[str, Any] = {}
        for one in self.design.references:
            interface = self.design.target.types[one.type]
            fields = [path for path in interface.paths if "." not in path]
            if one.each:
                count = len(read(record, one.each.removesuffix("[]")) or [])
                made[one.member] = [
                    {path: f"{one.member}-{path}-{index + 1}" for path in fields}
                    for index in range(count)
                ]
            else:
                made[one.member] = {path: f"{one.member}-{path}" for path in fields}
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
            self.bases.append(Base(_constant(parameter), type_, _written(self._inputs[parameter])))
        self.bases.sort(key=lambda base: base.constant)
        return found

    def _type(self, parameter: str) -> str:
        if parameter == "references":
            return "References"
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
        fixed: frozenset[Place] = frozenset(("references", member) for member in certain)
        found = cases(base, lambda inputs: self._evaluate(evaluator, function, inputs), fixed)
        constant = _constant(function.target.name.removeprefix("New"))
        first = found[0]
        self.bases.append(Base(constant, function.target.name, _written(first.expected)))
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
        return evaluator.evaluate(list(function.mappings), Inputs(record, references), bound)

    def _case(self, function: MappingFunction, case: Case, normal: Any) -> WrittenCase:
        differences = _differences(normal, case.expected)
        whole = _written(case.expected)
        changes = _changes(differences, 0) if differences and _is_small(differences, normal) else ""
        return WrittenCase(case.title, _call(function, case.changes), whole, changes)

    def _errors(self, function: MappingFunction, found: list[Case]) -> list[ErrorGroup]:
        groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for case in found:
            if case.error and len(case.changes) == 1:
                ((place, value),) = case.changes.items()
                groups[case.error, str(place[0]), _value(value)].append(_dotted(place))
        written = []
        for (error, parameter, value), paths in groups.items():
            arguments = [
                one.name if one.name == parameter else _constant(one.name)
                for one in function.parameters
            ]
            problem = "lacks" if value == "undefined" else f"has {value} for"
            written.append(
                ErrorGroup(
                    title=f"refuses {parameter} that {problem} what is needed"
                    if value == "undefined"
                    else f"refuses {parameter} with unreadable values ({value})",
                    parameter=parameter,
                    constant=_constant(parameter),
                    paths=literal(list(dict.fromkeys(paths))),  # type: ignore[arg-type]
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
                constant = _constant(design.record)
                changes = _changes({(design.record, *_place(one.field, record)): value})
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
        record = case.input if isinstance(case.input, dict) else {}
        references = self._references(record)
        return PersonCase(
            name=case.name,
            input=_written(case.input),
            expected=_written(case.expected),
            call=f"{function.name}({', '.join(arguments)})",
            references=_written(references) if "references" in arguments else "",
            skipped=case.expected is None,
        )


def _worthwhile(found: list[Case], first: Case) -> list[Case]:
    """Cases but those that repeat, for one field, what "optional fields missing" shows of all."""
    kept = []
    for case in found:
        if case.error:
            continue
        gone = list(case.changes.values()) == [REMOVED]
        differences = _differences(first.expected, case.expected)
        if gone and all(value is REMOVED for value in differences.values()):
            continue
        kept.append(case)
    return kept


def _differences(one: Any, other: Any, place: Place = ()) -> dict[Place, Any]:
    """What to change to make of one value the other."""
    if isinstance(one, dict) and isinstance(other, dict):
        found: dict[Place, Any] = {}
        for name in dict.fromkeys([*one, *other]):
            if name not in other:
                found[(*place, name)] = REMOVED
            elif name not in one:
                found[(*place, name)] = other[name]
            else:
                found |= _differences(one[name], other[name], (*place, name))
        return found
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return {
            where: value
            for index, (mine, its) in pairs
            for where, value in _differences(mine, its, (*place, index)).items()
        }
    return {} if one == other and type(one) is type(other) else {place: other}


def _is_small(differences: dict[Place, Any], normal: Any) -> bool:
    return () not in differences and len(differences) <= 12 and bool(normal)


def _call(function: MappingFunction, changes: dict[Place, Any]) -> str:
    by_parameter: dict[str, dict[Place, Any]] = defaultdict(dict)
    for place, value in changes.items():
        by_parameter[str(place[0])][place] = value
    arguments = []
    for one in function.parameters:
        constant = _constant(one.name)
        own = by_parameter.get(one.name)
        arguments.append(f"changed({constant}, {_changes(own)})" if own else constant)
    return f"{function.name}({', '.join(arguments)})"


def _changes(changes: dict[Place, Any], drop: int = 1) -> str:
    """Changes as an object literal; the first step of an input's place is its parameter."""
    members = [
        f"{literal(_dotted(place, drop))}: {_value(value)}" for place, value in changes.items()
    ]
    return "{" + ", ".join(members) + "}"


def _dotted(place: Place, drop: int = 1) -> str:
    return ".".join(map(str, place[drop:]))


def _value(value: Any) -> str:
    return "undefined" if value is REMOVED else _written(value)


_LONG = re.compile(r'"(x{50,})([^"]*)"')


def _written(value: JsonValue) -> str:
    """A literal; a text that is long for its own sake is written as a repetition."""

    def shorten(found: re.Match[str]) -> str:
        rest = f' + "{found[2]}"' if found[2] else ""
        return f'"x".repeat({len(found[1])}){rest}'

    return _LONG.sub(shorten, literal(value))


def _constant(name: str) -> str:
    return "_".join(words(name)).upper()


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
