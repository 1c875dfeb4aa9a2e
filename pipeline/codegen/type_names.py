"""The names of a project's types and clients: each is one's own, whatever the domain's are."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.codegen.names import class_name, pascal, singular, variable
from pipeline.codegen.taken import taken_names
from pipeline.plan.model import Plan

# What the templates make of an entity's name for types that go with it.
_DERIVED = ("{0}", "New{0}", "Source{0}", "Grouped{0}", "{0}Group", "Source{0}Group",
            "Grouped{0}Group", "{0}OnItsWay", "{0}GroupOnItsWay", "{0}References")  # fmt: skip


@dataclass
class TypeNames:
    """Names that are given once each; the same is asked for as often as one likes."""

    entities: dict[tuple[str, str], str] = field(default_factory=dict)
    clients: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    _elements: dict[tuple[str, str], str] = field(default_factory=dict)
    _given: set[str] = field(default_factory=set)

    def entity(self, system: str, entity: str, shared: bool = False) -> str:
        """The type of an entity's records; of one that only a client reads it is given now."""
        own, client = pascal(entity), self.clients.get(system, pascal(system))
        if (system, entity) not in self.entities:
            wanted = [f"{client}{own}"] if shared else [own, f"{client}{own}"]
            self.entities[system, entity] = self._free(wanted)
        return self.entities[system, entity]

    def element(self, owner: str, array: str) -> str:
        """The type of an array's elements: `line_items[]` of NewOrder -> OrderLineItem."""
        if (owner, array) not in self._elements:
            *around, last = array.replace("[]", "").split(".")
            ends = [" ".join([*around[place:], singular(last)]) for place in
                    range(len(around), -1, -1)]  # fmt: skip
            wanted = [f"{owner.removeprefix('New')}{pascal(one)}" for one in ends]
            self._elements[owner, array] = self._free([*wanted, f"{wanted[0]}Element"], ("{0}",))
        return self._elements[owner, array]

    def _free(self, wanted: list[str], derived: Iterable[str] = _DERIVED) -> str:
        """The first that nothing else is called, with all that is made of it; it is given then."""
        names = [*wanted, *(f"{wanted[-1]}{'Record' * count}" for count in range(1, 9))]
        for name in names:
            forms = {form.format(name) for form in derived}
            if not forms & (self._given | taken_names()):
                self._given |= forms
                return name
        raise ValueError(f"no name is left for {wanted[0]}")  # pragma: no cover


def type_names(plan: Plan) -> TypeNames:
    """The names of a plan's systems and entities."""
    made, used = TypeNames(), _entities(plan)
    called = [entity for _, entity in used]
    variables = {variable(entity) for entity in called} | {variable(f"{one}s") for one in called}
    for system in plan.systems:
        own = class_name(system.name, system.display_name)
        others = {pascal(entity) for entity in called}
        wanted = [f"{own}Client"] if own in others else [own, f"{own}Client"]
        made.clients[system.name] = made._free(wanted)
        name = variable(system.name)
        made.variables[system.name] = f"{name}Client" if name in variables else name
    for system_name, entity in used:
        made.entity(system_name, entity, shared=called.count(entity) > 1)
    return made


def _entities(plan: Plan) -> list[tuple[str, str]]:
    """Each system's entities that the plan uses, in its order."""
    used: dict[tuple[str, str], None] = {}
    for one in plan.workflows:
        used.update({(end.system, end.entity): None for end in (one.source, one.target)})
        used.update({(lookup.system, lookup.entity): None for lookup in one.lookups})
        used.update({(write.system, write.entity): None for write in one.writes})
    return list(used)
