"""What only a person knows, asked after looking: at most a few questions that matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.understand import Understanding
from pipeline.analysts.offline.words import plural
from pipeline.catalogue.schema import fields
from pipeline.plan.model import Importance, Plan, Question, Workflow
from pipeline.plan.schemas import source_schema

if TYPE_CHECKING:
    from pipeline.analysts.offline.workflows import Planned

_BOOKS = ("accounting", "erp")  # kinds of systems in which tax is reckoned
HIGH = 4  # more than this and nobody answers any


def ask(plan: Plan, request: Understanding, planned: list[Planned]) -> list[Question]:
    """All questions, those that change most first."""
    found = [
        *_ends(plan, request),
        *_triggers(plan, request),
        *_unknown_systems(plan, request),
        *_unfilled(plan, request),
        *_doubted(plan, request),
        *(question for one in planned for question in one.questions),
        *_currency(plan, request),
        *_test_records(plan, request),
        *_tax(plan, request),
    ]
    unique = list({question.id: question for question in found}.values())
    high = [question for question in unique if question.importance == "high"]
    late = [question.model_copy(update={"importance": "low"}) for question in high[HIGH:]]
    return [*high[:HIGH], *late, *(one for one in unique if one.importance == "low")]


def _unknown_systems(plan: Plan, request: Understanding) -> Iterator[Question]:
    if request.trouble:
        yield Question(id="attachment", importance="high", text=request.trouble,
                       assumption="the file is left out")  # fmt: skip
    for system in plan.systems:
        entry = request.mention(system.name).entry
        if entry is not None and entry.entities:
            continue
        known = "only the name and where its documents are" if entry else "nothing"
        yield Question(
            id=f"api-{system.name}",
            text=f"Of {system.display_name}, Weft knows {known}. Can you attach its OpenAPI file?",
            importance="high",
            assumption="nothing can be built until the file is there",
        )


def _ends(plan: Plan, request: Understanding) -> Iterator[Question]:
    if len(plan.systems) < 2:
        yield Question(
            id="systems", importance="high",
            text="Which systems should be connected: where do the records come from, and where "
            "should they go?",
        )  # fmt: skip
        return
    if request.ends.clear:
        return
    texts = {f"{_way(plan, one)} only": one for one in plan.workflows}
    both = "both ways" if len(plan.workflows) > 1 else next(iter(texts))
    edits: dict[str, list[dict[str, Any]]] = {
        text: [{"op": "drop-workflow", "workflow": other.name} for other in plan.workflows
               if other is not kept]
        for text, kept in texts.items()
    }  # fmt: skip
    # One way is planned where the words lean to it a little: that is worth a look, no answer.
    importance: Importance = "high" if request.ends.both_ways else "low"
    yield Question(
        id="direction", importance=importance, text="In which direction should the records go?",
        options=list(dict.fromkeys([*texts, both])), assumption=both, edits=edits,
    )  # fmt: skip


def _way(plan: Plan, workflow: Workflow) -> str:
    ends = (workflow.source.system, workflow.target.system)
    return " → ".join(plan.system(name).display_name for name in ends)


def _triggers(plan: Plan, request: Understanding) -> Iterator[Question]:
    for workflow, start in zip(plan.workflows, request.starts, strict=True):
        schedule = start.schedule
        if schedule is not None and not schedule.exact:
            yield Question(
                id=f"time-{workflow.name}", importance="low",
                text=f"At what time exactly? “{schedule.words}” leaves that open.",
                assumption=f"{schedule.cron} ({schedule.timezone or 'UTC'})",
            )  # fmt: skip
        if start.no_event and start.clear:
            yield _how_often(plan, workflow)
    unclear = [one for one, flow in zip(plan.workflows, request.flows, strict=True)
               if not flow.trigger_clear]  # fmt: skip
    if unclear:
        yield _when(plan, unclear)


_TIMES = {
    "every 15 minutes": "*/15 * * * *",
    "every hour": "0 * * * *",
    "every night at 2:00 UTC": "0 2 * * *",
}


def _how_often(plan: Plan, workflow: Workflow) -> Question:
    """Of a workflow that should start as something happens, where nobody tells that it did."""
    source = plan.system(workflow.source.system).display_name
    records = plural(workflow.source.entity.replace("-", " "))
    return Question(
        id=f"look-{workflow.name}", importance="low",
        text=f"Weft knows no event of {source} that tells of {records}, so it looks for them. "
        "How often?",
        options=list(_TIMES), assumption="every 15 minutes", edits=_timed([workflow]),
    )  # fmt: skip


def _timed(workflows: list[Workflow]) -> dict[str, list[dict[str, Any]]]:
    return {
        text: [
            {"op": "set-trigger", "workflow": one.name, "kind": "schedule", "cron": cron}
            for one in workflows
        ]
        for text, cron in _TIMES.items()
    }


def _when(plan: Plan, workflows: list[Workflow]) -> Question:
    options = [*_as_planned(plan, workflows), *_TIMES]
    return Question(
        id="trigger", importance="high", text="What should trigger it: when should it run?",
        options=options, assumption=options[0], edits=_timed(workflows),
    )  # fmt: skip


def _as_planned(plan: Plan, workflows: list[Workflow]) -> list[str]:
    """How they start now, where some system tells what happens: no edit is needed for that."""
    told: list[str] = []
    asked: list[str] = []
    for one in workflows:
        (told if one.trigger.kind == "webhook" else asked).append(one.source.system)
    if not told:
        return []
    if not asked:
        return ["as it happens (webhook)"]
    from_told, from_asked = (
        " and ".join(dict.fromkeys(plan.system(name).display_name for name in names))
        for names in (told, asked)
    )
    return [f"as it happens from {from_told}, every 15 minutes from {from_asked}"]


def _unfilled(plan: Plan, request: Understanding) -> Iterator[Question]:
    """Required target fields that nothing fills."""
    for workflow in plan.workflows:
        entry = request.mention(workflow.target.system).entry
        if entry is None or not entry.entities or workflow.write_mode in ("update", "delete"):
            continue
        schema = entry.entity(workflow.target.entity).record_schema
        filled = [mapping.target for mapping in workflow.mappings]
        for one in fields(schema):
            if not one.required or one.read_only or one.path in filled:
                continue
            yield Question(
                id=f"field-{'-'.join(name_words(one.path))}", importance="high",
                text=f"What should {one.path} of the {workflow.target.entity} be? It is required, "
                "and nothing in the source fits.",
                options=[str(value) for value in one.enum[:6]],
            )  # fmt: skip


def _doubted(plan: Plan, request: Understanding) -> Iterator[Question]:
    """Required fields that are filled by the best of poor matches."""
    for workflow in plan.workflows:
        entry = request.mention(workflow.target.system).entry
        known = entry.entities if entry is not None else []
        schema = next(
            (one.record_schema for one in known if one.name == workflow.target.entity), {}
        )
        required = {one.path for one in fields(schema) if one.required}
        known_paths = {one.path for one in _source_fields(plan, request, workflow)}
        for one in workflow.mappings:
            if one.target not in required or one.status != "needs-review":
                continue
            if one.source is None or one.source not in known_paths:
                continue  # columns that nobody named are asked for together
            others = [option.source for option in one.alternatives]
            yield Question(
                id=f"field-{'-'.join(name_words(one.target))}",
                importance="high",
                text=f"Is {one.source} right for {one.target}, which is required?",
                options=[one.source, *others],
                assumption=one.source,
                edits={
                    path: [
                        {
                            "op": "map", "workflow": workflow.name, "target": one.target,
                            "source": path,
                        }
                    ]
                    for path in [one.source, *others]
                },
            )  # fmt: skip


def _source_fields(plan: Plan, request: Understanding, workflow: Workflow) -> list[Any]:
    schema = source_schema(request.catalogue, workflow)
    return fields(schema) if schema is not None else []


def _currency(plan: Plan, request: Understanding) -> Iterator[Question]:
    """Money that is written where the target has a currency of its own."""
    for workflow in plan.workflows[:1]:
        source = next(
            (
                one
                for one in _source_fields(plan, request, workflow)
                if name_words(last_name(one.path))[-1:] in (["currency"], ["code"])
                and "currency" in name_words(one.path)
                and "[]" not in one.path
            ),
            None,
        )
        entry = request.mention(workflow.target.system).entry
        if source is None or entry is None or not entry.entities:
            continue
        money = [
            one
            for one in fields(entry.entity(workflow.target.entity).record_schema)
            if one.unit and one.path in [mapping.target for mapping in workflow.mappings]
        ]
        if money:
            yield from _currency_question(workflow, source.path)


def _currency_question(workflow: Workflow, field: str) -> Iterator[Question]:
    entity = plural(workflow.source.entity.replace("-", " "))
    yield Question(
        id="currency", importance="high",
        text=f"The amounts of {entity} carry a currency ({field}). What if it is not the one of "
        "your books? Say “only take …” with a currency code to leave the others out.",
        options=["keep the currency as it is"], assumption="keep the currency as it is",
        edits={
            "only take …": [
                {"op": "filter", "workflow": workflow.name, "field": field, "operator": "eq",
                 "value": "…"}
            ]
        },
    )  # fmt: skip


def _test_records(plan: Plan, request: Understanding) -> Iterator[Question]:
    """A yes/no field `test` in the source: such records are rarely wanted on the other side."""
    for workflow in plan.workflows:
        for one in _source_fields(plan, request, workflow):
            if one.type != "boolean" or last_name(one.path).lower() not in (
                "test",
                "is_test",
                "testmode",
            ):
                continue
            if any(item.field == one.path for item in workflow.filters):
                continue
            entity = plural(workflow.source.entity.replace("-", " "))
            yield Question(
                id="test-records", importance="low", text=f"Should test {entity} be taken too?",
                options=["take them", "skip them"], assumption="take them",
                edits={"skip them": [{"op": "filter", "workflow": workflow.name, "field": one.path,
                                      "operator": "eq", "value": False}]},
            )  # fmt: skip


def _tax(plan: Plan, request: Understanding) -> Iterator[Question]:
    for workflow in plan.workflows[:1]:
        entry = request.mention(workflow.target.system).entry
        taxes = [one for one in workflow.mappings if "tax" in name_words(one.target)]
        if not taxes or entry is None or entry.kind not in _BOOKS:
            continue
        first = taxes[0]
        yield Question(
            id="tax", importance="high",
            text=f"How should tax be written? {first.target} is now filled from {first.source}.",
            options=["as mapped", "leave tax out"], assumption="as mapped",
            edits={"leave tax out": [
                {"op": "unmap", "workflow": workflow.name, "target": target}
                for target in dict.fromkeys(one.target for one in taxes)
            ]},
        )  # fmt: skip
