"""Questions that only people can answer: a button for each option, and a form for all."""

from bot.views.actions import ANSWER, Target, button, buttons
from bot.views.message import Block, Modal
from bot.views.pieces import bullets, escape, plain, section
from pipeline.plan.model import Plan, Question
from pipeline.replies import PlanShown

ANSWERS_FORM = "answers"
_OPTIONS_SHOWN = 5
_QUESTIONS_SHOWN = 4  # the rest are in the form
_MOST_QUESTIONS = 40


def open_questions(plan: Plan) -> list[Question]:
    """Those without an answer, important ones first."""
    unanswered = [question for question in plan.questions if question.answer is None]
    return sorted(unanswered, key=lambda question: question.importance != "high")


def question_blocks(reply: PlanShown, integration_id: str) -> list[Block]:
    blocks: list[Block] = []
    for question in open_questions(reply.plan)[:_QUESTIONS_SHOWN]:
        blocks.append(section(_text(question)))
        if question.options:
            blocks.append(buttons(*_options(question, integration_id)))
    rest = len(open_questions(reply.plan)) - _QUESTIONS_SHOWN
    if rest > 0:
        blocks.append(section(f"{rest} more under *Answer questions*; each has an assumption."))
    return blocks


def assumed(plan: Plan) -> list[Block]:
    """What was approved along with a plan whose questions were left open."""
    left = [question for question in open_questions(plan) if question.assumption]
    if not left:
        return []
    lines = bullets(f"{escape(one.text)} – {escape(one.assumption)}" for one in left)
    return [section(f"*Assumed, as nobody said otherwise*\n{lines}")]


def _text(question: Question) -> str:
    assumed = f" (assumed: {escape(question.assumption)})" if question.assumption else ""
    return f"*{escape(question.text)}*{assumed}"


def _options(question: Question, integration_id: str) -> list[dict[str, object]]:
    return [
        button(option, ANSWER, Target(integration_id, question.id, str(number)))
        for number, option in enumerate(question.options[:_OPTIONS_SHOWN])
    ]


def answers_form(plan: Plan, integration_id: str) -> Modal:
    """One input a question; what is left empty keeps its assumption."""
    questions = open_questions(plan)[:_MOST_QUESTIONS]
    return Modal(
        "Questions",
        tuple(_input(question) for question in questions),
        ANSWERS_FORM,
        str(Target(integration_id)),
        "Save answers",
    )


def _input(question: Question) -> Block:
    block: Block = {
        "type": "input",
        "block_id": question.id,
        "label": plain(question.text),
        "optional": True,
        "element": {"type": "plain_text_input", "action_id": "value"},
    }
    if question.options:
        options = [
            {"text": plain(option), "value": str(number)}
            for number, option in enumerate(question.options)
        ]
        block["element"] = {"type": "radio_buttons", "action_id": "value", "options": options}
    if question.assumption:
        block["hint"] = plain(f"Left empty: {question.assumption}")
    return block
