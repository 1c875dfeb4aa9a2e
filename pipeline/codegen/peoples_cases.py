"""People's own cases, an input and the output that they expect, as tests."""

from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from pipeline.codegen.case_text import text_of
from pipeline.codegen.sample_inputs import SampleInputs
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.integration import TestCase
from pipeline.plan.grouping import as_group, rows_of


@dataclass(frozen=True)
class PersonCase:
    name: str
    input: str
    expected: str
    call: str
    references: str
    skipped: bool
    left_out: str  # an expression: whether the filters leave it out


def person_case(design: WorkflowDesign, samples: SampleInputs, case: TestCase) -> PersonCase:
    """A person's own case; `expected: null` means that the record is left out."""
    function = design.to_target
    arguments = [one.name for one in function.parameters] if function else []
    call = f"{function.name}({', '.join(arguments)})" if function else "({})"
    loop = design.writes[0].loop
    if loop:
        taken = ", ".join([loop.element, *({"index"} & set(arguments))])
        call = f"({loop.listed} ?? []).map(({taken}) => {call})"
    record = _record(case.input, grouped=design.row is not None)
    references = samples.references(record)
    return PersonCase(
        name=case.name,
        input=text_of(record),
        expected=text_of(case.expected),
        call=call,
        references=text_of(references) if "references" in arguments else "",
        skipped=case.expected is None,
        left_out=_left_out(design),
    )


def _record(given: JsonValue, *, grouped: bool) -> dict[str, Any]:
    """What a person gives as the record: of a group its rows, or only one of them."""
    rows = [one for one in (given if isinstance(given, list) else [given]) if isinstance(one, dict)]
    if not rows:
        return {}
    return as_group([row for one in rows for row in rows_of(one)]) if grouped else rows[0]


def _left_out(design: WorkflowDesign) -> str:
    test = f"reasonToSkip({design.seen}) !== undefined"
    return f"{design.record}.rows.every(({design.seen}) => {test})" if design.row else test
