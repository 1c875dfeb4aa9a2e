"""Mappings as TypeScript expressions."""

from dataclasses import dataclass, field, replace

from pipeline.catalogue.schema import FieldInfo, field_at
from pipeline.codegen.literals import literal
from pipeline.codegen.names import camel, key, member, phrase, singular, variable
from pipeline.errors import OffGround
from pipeline.mapping.fields import Fields, Schema, always_there
from pipeline.mapping.placeholders import Placeholder, placeholders
from pipeline.mapping.transforms import (
    TRANSFORMS,
    TransformSpec,
    converting_to,
    further_sources,
    pipeline,
    spec_of,
)
from pipeline.plan.model import CustomTransform, Mapping, PlainType, Transform
from pipeline.plan.paths import Path, parse


@dataclass
class Used:
    """What an expression needs: parameters of its function, and imported functions."""

    parameters: dict[str, None] = field(default_factory=dict)
    transforms: set[str] = field(default_factory=set)
    lookups: dict[str, None] = field(default_factory=dict)
    written: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class LookupNames:
    """How a lookup's result is reached; `each` is the array for whose elements it is done."""

    member: str
    each: str | None
    optional: bool


@dataclass(frozen=True)
class Scope:
    """The names that expressions may use where they stand."""

    record: str
    fields: Fields
    lookups: dict[str, LookupNames]
    writes: dict[str, str] = field(default_factory=dict)  # id -> how its result is called
    elements: dict[str, str] = field(default_factory=dict)
    used: Used = field(default_factory=Used)

    def afresh(self) -> "Scope":
        """The same names, with nothing used yet."""
        return replace(self, used=Used())

    def inside(self, each: str, name: str) -> "Scope":
        return replace(self, elements={**self.elements, each: name}, used=Used())

    def value(self, path: str) -> str:
        """The value at a path; of an array out of reach, its first element's."""
        parsed = parse(path)
        if parsed.root == "record":
            return self._record_value(path)
        reach = getattr(self, f"_{parsed.root}")
        return str(reach(parsed))

    def converted(self, path: str, kind: PlainType) -> str:
        """The value at a path as one of that type, or undefined."""
        spec = converting_to(kind)
        self.used.transforms.add(spec.function)
        return f"{spec.function}({self.value(path)})"

    def values(self, path: str) -> str | None:
        """All values of a path through an array out of reach; None where it is a single value."""
        owner, rest = self._owner(path)
        if parse(path).root != "record" or "[]" not in rest:
            return None
        array, _, inner = rest.partition("[]")
        listed = f"({self._steps(owner, path[: len(path) - len(rest)], array)} ?? [])"
        if not inner:
            return listed
        name = variable(singular(array.split(".")[-1]))
        below = self.inside(f"{path[: len(path) - len(inner)]}", name)
        nested = below.values(path)
        return (
            f"{listed}.{'flatMap' if nested else 'map'}(({name}) => {nested or below.value(path)})"
        )

    def _record_value(self, path: str) -> str:
        owner, rest = self._owner(path)
        return self._steps(owner, path[: len(path) - len(rest)], rest) if rest else owner

    def _owner(self, path: str) -> tuple[str, str]:
        for each in sorted(self.elements, key=len, reverse=True):
            if path == each or path.startswith(f"{each}."):
                self.used.parameters[self.elements[each]] = None
                return self.elements[each], path[len(each) + 1 :]
        self.used.parameters[self.record] = None
        return self.record, path

    def _steps(self, owner: str, before: str, rest: str) -> str:
        """Access to the steps of `rest`; `before` is what of the path leads to the owner."""
        code, optional, reached = owner, False, before
        for step in parse(rest).steps:
            code = member(code, step.name, optional)
            reached += step.name
            optional = optional or not always_there(self.fields.source_schema, reached)
            if step.repeated:
                code, optional = f"{code}{'?.' if optional else ''}[0]", True
            reached += "[]." if step.repeated else "."
        return code

    def _lookup(self, path: Path) -> str:
        names = self.lookups[path.name]
        self.used.parameters["references"] = None
        self.used.lookups[path.name] = None
        code, optional = f"references.{names.member}", names.optional
        if names.each:
            if names.each not in self.elements or len(self.elements) > 1:
                raise OffGround(
                    f"{path} is looked up for each of {names.each}, so only a mapping of that "
                    "list's own elements can use it."
                )
            self.used.parameters["index"] = None
            code, optional = f"{code}[index]", True
        for step in path.steps:
            code, optional = member(code, step.name, optional), True
        return code

    def _variable(self, path: Path) -> str:
        self.used.parameters["settings"] = None
        return member("settings", camel(path.name), optional=False)

    def _write(self, path: Path) -> str:
        if path.name not in self.writes:
            raise OffGround(f"{path} is the result of a write that does not come before.")
        self.used.parameters["written"] = None
        self.used.written[path.name] = None
        code = f"written.{self.writes[path.name]}"
        for step in path.steps:
            code = member(code, step.name, optional=True)
        return code


