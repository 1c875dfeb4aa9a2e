"""Records that are to be the same on both sides, as far as the systems allow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.analysts.offline.understand import Understanding
from pipeline.analysts.offline.workflows import Planned, plan_workflow
from pipeline.plan.changed import updated_field
from pipeline.plan.model import Question, Workflow
from pipeline.plan.schemas import source_schema


def mirrored(
    understood: Understanding, planned: Sequence[Planned]
) -> tuple[Understanding, list[Planned]]:
    """The flows as a pair that mirrors each other.

    Where the systems do not allow it, whoever asked for both ways chooses one; whoever only said
    that the two belong together gets the first.
    """
    if not understood.ends.both_ways:
        return understood, list(planned)
    why = next((text for one in planned if (text := _hindrance(one.workflow, understood))), None)
    if why is None or understood.ends.clear:
        return understood, _asking(_paired(planned), why, understood)
    one_way = replace(
        understood,
        ends=replace(understood.ends, both_ways=False),
        flows=understood.flows[:1],
        starts=understood.starts[:1],
        writing=replace(understood.writing, mode=understood.writing.mode or "upsert"),
    )
    only = plan_workflow(one_way.flows[0], one_way)
    return replace(one_way, ends=understood.ends), _asking([only], why, understood)


def _paired(planned: Sequence[Planned]) -> list[Planned]:
    pair = {"sync_group": "both-ways", "conflict": "latest-wins"}
    return [replace(one, workflow=one.workflow.model_copy(update=pair)) for one in planned]


def _asking(planned: list[Planned], why: str | None, understood: Understanding) -> list[Planned]:
    if why is None:
        return planned
    first, *others = planned
    question = _question([one.workflow for one in planned], why, understood)
    return [replace(first, questions=[question, *first.questions]), *others]


def _hindrance(workflow: Workflow, understood: Understanding) -> str | None:
    """Why a flow cannot be one of two that mirror each other; None where it can."""
    schema = source_schema(understood.catalogue, workflow)
    name = understood.mention(workflow.source.system).display_name
    other = understood.mention(workflow.target.system).entry
    if schema is None or other is None or not other.entities:
        return None  # nothing is known of a side as yet
    if updated_field(schema) is None:
        noun = workflow.source.entity.replace("-", " ")
        return f"{name} does not say when a {noun} changed"
    if not workflow.match_on or workflow.write_mode not in ("upsert", "update"):
        target = understood.mention(workflow.target.system).display_name
        return f"{target} has no field that both sides know"
    return None


def _question(workflows: Sequence[Workflow], why: str, understood: Understanding) -> Question:
    """Which way: each option leaves one workflow; of a single one there is nothing to choose."""
    ways = {f"{_way(one, understood)} only": one for one in workflows}
    edits = {
        text: [
            {"op": "drop-workflow", "workflow": one.name} for one in workflows if one is not kept
        ]
        for text, kept in ways.items()
    }
    return Question(
        id="direction", importance="high",
        text=f"{why}, so Weft cannot keep both sides the same. Which way should records go?",
        options=list(ways), assumption=next(iter(ways)) if len(ways) == 1 else None, edits=edits,
    )  # fmt: skip


def _way(workflow: Workflow, understood: Understanding) -> str:
    ends = (workflow.source.system, workflow.target.system)
    return " → ".join(understood.mention(name).display_name for name in ends)
