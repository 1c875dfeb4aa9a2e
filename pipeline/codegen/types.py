"""TypeScript interfaces from JSON Schemas: only the fields that the integration uses."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from pipeline.catalogue.schema import FieldInfo
from pipeline.catalogue.shapes import plain_field
from pipeline.codegen.literals import literal
from pipeline.codegen.names import key
from pipeline.codegen.type_names import TypeNames
from pipeline.mapping.fields import Schema, always_there
from pipeline.plan.paths import Step, parse

Side = Literal["read", "written"]
_SCALARS = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean"}


@dataclass
class Interface:
    """A record's type: what is read may be null; what is written is required or left out."""

    name: str
    schema: Schema
    side: Side
    comment: str = ""
    paths: dict[str, None] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    times: set[str] = field(default_factory=set)
    constants: dict[str, list[JsonValue]] = field(default_factory=dict)
    names: TypeNames = field(default_factory=TypeNames, kw_only=True)

    def use(self, paths: Iterable[str]) -> None:
        self.paths.update(dict.fromkeys(path for path in paths if path))

    def always(self) -> bool:
        """Whether some field is always there."""
        return any(self._always(path) for path in self.paths)

    def element(self, array: str) -> str:
        """The name of the type of an array's elements (`line_items[]` -> OrderLineItem)."""
        return self.names.element(self.name, array)

    def source(self) -> str:
        """The interface and those of its arrays' elements, outermost first."""
        found: list[str] = []
        self._interface(self.name, "", found)
        return "\n\n".join(found)

    def _interface(self, name: str, path: str, found: list[str]) -> None:
        place = len(found)
        found.append("")
        if not path and not self.paths:
            found[place] = f"export type {name} = object;"
            return
        comment = f"/** {self.comment} */\n" if self.comment and not path else ""
        found[place] = f"{comment}export interface {name} {self._members(path, found)}"

    def _members(self, path: str, found: list[str]) -> str:
        lines = [self._member(path, step, found) for step in self._steps(path)]
        return "{\n" + "\n".join(lines) + "\n}"

    def _member(self, path: str, step: Step, found: list[str]) -> str:
        below = f"{path}.{step.name}" if path else step.name
        if step.repeated:
            type_ = f"{self._element_type(f'{below}[]', found)}[]"
        elif self._steps(below):
            type_ = self._members(below, found)
        else:
            type_ = self._scalar(below)
        if self._always(below):
            return f"  {key(step.name)}: {type_};"
        null = " | null" if self.side == "read" else ""
        return f"  {key(step.name)}?: {type_}{null};"

    def _element_type(self, path: str, found: list[str]) -> str:
        if not self._steps(path):
            return self._scalar(path)
        name = self.element(path)
        self._interface(name, path, found)
        return name

    def _scalar(self, path: str) -> str:
        if path in self.constants:
            return " | ".join(sorted({_literal_type(value) for value in self.constants[path]}))
        info = plain_field(self.schema, path) or FieldInfo(path=path, type="any")
        if info.type == "any" and path in self.times:
            return "string | number"
        if info.type == "any":
            return "string | number | boolean"
        return _SCALARS.get(info.type, "unknown")

    def _always(self, path: str) -> bool:
        if self.side == "read":
            return always_there(self.schema, path)
        return any(
            one == path or one.startswith((f"{path}.", f"{path}[]")) for one in self.required
        )

    def _steps(self, path: str) -> list[Step]:
        """The members below a path that are used, each once."""
        prefix = f"{path}." if path else ""
        rests = [one[len(prefix) :] for one in self.paths if one.startswith(prefix)]
        steps: dict[str, Step] = {}
        for rest in rests:
            step = parse(rest).steps[0]
            if step.name not in steps or step.repeated:
                steps[step.name] = step
        return list(steps.values())


def _literal_type(value: JsonValue) -> str:
    # `{}` as a type would mean anything at all.
    return "Record<string, never>" if value == {} else literal(value)
