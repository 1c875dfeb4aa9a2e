"""People's own cases, an input and the output that they expect, as tests."""

from dataclasses import dataclass

from pipeline.codegen.case_text import text_of
from pipeline.codegen.sample_inputs import SampleInputs
from pipeline.codegen.workflow import WorkflowDesign
from pipeline.integration import TestCase


@dataclass(frozen=True)
class PersonCase:
    name: str
    input: str
    expected: str
    call: str
    references: str
    skipped: bool


def person_case(design: WorkflowDesign, samples: SampleInputs, case: TestCase) -> PersonCase:
    """A person's own case; `expected: null` means that the record is left out."""
    function = design.to_target
    arguments = [one.name for one in function.parameters]
    call = f"{function.name}({', '.join(arguments)})"
    loop = design.writes[0].loop
    if loop:
        taken = ", ".join([loop.element, *({"index"} & set(arguments))])
        call = f"({loop.listed} ?? []).map(({taken}) => {call})"
    record = case.input if isinstance(case.input, dict) else {}
    references = samples.references(record)
    return PersonCase(
        name=case.name,
        input=text_of(case.input),
        expected=text_of(case.expected),
        call=call,
        references=text_of(references) if "references" in arguments else "",
        skipped=case.expected is None,
    )
