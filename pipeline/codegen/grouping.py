"""Rows that are read one by one and written together: their types and names."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.codegen.types import Interface
from pipeline.plan.grouping import ROWS, of_rows


@dataclass(kw_only=True)
class GroupInterface(Interface):
    """The type of several rows together: what the first of them says, and all of them."""

    row: Interface = field()

    def use(self, paths: Iterable[str]) -> None:
        found = {path: of_rows(path) for path in paths}
        self.row.use(path if inner is None else inner for path, inner in found.items())

    def element(self, array: str) -> str:
        inner = of_rows(array)
        return self.row.name if array == ROWS else self.row.element(inner or array)

    def source(self) -> str:
        member = ROWS.removesuffix("[]")
        return (
            f"/** {self.comment} */\n"
            f"export interface {self.name} extends {self.row.name} {{\n"
            f"  {member}: {self.row.name}[];\n}}"
        )


def group_interface(row: Interface, rows: str, by: str) -> GroupInterface:
    """The type of several rows together, of that of one; they share the field `by`."""
    comment = f"The {rows} with the same {by}: what the first of them says, and all of them."
    return GroupInterface(
        f"{row.name}Group", row.schema, "read", comment, times=row.times, row=row, names=row.names
    )
