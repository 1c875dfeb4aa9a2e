"""The matrix as a page for readers."""

from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.targets import targets
from tests.codegen.matrix import Row, catalogue, table

_HEAD = """\
# Patterns

What people run in production, and the pairs of systems for which it is generated, type-checked,
tested and run against stateful mocks in `tests/codegen`. In each run events come twice and in
another order, and a process is killed right after a write; then the records in the target are
counted. Every record is there as often as the write's effect class promises: once, or, where
nothing can tell what a crash left, at most once with an issue for a person.

`tests/codegen/test_matrix.py` holds this page to what is run:
`python -m tests.codegen.matrix > docs/patterns.md` writes it.

| pattern | pairs of systems |
| --- | --- |
"""


def document() -> str:
    """The page as Markdown."""
    known = catalogue()
    lines = [
        f"| {pattern} | {'; '.join(_pair(row, known) for row in rows)} |"
        for pattern, rows in table().items()
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _pair(row: Row, known: Catalogue) -> str:
    """`Stripe, HubSpot → Slack`: what is read, also to look something up, and what is written."""
    workflow, arrow = row.workflow, "↔" if len(row.workflows) > 1 else "→"
    written = [one.system for one in targets(workflow)]
    found = [one.system for one in workflow.lookups if one.system not in written]
    sides = (
        ", ".join(known.system(name).display_name for name in dict.fromkeys(side))
        for side in ([workflow.source.system, *found], written)
    )
    return f" {arrow} ".join(sides)
