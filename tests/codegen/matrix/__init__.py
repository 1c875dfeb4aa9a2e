"""Every pattern that people run, each with at least two pairs of systems."""

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import Plan
from tests.codegen.matrix import customers, reading, removing, sending, several
from tests.codegen.matrix.building import OFTEN, flow, key, on, plan
from tests.codegen.matrix.known import catalogue
from tests.codegen.matrix.patterns import Pattern
from tests.codegen.matrix.row import Row

__all__ = ["OFTEN", "ROWS", "Pattern", "Row", "catalogue", "flow", "key", "named", "on",
           "plan", "plans", "table"]  # fmt: skip

ROWS = (*reading.ROWS, *sending.ROWS, *several.ROWS, *customers.ROWS, *removing.ROWS)


def named(name: str) -> Row:
    """The row of that name."""
    return next(one for one in ROWS if one.name == name)


def plans(known: Catalogue) -> dict[str, Plan]:
    """All of them, by the name of their project."""
    return {one.name: one.plan(known) for one in ROWS}


def table() -> dict[Pattern, list[Row]]:
    """Which rows prove a pattern, each for a pair of systems that no row before it has."""
    found: dict[Pattern, dict[tuple[str, str], Row]] = {pattern: {} for pattern in Pattern}
    for row in ROWS:
        for pattern in row.proves:
            found[pattern].setdefault(row.pair, row)
    return {pattern: list(rows.values()) for pattern, rows in found.items()}
