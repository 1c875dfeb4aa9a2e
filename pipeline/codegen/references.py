"""The references of a record: how each is found, and created where it is missing."""

from dataclasses import dataclass

from pipeline.catalogue.model import SystemEntry
from pipeline.codegen.clients.method import key_name
from pipeline.codegen.clients.reading import find_name
from pipeline.codegen.expressions import LookupNames, Scope
from pipeline.codegen.mapping_functions import MappingFunction, element_name
from pipeline.codegen.names import camel, pascal, phrase, plural, variable
from pipeline.errors import OffGround
from pipeline.plan.model import Lookup, Workflow
from pipeline.plan.paths import array_of, parse


@dataclass(frozen=True)
class SearchKey:
    """The variable with a key's value, and the expression of that; a setting is always there."""

    name: str
    value: str
    is_certain: bool


@dataclass(frozen=True)
class Reference:
    """One lookup as the templates need it; expressions are TypeScript.

    `earlier` are the members of references that were found before and are needed to find it.
    """

    lookup: Lookup
    record: str
    member: str
    method: str
    cache: str
    type: str
    create_name: str
    each: str | None
    element: str | None
    elements: str | None
    keys: tuple[SearchKey, ...]
    find: str
    create: MappingFunction | None
    create_has_key: bool
    earlier: tuple[str, ...]
    arguments: tuple[str, ...]
    parameters: tuple[str, ...]
    missing: str
    optional: bool

    @property
    def call(self) -> str:
        return f"this.{self.method}({', '.join(self.arguments)})"

    @property
    def reads_record(self) -> bool:
        """Whether it depends on the source record, and not on settings alone."""
        return self.elements is not None or self.record in self.arguments

    @property
    def loop(self) -> str:
        """What goes through the elements of its list."""
        if any(one.startswith("index:") for one in self.parameters):
            return f"const [index, {self.element}] of ({self.elements} ?? []).entries()"
        return f"const {self.element} of {self.elements} ?? []"

    @property
    def skips(self) -> bool:
        """Whether the record is left alone where there is none; in a list, only the reference."""
        return self.lookup.on_missing == "skip" and self.each is None

    @property
    def uncertain(self) -> list[SearchKey]:
        return [key for key in self.keys if not key.is_certain]

    @property
    def key_names(self) -> str:
        return ", ".join(key.name for key in self.keys)

    @property
    def cache_key(self) -> str:
        """Under what the found record is remembered."""
        return self.keys[0].name if len(self.keys) == 1 else f"JSON.stringify([{self.key_names}])"

    @property
    def create_arguments(self) -> str:
        names = [one.name for one in self.create.parameters] if self.create else []
        return ", ".join("this.settings" if name == "settings" else name for name in names)

    @property
    def needs_settings(self) -> bool:
        created = self.create is not None and "this.settings" in self.create_arguments
        return created or any(key.is_certain for key in self.keys)

    @property
    def shown_key(self) -> str:
        return ", ".join(f"${{{key.name}}}" for key in self.keys)

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
            member=variable(plural(lookup.name) if each else lookup.name),
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
    type_: str,
) -> Reference:
    """A lookup with its names; `source_types` gives the type of each parameter."""
    names = scope.lookups[lookup.name]
    element = element_name(names.each) if names.each else None
    inside = scope.inside(names.each, element) if names.each and element else scope.afresh()
    keys = tuple(
        SearchKey(
            variable(key_name(pair), "Key"),
            inside.value(pair.source),
            parse(pair.source).root == "variable",
        )
        for pair in lookup.by
    )
    used = {*inside.used.parameters}
    earlier = dict(inside.used.lookups)
    if create:
        used |= {parameter.name for parameter in create.parameters}
        earlier.update(create.used.lookups)
    if create_has_key:
        used.add(scope.record)
    types = {**source_types, "index": "number", "references": _type_of(earlier, scope)}
    possible = (element, scope.record, "index", "references")
    needed = [name for name in possible if name and name in used]
    members = tuple(scope.lookups[name].member for name in earlier)
    return Reference(
        lookup=lookup,
        record=scope.record,
        member=names.member,
        method=variable(lookup.name),
        cache=camel(f"found {plural(lookup.name)}"),
        type=type_,
        create_name=f"create{pascal(lookup.entity)}",
        each=names.each,
        element=element,
        elements=scope.afresh().value(names.each.removesuffix("[]")) if names.each else None,
        keys=keys,
        find=find_name(lookup.entity, lookup.by),
        create=create,
        create_has_key=create_has_key,
        earlier=members,
        arguments=tuple(
            f"{{ {', '.join(members)} }}" if name == "references" else name for name in needed
        ),
        parameters=tuple(f"{name}: {types[name]}" for name in needed),
        missing=_missing(lookup, entry),
        optional=names.optional,
    )


def _type_of(lookups: dict[str, None], scope: Scope) -> str:
    members = " | ".join(f'"{scope.lookups[name].member}"' for name in lookups)
    return f"Pick<References, {members}>"


def _missing(lookup: Lookup, entry: SystemEntry) -> str:
    keys = " and ".join(pair.target for pair in lookup.by)
    settings = [
        parse(pair.source).name for pair in lookup.by if parse(pair.source).root == "variable"
    ]
    setting = f" (setting {', '.join(settings)})" if settings else ""
    return f"{entry.display_name} has no {phrase(lookup.entity)} with this {keys}{setting}"
