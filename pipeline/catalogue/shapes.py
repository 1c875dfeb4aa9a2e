"""Free maps whose members are objects by kind: `{"number": 5}` where others hold 5 itself.

`x-weft-shapes` in the schema of such members says, of each kind, where a plain value is written
(`write`), where it is read (`read`, or else the same), and of which fields it is (`of`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.catalogue.schema import FieldInfo, field_at, node_at
from pipeline.catalogue.shape import Schema

_KEY = "x-weft-shapes"
LEARNED = "x-weft-shape"  # the kind of one member that an account showed


@dataclass(frozen=True)
class Shape:
    """One kind of members; paths start at the member."""

    kind: str
    write: str
    read: tuple[str, ...]
    as_: Literal["value", "text", "list"]
    of: Mapping[str, Any]

    def fits(self, value: FieldInfo, name: str) -> bool:
        """Whether a field's values are of this kind, in a member of that name."""
        if "repeated" in self.of:
            return value.is_array
        if "names" in self.of and name.lower() not in self.of["names"]:
            return False
        if "enum" in self.of:
            return bool(value.enum) and value.type == "string"
        numeric = value.unit is not None and "number" in self.of.get("types", ())
        formats = self.of.get("formats")
        return numeric or (value.format in formats if formats else value.type in self.of["types"])


def shapes_at(schema: Schema, home: str) -> dict[str, Shape]:
    """The kinds of a map's members, in the order in which they are tried; empty for other maps."""
    found = node_at(schema, home) if home else (schema, True)
    member = found[0].get("additionalProperties") if found else None
    listed = member.get(_KEY, {}) if isinstance(member, dict) else {}
    return {
        kind: Shape(kind, about["write"], tuple(about.get("read", [about["write"]])),
                    about.get("as", "value"), about.get("of", {"types": []}))
        for kind, about in listed.items()
    }  # fmt: skip


def kind_at(schema: Schema, path: str) -> tuple[str, str] | None:
    """The member of such a map that a path goes into, and as which kind."""
    steps = path.replace("[]", "").split(".")
    for place in range(1, len(steps) - 1):
        if steps[place + 1] in shapes_at(schema, ".".join(steps[:place])):
            return ".".join(steps[: place + 1]), steps[place + 1]
    return None


def of_kind(template: Any, kind: str) -> Any:
    """The template of a search with the kind of the member put in, where it names one."""
    if isinstance(template, dict):
        return {name.replace("{kind}", kind): of_kind(one, kind) for name, one in template.items()}
    return [of_kind(one, kind) for one in template] if isinstance(template, list) else template


def plain_field(schema: Schema, path: str) -> FieldInfo | None:
    """What stands at a path for those who read and write plain values."""
    known = field_at(schema, path)
    home = path.rpartition(".")[0]
    is_member = known is not None and bool(home) and bool(shapes_at(schema, home))
    return FieldInfo(path=path, type="any") if is_member else known


def shape_of(schema: Schema, path: str, value: FieldInfo) -> Shape | None:
    """The kind that a member of such a map is written as; None where it is no such member."""
    home, _, name = path.rpartition(".")
    shapes = shapes_at(schema, home) if home else {}
    if not shapes:
        return None
    known = node_at(schema, path)
    learned = known[0].get(LEARNED) if known else None
    if learned in shapes:
        return shapes[learned]
    usual = FieldInfo(path=value.path, type="string")
    fitting = (one for info in (value, usual) for one in shapes.values() if one.fits(info, name))
    return next(fitting, None)
