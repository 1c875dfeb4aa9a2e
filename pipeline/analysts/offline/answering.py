"""Answers to the plan's open questions: “1: fail”, “use skip”, or an option's own words."""

import re

from rapidfuzz import fuzz

from pipeline.analysts.offline.words import stem, words
from pipeline.plan.answers import BLANK, edits_of
from pipeline.plan.edits import AnswerQuestion, PlanEdit, SetVariable
from pipeline.plan.model import Plan, Question

_CIRCLED = {sign: number for number, sign in enumerate("①②③④⑤⑥⑦⑧⑨", start=1)}
_NUMBERED = re.compile(
    r"^\W*(?:q(?:uestion)?\s*)?#?(?P<number>\d)\s*(?:[:.)=-]|\bis\b)\s*(?P<answer>.+)$", re.I | re.S
)
_LIKE = 88


def answer_question(text: str, plan: Plan) -> list[PlanEdit]:
    """The edits of an answer; empty where the text answers no question."""
    for sign, number in _CIRCLED.items():
        text = text.replace(sign, f"{number}: ")
    match = _NUMBERED.match(text.strip())
    if match is not None:
        index = int(match["number"]) - 1
        if 0 <= index < len(plan.questions):
            return _answer(plan.questions[index], match["answer"].strip(" ."))
        return []
    for question in plan.questions:
        named = re.match(rf"^\W*{re.escape(question.id)}\s*[:=]\s*(.+)$", text, re.I)
        if named:
            return _answer(question, named[1].strip())
    return _by_option(text, plan)


def _by_option(text: str, plan: Plan) -> list[PlanEdit]:
    bare = re.sub(r"^\W*(?:use|take|choose|answer|go with|let's|please|i'd say|we)\b\W*", "", text,
                  flags=re.I)  # fmt: skip
    open_ones = [question for question in plan.questions if question.answer is None]
    fitting = [
        (question, option)
        for question in open_ones
        for option in question.options
        if _same(bare, option)
    ]
    # “only take EUR” answers where the dots of “only take …” stand for any words.
    fitting += [(one, text) for one in open_ones if BLANK not in text and edits_of(one, text)
                and text not in one.options]  # fmt: skip
    if len({question.id for question, _ in fitting}) == 1:
        return _answer(*fitting[0])
    return []


def _same(text: str, option: str) -> bool:
    if stem(text) == stem(option):
        return True
    said, wanted = words(text), words(option)
    if len(said) == 1:  # “skip” for “skip the record”
        return said[0] == wanted[0] and len(said[0]) > 3
    return len(said) <= len(wanted) + 2 and fuzz.token_sort_ratio(text, option) >= _LIKE


def _answer(question: Question, text: str) -> list[PlanEdit]:
    option = next((one for one in question.options if _same(text, one)), text)
    edits: list[PlanEdit] = [AnswerQuestion(question=question.id, answer=option)]
    if question.id.startswith("variable-"):
        name = question.id.removeprefix("variable-").replace("-", "_")
        edits.append(SetVariable(name=name, default=option))
    return edits


def choices(plan: Plan) -> list[str]:
    """What could be said to the open questions, for an offer."""
    return [
        f"“{number}: {question.options[0]}”"
        for number, question in enumerate(plan.questions, 1)
        if question.options and question.answer is None
    ]
