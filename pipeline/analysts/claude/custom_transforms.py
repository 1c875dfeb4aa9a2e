"""Functions that a model writes for single mappings: they count once their examples have passed."""

from collections.abc import Callable, Sequence

from pydantic import Field, JsonValue

from pipeline.analysts.assignment import current_assignment
from pipeline.analysts.claude.reading_json import read_json
from pipeline.analysts.claude.tools import Flat, Tool, tool
from pipeline.artifacts import Finding
from pipeline.cancellation import Cancellation
from pipeline.codegen.custom import custom_transforms
from pipeline.errors import SandboxError, UserError
from pipeline.mapping.transforms import CUSTOM
from pipeline.plan.edits import MapField
from pipeline.plan.model import CustomTransform, Example, PlainType, Plan

TryTransform = Callable[[CustomTransform, Cancellation], Sequence[Finding]]
"""What is wrong with a function, found by checking it and by running its examples."""

_ATTEMPTS = 6  # of one dialogue; after that the mapping is for a person
_SHOWN = 5


class WrittenExample(Flat):
    inputs: str = Field(description="As JSON text of an array: one value for each parameter.")
    output: str = Field(description="As JSON text; null where nothing comes out.")


class WriteTransform(Flat):
    """Write a pure TypeScript function for a mapping that no named transform can do.

    It is checked and its examples are run in a sandbox. Once they pass, a mapping may name it as
    its transform: the mapping's source is the first parameter, which is always there; the others
    are the paths in transform_args {"with": […]}, and each of them may be undefined.
    """

    name: str = Field(description="The function's name, in camelCase.")
    summary: str = Field(description="One line for people: what it does.")
    source: str = Field(
        description="`export function <name>(value: string): string | undefined {…}`, with private "
        "helpers beside it; without import, any, clock, chance, or anything outside itself."
    )
    takes: list[PlainType] = Field(description="One for each parameter.")
    gives: PlainType
    examples: list[WrittenExample] = Field(description="At least two, with invented values.")


class CustomTransforms:
    """The functions that a plan has, and those that were written since and hold."""

    def __init__(self, plan: Plan, try_transform: TryTransform) -> None:
        self._known = {one.name: one for one in custom_transforms(plan.workflows)}
        self._try = try_transform
        self._attempts = 0

    def tool(self) -> Tool:
        return tool("write_transform", WriteTransform, self.write)

    def write(self, written: WriteTransform) -> str:
        """Keep the function; UserError with what is wrong where it does not hold."""
        self._attempts += 1
        if self._attempts > _ATTEMPTS:
            raise UserError("Too many functions were tried: leave this mapping to a person.")
        custom = CustomTransform(
            name=written.name,
            summary=written.summary[:200],
            source=written.source,
            takes=written.takes,
            gives=written.gives,
            examples=[_example(one) for one in written.examples],
        )
        try:
            findings = self._try(custom, current_assignment().cancellation)
        except SandboxError as error:
            raise UserError(f"It can't be tried here: {error}") from error
        if findings:
            raise UserError("\n".join(["It does not hold:", *map(_shown, findings[:_SHOWN])]))
        self._known[custom.name] = custom
        return f"Its {len(custom.examples)} examples pass. Map with the transform “{custom.name}”."

    def resolved(self, edit: MapField) -> MapField:
        """The edit with the function that its transform names, where there is one."""
        custom = self._known.get(edit.transform or "")
        if custom is None:
            return edit
        return edit.model_copy(update={"transform": CUSTOM, "custom": custom})


def _example(written: WrittenExample) -> Example:
    inputs = read_json("inputs", written.inputs)
    if not isinstance(inputs, list):
        raise UserError("inputs must be JSON text of an array, with one value for each parameter.")
    output: JsonValue = read_json("output", written.output) if written.output else None
    return Example(inputs=inputs, output=output)


def _shown(finding: Finding) -> str:
    place = f" line {finding.line}" if finding.line else ""
    return f"{finding.tool}{place}: {finding.message[:400]}"
