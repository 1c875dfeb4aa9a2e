"""A system of the plan with what an integration uses of it: its client and its types."""

from dataclasses import dataclass, field

from pipeline.catalogue.model import SystemEntry
from pipeline.codegen.lists import ListMethod
from pipeline.codegen.names import class_name, kebab, variable, words
from pipeline.codegen.operations import Method
from pipeline.codegen.types import Interface
from pipeline.plan.model import System


@dataclass
class SystemDesign:
    """A system that is written to or read from: its client and its types."""

    system: System
    entry: SystemEntry
    types: dict[str, Interface] = field(default_factory=dict)
    methods: dict[str, Method] = field(default_factory=dict)
    lists: dict[str, ListMethod] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return kebab(self.system.name)

    @property
    def class_name(self) -> str:
        return class_name(self.system.name, self.system.display_name)

    @property
    def variable(self) -> str:
        return variable(self.system.name)

    @property
    def error_rules(self) -> str:
        """The name of the constant with the meanings of its failures."""
        return f"{'_'.join(words(self.system.name)).upper()}_ERRORS"

    @property
    def escapes(self) -> set[str]:
        escapes = {method.escape for method in self.methods.values()}
        return {*escapes, *(method.escape for method in self.lists.values())} - {""}

    def interface(self, name: str, entity: str, side: str, comment: str = "") -> Interface:
        """The interface of that name; made where it is new."""
        if name not in self.types:
            schema = self.entry.entity(entity).record_schema
            self.types[name] = Interface(name, schema, side, comment)  # type: ignore[arg-type]
        return self.types[name]

    def add(self, method: Method) -> str:
        self.methods.setdefault(method.name, method)
        return method.name