def expression(
    mapping: Mapping, scope: Scope, target_schema: Schema, path: str, required: bool
) -> str:
    """The value of a mapping; MissingValue is thrown where a required one is missing."""
    if mapping.source is None:
        return literal(mapping.constant)
    target = field_at(target_schema, path) or FieldInfo(path=path, type="any")
    steps = pipeline(mapping.transform, scope.fields.of(mapping.source), target)
    code = _call(steps[0], mapping.source, scope) if steps else scope.value(mapping.source)
    for step in steps[1:]:
        code = _call(step, None, scope, code)
    if not required or _is_certain(mapping, scope):
        return code
    return f"required({code}, {literal(_described(mapping, scope))})"


def _is_certain(mapping: Mapping, scope: Scope) -> bool:
    if mapping.source is None or mapping.transform is not None:
        return mapping.source is None
    parsed, info = parse(mapping.source), scope.fields.of(mapping.source)
    is_id = info is not None and info.key == "id"
    if parsed.root == "lookup":
        names = scope.lookups[parsed.name]
        return is_id and not names.optional and not names.each
    return is_id and parsed.root == "record"


def _described(mapping: Mapping, scope: Scope) -> str:
    source = mapping.source or ""
    parsed = parse(source)
    if parsed.root == "write":
        return f"the {phrase(scope.writes[parsed.name])} that was written"
    return f"the {parsed.name.replace('_', ' ')}" if parsed.root == "lookup" else source


def _call(step: Transform, source: str | None, scope: Scope, code: str = "") -> str:
    spec = spec_of(step)
    if step.custom is not None:
        return _custom(step.custom, [source or "", *further_sources(step)], scope)
    scope.used.transforms.add(spec.function)
    if spec.shape == "template":
        arguments = _template(step, source, scope)
    elif spec.shape == "list":
        arguments = [_list(step, source, scope, code), *_arguments(spec, step, scope, "with")]
    else:
        value = scope.value(source) if source else code
        arguments = [value, *_arguments(spec, step, scope)]
    return f"{spec.function}({', '.join(arguments)})"


def _custom(custom: CustomTransform, sources: list[str], scope: Scope) -> str:
    """A call of the plan's own function, which is left out where its first value is missing."""
    first, *others = map(scope.converted, sources, custom.takes)
    if not others:
        return f"given({first}, {custom.name})"
    value = variable(parse(sources[0]).steps[-1].name)
    return f"given({first}, ({value}) => {custom.name}({value}, {', '.join(others)}))"


def _template(step: Transform, source: str | None, scope: Scope) -> list[str]:
    text = str(step.args["text"])
    values = [f"{key(one.text)}: {_shown(one, source, scope)}" for one in placeholders(text)]
    return [literal(text), f"{{ {', '.join(values)} }}"]


def _shown(one: Placeholder, source: str | None, scope: Scope) -> str:
    value = scope.value(source if one.path == "value" and source else one.path)
    if one.transform is None:
        return value
    spec = TRANSFORMS[one.transform]
    scope.used.transforms.add(spec.function)
    return f"{spec.function}({value})"


def _list(step: Transform, source: str | None, scope: Scope, code: str) -> str:
    more = [scope.value(path) for path in further_sources(step)]
    listed = scope.values(source) if source else None
    if listed is None:
        return f"[{', '.join([scope.value(source) if source else code, *more])}]"
    return f"[...{listed}, {', '.join(more)}]" if more else listed


def _arguments(spec: TransformSpec, step: Transform, scope: Scope, skip: str = "") -> list[str]:
    """The arguments after the first; those left out at the end are left to their defaults."""
    written: list[str] = []
    for argument in spec.arguments:
        if argument.name == skip:
            continue
        value = step.args.get(argument.name)
        if value is None:
            written.append("undefined")
        elif argument.kind == "path":
            written.append(scope.value(str(value)))
        else:
            written.append(literal(value))
    while written and written[-1] == "undefined":
        written.pop()
    return written
