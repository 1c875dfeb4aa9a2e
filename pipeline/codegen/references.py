"""The references of a record: how each is found, and created where it is missing."""

from dataclasses import dataclass

from pipeline.catalogue.model import SystemEntry
from pipeline.codegen.expressions import LookupNames, Scope
from pipeline.codegen.mapping_functions import MappingFunction, element_name
from pipeline.codegen.names import camel, pascal, phrase, plural, variable
from pipeline.codegen.operations import find_name, key_name
from pipeline.errors import OffGround
from pipeline.mapping.fields import Fields
from pipeline.plan.model import Lookup, Workflow
from pipeline.plan.paths import array_of, parse


@dataclass(frozen=True)
class Reference:
    """One lookup as the templates need it; expressions are TypeScript."""

    lookup: Lookup
    member: str
    method: str
    cache: str
    type: str
    each: str | None
    element: str | None
    elements: str | None
    key_variable: str
    key: str
    key_is_certain: bool
    find: str
    create: MappingFunction | None
    create_has_key: bool
    arguments: tuple[str, ...]
    parameters: tuple[str, ...]
    missing: str
    optional: bool

    @property
    def call(self) -> str:
        return f"this.{self.method}({', '.join(self.arguments)})"

    @property
    def skips(self) -> bool:
        """Whether the record is left alone where there is none; in a list, only the reference."""
        return self.lookup.on_missing == "skip" and self.each is None

    @property
    def sentence(self) -> str:
        """How it is found, for people."""
        keys = ", ".join(f"`{pair.source}`" for pair in self.lookup.by)
        missing = {
            "create": "it is created where there is none",
            "skip": "the record is left out where there is none",
            "fail": "the run fails where there is none",
        }[self.lookup.on_missing]
        per = f" for each of `{self.each}`" if self.each else ""
        return f"Its {phrase(self.lookup.name)} is found by {keys}{per}; {missing}."

    @property
    def result_type(self) -> str:
        return f"{self.type} | undefined" if self.optional else self.type


def lookup_names(workflow: Workflow) -> dict[str, LookupNames]:
    """How the mappings of a workflow reach each lookup's result."""
    names: dict[str, LookupNames] = {}
    for lookup in workflow.lookups:
        each = lookup_array(lookup)
        names[lookup.name] = LookupNames(
            member=camel(plural(lookup.name) if each else lookup.name),
            each=each,
            optional=lookup.on_missing != "fail",
        )
    return names


def lookup_array(lookup: Lookup) -> str | None:
    """The array for whose elements the lookup is done; None where it is done for the record."""
    arrays = {array_of(pair.source) for pair in lookup.by if parse(pair.source).root == "record"}
    found = sorted(array for array in arrays if array)
    if len(found) > 1 or any(array.count("[]") > 1 for array in found):
        raise OffGround(
            f"The lookup {lookup.name} uses lists inside lists; let it use fields of one list."
        )
    return found[0] if found else None


def reference(
    lookup: Lookup,
    entry: SystemEntry,
    scope: Scope,
    source_types: dict[str, str],
    create: MappingFunction | None,
    create_has_key: bool,
) -> Reference:
    """A lookup with its names; `source_types` gives the type of each parameter."""
    names = scope.lookups[lookup.name]
    element = element_name(names.each) if names.each else None
    inside = scope.inside(names.each, element) if names.each and element else scope.afresh()
    pair = lookup.by[0]
    key = inside.value(pair.source)
    own = [name for name in (element, scope.record) if name]
    needed = _needed(create, key, own, create_has_key)
    return Reference(
        lookup=lookup,
        member=names.member,
        method=camel(lookup.name),
        cache=camel(plural(lookup.name)),
        type=pascal(lookup.entity),
        each=names.each,
        element=element,
        elements=scope.afresh().value(names.each.removesuffix("[]")) if names.each else None,
        key_variable=variable(key_name(pair)),
        key=key,
        key_is_certain=_is_certain(pair.source, scope.fields),
        find=find_name(lookup.entity, pair),
        create=create,
        create_has_key=create_has_key,
        arguments=tuple(_argument(name, create, scope) for name in needed),
        parameters=tuple(f"{name}: {source_types[name]}" for name in needed),
        missing=_missing(lookup, entry),
        optional=names.optional,
    )


def _needed(
    create: MappingFunction | None, key: str, own: list[str], create_has_key: bool
) -> list[str]:
    """The parameters of the method that finds the reference."""
    used = {parameter.name for parameter in create.parameters} if create else set()
    record = own[-1]
    needed = [
        name
        for name in own
        if name in used
        or key.startswith((f"{name}.", f"{name}?"))
        or (create_has_key and name == record)
    ]
    return [*needed, *(["references"] if "references" in used else [])]


def _argument(name: str, create: MappingFunction | None, scope: Scope) -> str:
    """What is passed for a parameter: of the references, those that were found before."""
    if name != "references" or create is None:
        return name
    return f"{{ {', '.join(scope.lookups[one].member for one in create.used.lookups)} }}"


def _is_certain(source: str, fields: Fields) -> bool:
    return parse(source).root == "variable"


def _missing(lookup: Lookup, entry: SystemEntry) -> str:
    pair = lookup.by[0]
    root = parse(pair.source)
    setting = f" (setting {root.name})" if root.root == "variable" else ""
    return f"{entry.display_name} has no {phrase(lookup.entity)} with this {pair.target}{setting}"
