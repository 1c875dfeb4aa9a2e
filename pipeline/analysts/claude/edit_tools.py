"""One strict tool for each edit of a plan, made from the edits' own models.

Strict schemas may hold few unions and optional fields. Here they hold none: what may be left out is
"", and a value of any type is JSON text.
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from pipeline.analysts.claude.custom_transforms import CustomTransforms, TryTransform
from pipeline.analysts.claude.guards import Guard
from pipeline.analysts.claude.reading_json import read_json
from pipeline.analysts.claude.tools import Tool, Values, faults
from pipeline.errors import InvalidEdit
from pipeline.plan.apply import apply_edit
from pipeline.plan.diff import plan_diff
from pipeline.plan.edits import MapField, PlanEdit
from pipeline.plan.model import Plan
from pipeline.plan.schemas import did_you_mean

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

EDITS: dict[str, type[BaseModel]] = {
    str(edit.model_fields["op"].default): edit for edit in get_args(get_args(PlanEdit)[0])
}
_MISTAKES = 6  # refused edits of one dialogue, after which the rest is for a person
_JSON = "As JSON text; empty for none."
_NOT_GIVEN = ("op", "custom")  # a function is written with a tool of its own, and named then


class EditSession:
    """A plan, and the edits made to it so far; each is checked before it counts."""

    def __init__(
        self, plan: Plan, catalogue: Catalogue, guard: Guard, try_transform: TryTransform
    ) -> None:
        self.plan = plan
        self.edits: list[PlanEdit] = []
        self.refused: list[str] = []
        self._catalogue = catalogue
        self._guard = guard
        self._transforms = CustomTransforms(plan, try_transform)

    def tools(self, only: Container[str] = EDITS) -> list[Tool]:
        """A tool for each kind of edit, and the one that writes functions to map with."""
        edits = [self._tool(op, edit) for op, edit in EDITS.items() if op in only]
        return [*edits, self._transforms.tool()]

    def _tool(self, op: str, edit: type[BaseModel]) -> Tool:
        def run(values: Values) -> str:
            read = read_edit(edit, values)
            return self.apply(
                self._transforms.resolved(read) if isinstance(read, MapField) else read
            )

        described = edit.__doc__ or f"Edit of the plan: {op}."
        return Tool(op.replace("-", "_"), described, flat_schema(edit), run)

    def apply(self, edit: PlanEdit) -> str:
        """Make an edit and say what changed; InvalidEdit where it can't or must not be made."""
        if len(self.refused) >= _MISTAKES:
            raise InvalidEdit("Too many edits were refused: leave the rest out.")
        try:
            problem = self._guard(edit, self.plan)
            if problem:
                raise InvalidEdit(problem)
            after = apply_edit(self.plan, edit, self._catalogue)
        except InvalidEdit as error:
            self.refused.append(str(error))
            raise
        changes = plan_diff(self.plan, after)
        self.plan = after
        self.edits.append(edit)
        return "; ".join(changes) or "The plan does that already."


def flat_schema(edit: type[BaseModel]) -> dict[str, Any]:
    """An edit's JSON Schema without unions, and with every field required."""
    properties = edit.model_json_schema()["properties"]
    flat = {name: _flat(about) for name, about in properties.items() if name not in _NOT_GIVEN}
    return {
        "type": "object",
        "properties": flat,
        "required": list(flat),
        "additionalProperties": False,
    }


def _flat(about: Values) -> dict[str, Any]:
    options = about.get("anyOf", [about])
    given = [one for one in options if one.get("type") != "null"]
    described = {"description": about["description"]} if "description" in about else {}
    if _is_json(about):
        return {"type": "string", "description": _JSON}
    if "enum" in given[0]:
        optional = len(given) < len(options)
        return {**described, "enum": [*given[0]["enum"], *([""] if optional else [])]}
    return {**described, "type": "string"}


def _is_json(about: Values) -> bool:
    """Whether a field holds a value of any type, or an object."""
    kinds = {one.get("type") for one in about.get("anyOf", [about])}
    return not kinds & {"string"}


def read_edit(edit: type[BaseModel], values: Values) -> PlanEdit:
    """The edit that a tool was given; InvalidEdit where it is none."""
    properties = edit.model_json_schema()["properties"]
    unknown = [name for name in values if name not in properties or name in _NOT_GIVEN]
    if unknown:
        raise InvalidEdit(
            f"There is no “{unknown[0]}” here.{did_you_mean(unknown[0], list(properties))}"
        )
    given = {
        name: read_json(name, value) if _is_json(properties[name]) else value
        for name, value in values.items()
        if value != ""
    }
    try:
        return edit.model_validate(given)  # type: ignore[return-value]  # one of EDITS
    except ValidationError as error:
        raise InvalidEdit(f"The edit can't be read: {faults(error)}.") from error
