"""What an answer to a question changes in the plan."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import InvalidEdit
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan, Question
from pipeline.plan.schemas import did_you_mean

BLANK = "…"  # stands for words of one's own, in an answer and in its edits
_EDIT: TypeAdapter[PlanEdit] = TypeAdapter(PlanEdit)


def chosen_question(plan: Plan, name: str) -> Question:
    """The question of that id or text; InvalidEdit where there is none."""
    for question in plan.questions:
        if name in (question.id, question.text):
            return question
    names = [question.id for question in plan.questions]
    raise InvalidEdit(f"There is no question “{name}”.{did_you_mean(name, names)}")


def in_its_words(question: Question, answer: str) -> str:
    """The option that an answer names, as the question spells it; else the answer itself."""
    wanted = answer.strip().casefold()
    return next((one for one in question.options if one.casefold() == wanted), answer.strip())


def edits_of(question: Question, answer: str) -> list[PlanEdit]:
    """The edits that go with an answer; InvalidEdit where they can't be read."""
    return [_read(edit) for edit in _listed(question, answer)]


def _listed(question: Question, answer: str) -> list[dict[str, Any]]:
    if answer in question.edits and BLANK not in answer:
        return question.edits[answer]
    for pattern, edits in question.edits.items():
        said = _own_words(pattern, answer)
        if said:
            return [
                {key: said if value == BLANK else value for key, value in edit.items()}
                for edit in edits
            ]
    return []


def _own_words(pattern: str, answer: str) -> str:
    """What stands in an answer where its pattern has the blank: “only take EUR” → EUR."""
    before, blank, after = pattern.partition(BLANK)
    fits = answer.casefold().startswith(before.casefold()) and answer.endswith(after)
    inner = answer[len(before) : len(answer) - len(after)].strip(" .“”\"'")
    return inner if blank and fits and inner != BLANK else ""


def _read(data: dict[str, Any]) -> PlanEdit:
    try:
        return _EDIT.validate_python(data)
    except ValidationError as error:
        raise InvalidEdit(
            f"An answer's change can't be read: {error.error_count()} faults."
        ) from error
