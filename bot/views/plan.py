"""The plan on one screen: what happens, the mapping, what is weak, and what to decide."""

from collections.abc import Iterator

from bot.views.actions import (
    APPROVE,
    CHANGE,
    MAPPING,
    QUESTIONS,
    Target,
    button,
    buttons,
    stop_button,
)
from bot.views.flow import flow_words, picture
from bot.views.gates import asking, ending
from bot.views.message import Block, File, Message, Modal
from bot.views.pieces import bullets, code, escape, header, note, section, table
from bot.views.questions import open_questions, question_blocks
from bot.views.said import diff_block
from pipeline.integration import Integration
from pipeline.plan.diff import is_telling, show_filter, show_mapping, show_trigger
from pipeline.plan.model import KeyPair, Mapping, Plan, Workflow
from pipeline.plan.words import show_entity, show_missing, show_mode, show_path
from pipeline.replies import PlanShown

_ROWS_SHOWN = 12
_FACTS_SHOWN = 4
_MENDING = "Reply here with the file attached, or with what to change; then I show the plan again."
_CHUNK = 2800  # characters of a section, with room for the code marks


def plan(reply: PlanShown, integration: Integration) -> Message:
    title = f"Plan: {reply.plan.title}"
    if reply.gate.state == "superseded":
        return Message(title, (section(f"*{escape(title)}*"), *ending(reply.gate, [])))
    blocks = [header(title)]
    if reply.changes:
        changes = bullets(escape(change) for change in reply.changes)
        blocks += [section(f"*Changed*\n{changes}"), diff_block(reply.diff)]
    for workflow in reply.plan.workflows:
        blocks.append(section(_workflow(reply.plan, workflow)))
    blocks.append(_mapping_table(reply.plan))
    blocks += _left_over(reply.plan)
    blocks += _weak_facts(reply.plan)
    blocks += ending(
        reply.gate, [*question_blocks(reply, integration.id), *_ask(reply, integration)]
    )
    document = File(reply.document.path.split("/")[-1], reply.document.content, "markdown")
    return Message(
        f"{title}. {reply.plan.summary}", tuple(blocks), (*_picture(reply.plan), document)
    )


def _picture(plan: Plan) -> list[File]:
    drawn = picture(plan)
    return [File("flow.png", drawn, snippet_type="", alt_text=flow_words(plan))] if drawn else []


def _ask(reply: PlanShown, integration: Integration) -> list[Block]:
    gate = Target(integration.id, reply.gate.id)
    elements = []
    if not reply.gate.blocked_by:
        elements.append(button("Approve plan", APPROVE, gate, "primary"))
    if open_questions(reply.plan):
        elements.append(button("Answer questions", QUESTIONS, Target(integration.id)))
    elements += [
        button("Review mapping", MAPPING, gate),
        button("Request changes", CHANGE, Target(integration.id)),
        stop_button(integration.id),
    ]
    return [*_lacking(reply), buttons(*elements), *_small_print(reply)]


def _small_print(reply: PlanShown) -> list[Block]:
    """Nothing follows a yes that can't be given yet."""
    if reply.gate.blocked_by:
        return []
    return [asking(reply.gate, "I show the set-up commands; nothing is created yet.")]


def _lacking(reply: PlanShown) -> list[Block]:
    """Why the plan can't be approved yet; a change in words or an attached file mends it."""
    if not reply.gate.blocked_by:
        return []
    reasons = bullets(escape(reason) for reason in reply.gate.blocked_by)
    return [section(f"*Before this can be approved*\n{reasons}"), note(_MENDING)]


def _workflow(plan: Plan, workflow: Workflow) -> str:
    source, target = (_name(plan, end.system) for end in (workflow.source, workflow.target))
    lines = [
        f"*{escape(source)} {escape(show_entity(workflow.source.entity))} → "
        f"{escape(target)} {escape(show_entity(workflow.target.entity))}*",
        f"Starts: {escape(show_trigger(workflow.trigger))} "
        f"· writes: {show_mode(workflow.write_mode)}",
    ]
    if workflow.match_on:
        lines.append(f"The same record where {_keys(workflow.match_on)}")
    lines += [f"Only where {code(show_filter(item))}" for item in workflow.filters]
    for lookup in workflow.lookups:
        lines.append(
            f"Finds {escape(show_entity(lookup.entity))} by {_keys(lookup.by)}; "
            f"if missing: {show_missing(lookup.on_missing)}"
        )
    lines += [
        f"Then writes {escape(show_entity(write.entity))} ({show_mode(write.write_mode)})"
        for write in workflow.writes
    ]
    return "\n".join(lines)


def _keys(pairs: list[KeyPair]) -> str:
    return " and ".join(f"{code(pair.target)} = {code(show_path(pair.source))}" for pair in pairs)


def _name(plan: Plan, system: str) -> str:
    try:
        return plan.system(system).display_name
    except KeyError:
        return system


def _mapping_table(plan: Plan) -> Block:
    """What a reader should look at first: fields to review, then those that are transformed."""
    mappings = sorted(_mappings(plan), key=_how_plain)
    rows = [mapping_row(mapping) for mapping in mappings[:_ROWS_SHOWN]]
    return table(("Target", "Source", "Note"), rows or [("–", "–", "No fields are mapped yet.")])


def _mappings(plan: Plan) -> Iterator[Mapping]:
    for workflow in plan.workflows:
        yield from workflow.mappings
        for write in workflow.writes:
            yield from write.mappings


def _how_plain(mapping: Mapping) -> int:
    if mapping.status == "needs-review":
        return 0
    if is_telling(mapping.transform) or (mapping.source or "").startswith("$"):
        return 1
    return 3 if mapping.source is None or "." in mapping.target.replace("[].", "") else 2


def mapping_row(mapping: Mapping) -> tuple[str, str, str]:
    return mapping.target, *show_mapping(mapping)


def _left_over(plan: Plan) -> list[Block]:
    rest = sum(1 for _ in _mappings(plan)) - _ROWS_SHOWN
    return [note(f"{rest} more fields under *Review mapping* and in the document.")] * (rest > 0)


def _weak_facts(plan: Plan) -> list[Block]:
    weak = [fact for fact in plan.facts if fact.grade in ("inferred", "unverified")]
    if not weak:
        return []
    named = bullets(f"{escape(fact.text)} ({fact.grade})" for fact in weak[:_FACTS_SHOWN])
    more = len(weak) - _FACTS_SHOWN
    rest = f"\n{more} more in the document." if more > 0 else ""
    return [section(f"*Weak facts, worth a look*\n{named}{rest}")]


def mapping_form(plan: Plan) -> Modal:
    """The whole mapping, to read."""
    lines = [
        f"{code(target)} ← {code(source)}" + (f" – {escape(remark)}" if remark else "")
        for target, source, remark in map(mapping_row, _mappings(plan))
    ]
    return Modal("Mapping", tuple(section(part) for part in chunks(lines)), close="Close")


def chunks(lines: list[str]) -> list[str]:
    """Lines put together into texts that fit a section each."""
    parts = [""]
    for line in lines or ["Nothing is mapped yet."]:
        if len(parts[-1]) + len(line) > _CHUNK:
            parts.append("")
        parts[-1] += f"{line}\n"
    return [part for part in parts if part.strip()]
