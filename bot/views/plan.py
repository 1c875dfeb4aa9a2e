"""The plan on one screen: what happens, the mapping, what is weak, and what to decide."""

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
from bot.views.mapping import mapping_blocks
from bot.views.message import Block, File, Message
from bot.views.pieces import bullets, escape, header, note, section
from bot.views.questions import assumed, open_questions, question_blocks
from bot.views.said import diff_block, diff_files
from pipeline.integration import Integration
from pipeline.plan.model import Plan, Workflow
from pipeline.plan.outline import workflow_lines, workflow_title
from pipeline.replies import PlanShown

_FACTS_SHOWN = 4
_MENDING = "Reply here with the file attached, or with what to change; then I show the plan again."


def plan(reply: PlanShown, integration: Integration) -> Message:
    title = f"Plan: {reply.plan.title}"
    if reply.gate.state == "superseded":
        return Message(title, (section(f"*{escape(title)}*"), *ending(reply.gate, [])))
    blocks = [header(title)]
    if reply.changes:
        changes = bullets(escape(change) for change in reply.changes)
        blocks.append(section(f"*Changed*\n{changes}"))
        blocks += [diff_block(reply.diff)] if reply.diff else []
    for workflow in reply.plan.workflows:
        blocks.append(section(_workflow(reply.plan, workflow)))
    blocks += mapping_blocks(reply.plan)
    blocks += _weak_facts(reply.plan)
    if reply.gate.approved:
        blocks += assumed(reply.plan)
    blocks += ending(
        reply.gate, [*question_blocks(reply, integration.id), *_ask(reply, integration)]
    )
    return Message(f"{title}. {reply.plan.summary}", tuple(blocks), _files(reply))


def _files(reply: PlanShown) -> tuple[File, ...]:
    """The picture and the document; neither says anything of a plan that moves nothing yet."""
    drawn = picture(reply.plan)
    if not drawn:
        return tuple(diff_files(reply.diff))
    document = File(reply.document.path.split("/")[-1], reply.document.content, "markdown")
    alt_text = flow_words(reply.plan)
    return (
        File("flow.png", drawn, snippet_type="", alt_text=alt_text),
        document,
        *diff_files(reply.diff),
    )


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
    lines = (escape(line) for line in workflow_lines(workflow))
    return "\n".join([f"*{escape(workflow_title(plan, workflow))}*", *lines])


def _weak_facts(plan: Plan) -> list[Block]:
    weak = [fact for fact in plan.facts if fact.grade in ("inferred", "unverified")]
    if not weak:
        return []
    named = bullets(f"{escape(fact.text)} ({fact.grade})" for fact in weak[:_FACTS_SHOWN])
    more = len(weak) - _FACTS_SHOWN
    rest = f"\n{more} more in the document." if more > 0 else ""
    return [section(f"*Weak facts, worth a look*\n{named}{rest}")]
