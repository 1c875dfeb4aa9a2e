"""What a plan does without: lookups and variables of fields that the text fills by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.plan.model import Question, Variable, Workflow

_NAMED = re.compile(r"\$(lookup|variable)\.([\w-]+)")


def without_unneeded(
    workflow: Workflow, variables: Sequence[Variable], questions: Sequence[Question]
) -> tuple[Workflow, list[Variable], list[Question]]:
    """A workflow with the lookups that something reads, and what is to be said of the rest."""
    kept = list(workflow.lookups)
    while True:
        lean = workflow.model_copy(update={"lookups": kept})
        read = _read(lean)
        still = [one for one in kept if ("lookup", one.name) in read]
        if len(still) == len(kept):
            break
        kept = still
    gone = {f"missing-{one.name}" for one in workflow.lookups if one not in kept}
    spare = [one for one in variables if ("variable", one.name) not in read]
    gone |= {f"variable-{one.name.replace('_', '-')}" for one in spare}
    return (
        lean,
        [one for one in variables if one not in spare],
        [one for one in questions if one.id not in gone],
    )


def _read(workflow: Workflow) -> set[tuple[str, ...]]:
    """The kind and name of all that any path of a workflow starts at."""
    return set(_NAMED.findall(workflow.model_dump_json()))
