"""The pure functions that turn a source record into the records that are written."""

from dataclasses import dataclass, field

from pipeline.codegen.expressions import Scope, Used, expression
from pipeline.codegen.literals import literal
from pipeline.codegen.names import camel, key, pascal, phrase, singular, variable
from pipeline.codegen.taken import taken_names
from pipeline.codegen.types import Interface
from pipeline.errors import OffGround
from pipeline.mapping.arrays import Branch, Elements, Group, grow
from pipeline.mapping.fields import always_there
from pipeline.plan.model import Mapping


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str


@dataclass
class MappingFunction:
    """One function; `parameters` are those that its body uses, in order.

    One that makes a whole record has its `target` and `mappings`; `each` is the array whose
    element it is made of.
    """

    name: str
    parameters: list[Parameter]
    source: str
    used: Used
    target: Interface | None = None
    mappings: tuple[Mapping, ...] = ()
    each: str | None = None


@dataclass
class MappingWriter:
    """Writes the function of one target record, and one for each group of its arrays."""

    scope: Scope
    source: Interface
    target: Interface
    taken: set[str]
    partial: bool = False  # whether it sees only some of the references
    functions: list[MappingFunction] = field(default_factory=list)
    may_lack: bool = False  # whether a member of the record can be without a value

    def write(
        self, name: str, comment: str, mappings: list[Mapping], each: str | None
    ) -> MappingFunction:
        """The function of the target record; `each` is the array whose element it is made of."""
        if not mappings:
            entity = phrase(self.target.name.removeprefix("New"))
            raise OffGround(f"Nothing fills the {entity}: say which fields it gets, and of what.")
        scope = self.scope.inside(each, element_name(each)) if each else self.scope.afresh()
        self.may_lack = False
        body = self._object(grow(mappings), "", scope)
        result = f"complete<{self.target.name}>({body})" if self.may_lack else body
        parameters = self._parameters(scope)
        source = (
            f"/** {comment} */\n"
            f"export function {name}({_listed(parameters)}): {self.target.name} {{\n"
            f"return {result};\n}}"
        )
        made = MappingFunction(
            name, parameters, source, scope.used, self.target, tuple(mappings), each
        )
        self.functions.insert(0, made)
        return made

    def _object(self, branch: Branch, path: str, scope: Scope) -> str:
        lines = []
        for name, child in branch.children.items():
            below = f"{path}.{name}" if path else name
            lines.append(f"{key(name)}: {self._child(child, below, scope)},")
        return "{\n" + "\n".join(lines) + "\n}" if len(lines) > 1 else f"{{ {lines[0][:-1]} }}"

    def _child(self, child: Branch | Elements | Mapping, path: str, scope: Scope) -> str:
        if isinstance(child, Mapping):
            required = path in self.target.required
            code = expression(child, scope, self.target.schema, path, required)
            self.may_lack |= child.constant is None and not code.startswith("required(")
            return code
        if isinstance(child, Branch):
            return self._object(child, path, scope)
        self.may_lack = True
        parts = [self._group(group, f"{path}[]", scope) for group in child.groups]
        if len(parts) == 1 and parts[0].startswith("..."):
            return parts[0][3:]
        return "[\n" + "\n".join(f"{part}," for part in parts) + "\n]"

    def _group(self, group: Group, path: str, scope: Scope) -> str:
        """The elements that one source array adds, to be spread into the target array."""
        if not group.each:
            return self._element(group, path, scope)
        outer = max(
            (one for one in scope.elements if group.each.startswith(one)), key=len, default=""
        )
        levels = group.each[len(outer) :].lstrip(".").split("[]")[:-1]
        return "..." + self._loop(group, path, scope, outer, [one.lstrip(".") for one in levels])

    def _loop(self, group: Group, path: str, scope: Scope, outer: str, levels: list[str]) -> str:
        array = f"{outer}.{levels[0]}[]" if outer else f"{levels[0]}[]"
        listed = scope.value(array.removesuffix("[]"))
        if not always_there(scope.fields.source_schema, array.removesuffix("[]")):
            listed = f"({listed} ?? [])"
        inner = scope.inside(array, element_name(array))
        if len(levels) > 1:
            call = self._loop(group, path, inner, array, levels[1:])
            code = f"{listed}.flatMap(({inner.elements[array]}) => {call})"
        else:
            call = self._element(group, path, inner)
            code = f"{listed}.map({_callback(call, inner.elements[array], inner.used)})"
        _merge(scope.used, inner.used, without={inner.elements[array], "index"})
        return code

    def _element(self, group: Group, path: str, scope: Scope) -> str:
        """A call of the function that makes one element; a plain value is made in place."""
        plain = group.element.children.get("")
        if isinstance(plain, Mapping):
            return expression(plain, scope, self.target.schema, path, required=False)
        own = scope.afresh()
        body = self._object(group.element, path, own)
        parameters = self._parameters(own)
        type_ = self.target.element(path)
        name = self._name(type_, group.each)
        source = f"function {name}({_listed(parameters)}): Draft<{type_}> {{\nreturn {body};\n}}"
        self.functions.append(MappingFunction(name, parameters, source, own.used))
        _merge(scope.used, own.used, without=set())
        return f"{name}({', '.join(parameter.name for parameter in parameters)})"

    def _name(self, element_type: str, each: str) -> str:
        own = camel(element_type.removeprefix(self.target.name.removeprefix("New")))
        source = f"From{pascal(element_name(each))}" if each else ""
        name = f"{own}{source}"
        while name in self.taken | taken_names():
            name = f"{camel(self.target.name)}{pascal(name)}"
        self.taken.add(name)
        return name

    def _parameters(self, scope: Scope) -> list[Parameter]:
        types = {name: self.source.element(each) for each, name in scope.elements.items()}
        types = dict(reversed(types.items())) | {self.scope.record: self.source.name}
        types |= {
            "index": "number",
            "references": self._references_type(scope.used),
            "settings": "Settings",
            "written": "Written",
        }
        used = scope.used.parameters
        return [Parameter(name, type_) for name, type_ in types.items() if name in used]

    def _references_type(self, used: Used) -> str:
        if not self.partial:
            return "References"
        members = [literal(self.scope.lookups[name].member) for name in used.lookups]
        return f"Pick<References, {' | '.join(members)}>"


def element_name(each: str) -> str:
    """`line_items[]` -> lineItem; of lists of one name inside each other, both are named."""
    arrays = [one.split(".")[-1] for one in each.split("[]")[:-1]] or [each]
    names = arrays if arrays[-1] in arrays[:-1] else arrays[-1:]
    return variable(" ".join(map(singular, names)))


def _callback(call: str, element: str, used: Used) -> str:
    """The function given to `map`: the one that is called, where it takes nothing more."""
    if call.endswith(f"({element})") and call.count("(") == 1:
        return call.partition("(")[0]
    return f"({element}{', index' if 'index' in used.parameters else ''}) => {call}"


def _listed(parameters: list[Parameter]) -> str:
    return ", ".join(f"{one.name}: {one.type}" for one in parameters)


def _merge(outer: Used, inner: Used, without: set[str]) -> None:
    outer.parameters.update({name: None for name in inner.parameters if name not in without})
    outer.transforms |= inner.transforms
    outer.lookups.update(inner.lookups)
    outer.written.update(inner.written)
