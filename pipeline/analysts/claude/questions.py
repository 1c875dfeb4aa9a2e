"""Questions that the model asks, beside those that the rules ask already."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from pipeline.analysts.claude.results import AskedQuestion
from pipeline.plan.apply import slugged
from pipeline.plan.model import Plan, Question

_MOST = 3  # of one stage
_HIGH = 4  # of a plan; with more than that nobody answers any
_SAME = 85
_OPTIONS = 6


def with_questions(plan: Plan, asked: Sequence[AskedQuestion]) -> Plan:
    """The plan with what is asked anew; what stands there in other words is not asked twice."""
    questions = list(plan.questions)
    for one in asked[:_MOST]:
        text = one.text.strip()
        if not text or any(_same(text, known.text) for known in questions):
            continue
        questions.append(
            Question(
                id=_free_id(slugged(text)[:40].strip("-") or "question", questions),
                text=text[:300],
                importance=one.importance,
                options=[option[:80] for option in one.options[:_OPTIONS]],
                assumption=one.assumption[:200] or None,
            )
        )
    return bounded(plan.model_copy(update={"questions": questions}))


def bounded(plan: Plan) -> Plan:
    """With no more important questions than people answer; later ones count as less important."""
    left, questions = _HIGH, []
    for one in plan.questions:
        if one.importance == "high" and left == 0:
            one = one.model_copy(update={"importance": "low"})
        left -= one.importance == "high"
        questions.append(one)
    return plan.model_copy(update={"questions": questions})


def _same(text: str, other: str) -> bool:
    return fuzz.token_set_ratio(text.casefold(), other.casefold()) >= _SAME


def _free_id(wanted: str, questions: Sequence[Question]) -> str:
    taken = {one.id for one in questions}
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name
