"""Mappings grouped by the arrays that they fill (the plan's conventions for `[]` in a target)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.plan.model import Mapping
from pipeline.plan.paths import array_of


@dataclass
class Group:
    """The elements that one source array (`each`) adds to a target array."""

    each: str
    element: "Branch"


@dataclass
class Elements:
    """A target array: its groups, in the order in which their elements stand."""

    groups: list[Group] = field(default_factory=list)

    def group(self, each: str) -> Group:
        for group in self.groups:
            if group.each == each:
                return group
        self.groups.append(Group(each, Branch()))
        return self.groups[-1]


@dataclass
class Branch:
    """A target object; a child is an object, an array, or a field's mapping."""

    children: "dict[str, Branch | Elements | Mapping]" = field(default_factory=dict)

    def mappings(self) -> Iterable[Mapping]:
        for child in self.children.values():
            if isinstance(child, Mapping):
                yield child
            elif isinstance(child, Branch):
                yield from child.mappings()
            else:
                for group in child.groups:
                    yield from group.element.mappings()


def grow(mappings: Iterable[Mapping]) -> Branch:
    """The tree of the target record; of two mappings to one field the later counts."""
    root = Branch()
    for mapping in mappings:
        _place(root, mapping)
    return root


def _place(root: Branch, mapping: Mapping) -> None:
    steps = mapping.target.split(".")
    each = _levels(mapping, sum(step.endswith("[]") for step in steps))
    branch = root
    for step in steps[:-1]:
        branch = _below(branch, step, each)
    last = steps[-1]
    if last.endswith("[]"):  # an array of plain values
        _elements(branch, last[:-2]).group(each.pop(0)).element.children[""] = mapping
    else:
        branch.children[last] = mapping


def _below(branch: Branch, step: str, each: list[str]) -> Branch:
    if step.endswith("[]"):
        return _elements(branch, step[:-2]).group(each.pop(0)).element
    child = branch.children.get(step)
    if not isinstance(child, Branch):
        child = branch.children[step] = Branch()
    return child


def _elements(branch: Branch, name: str) -> Elements:
    child = branch.children.get(name)
    if not isinstance(child, Elements):
        child = branch.children[name] = Elements()
    return child


def _levels(mapping: Mapping, depth: int) -> list[str]:
    """The source array of each array level of the target, outermost first; "" for none.

    Of more source levels than target levels, the innermost target array takes all that are left.
    """
    if depth == 0:
        return []
    each = mapping.each or array_of(mapping.source or "") or ""
    parts = each.split("[]")[:-1]
    ends = range(1, len(parts) + 1)
    paths = ["".join(f"{part}[]" for part in parts[:end]) for end in ends]
    if len(paths) <= depth:
        return [""] * (depth - len(paths)) + paths
    return [*paths[: depth - 1], paths[-1]]
