"""A system of the plan with what an integration uses of it: its client and its types."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.catalogue.model import RateLimit, SystemEntry
from pipeline.catalogue.shapes import shapes_at
from pipeline.codegen.clients.listing import list_method, list_name, names_method
from pipeline.codegen.clients.method import (
    Method,
    id_field,
    names_name,
    natural_field,
    operation,
    read_name,
    steps,
)
from pipeline.codegen.clients.reading import find_method, find_name, read_method
from pipeline.codegen.literals import literal
from pipeline.codegen.names import kebab, words
from pipeline.codegen.type_names import TypeNames
from pipeline.codegen.types import Interface, Side
from pipeline.plan.model import KeyPair, System

_LONGEST_WINDOW = 3600  # seconds; a process does not live long enough to keep a limit of a day


@dataclass
class SystemDesign:
    """A system that is written to or read from: its client and its types.

    Methods are made when everything that is written is known.
    """

    system: System
    entry: SystemEntry
    names: TypeNames
    types: dict[str, Interface] = field(default_factory=dict)
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)  # entity -> member -> kind
    making: dict[str, Callable[[], Method]] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return kebab(self.system.name)

    @property
    def class_name(self) -> str:
        return self.names.clients[self.system.name]

    @property
    def variable(self) -> str:
        return self.names.variables[self.system.name]

    @property
    def error_rules(self) -> str:
        """The name of the constant with the meanings of its failures."""
        return f"{'_'.join(words(self.system.name)).upper()}_ERRORS"

    @cached_property
    def methods(self) -> list[Method]:
        return [make() for make in self.making.values()]

    @property
    def documents(self) -> dict[str, str]:
        return dict(method.document for method in self.methods if method.document)

    @property
    def shapes(self) -> str:
        """Where plain values stand in the members of its maps by kind, as TypeScript."""
        maps = {(one.entity, one.plain) for one in self.entry.operations if one.plain}
        found = {
            shape.kind: {"at": [steps(path) for path in shape.read], "as": shape.as_}
            for entity, home in sorted(maps)
            for shape in shapes_at(self.entry.entity(entity).record_schema, home).values()
        }
        return literal(found)

    def uses(self, function: str) -> bool:
        """Whether a method calls a function of the client's module, or a member of its class."""
        calls = re.compile(rf"\b{re.escape(function)}\(")
        return any(calls.search(method.text) for method in self.methods)

    @property
    def arguments(self) -> str:
        """What its client is made with, where a `context` is at hand."""
        return "context.fetch, log" + (
            ", context.connectionVariables" if self.uses("this.setting") else ""
        )

    @property
    def pace(self) -> RateLimit:
        """The strictest of its limits that a process can keep."""
        limits = [one for one in self.entry.limits
                  if one.per_seconds <= _LONGEST_WINDOW and not one.only]  # fmt: skip
        usual = RateLimit(requests=10, per_seconds=1)
        return min(limits, key=lambda one: one.requests / one.per_seconds, default=usual)

    def type_of(self, entity: str) -> str:
        """The name of an entity's type, which no other type of the project has."""
        return self.names.entity(self.system.name, entity)

    def interface(self, name: str, entity: str, side: Side, comment: str = "") -> Interface:
        """The interface of that name; made where it is new."""
        if name not in self.types:
            schema = self.entry.entity(entity).record_schema
            self.types[name] = Interface(name, schema, side, comment, names=self.names)
        return self.types[name]

    def add(self, name: str, make: Callable[[], Method]) -> str:
        self.making.setdefault(name, make)
        return name

    def add_reading(self, entity: str, type_: str) -> str:
        """The method that reads a record by its id, with those that it needs itself."""
        found, by = operation(self.entry, entity, "read"), id_field(self.entry, entity) or "id"
        for named in found.names.values():
            self._add_names(named.entity)
        return self.add(read_name(type_), lambda: read_method(self.entry, found, entity, type_, by))

    def add_finding(self, entity: str, by: list[KeyPair], type_: str) -> str:
        """The method that finds a record by these keys."""
        found = self.entry.operation(entity, "find")
        if found is not None and found.ids_only:
            self.add_reading(entity, type_)
        return self.add(
            find_name(entity, by),
            lambda: find_method(self.entry, entity, by, type_, self.kinds.get(entity, {})),
        )

    def _add_names(self, entity: str) -> None:
        type_, name = self.type_of(entity), natural_field(self.entry, entity)
        self.interface(type_, entity, "read").use([id_field(self.entry, entity) or "id", name])
        self.add(list_name(entity), lambda: list_method(self.entry, entity, type_, None))
        self.add(names_name(entity), lambda: names_method(self.entry, entity))
