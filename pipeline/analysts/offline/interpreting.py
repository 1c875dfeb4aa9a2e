"""A message in the thread: edits of the plan, test cases, answers, or nothing at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.offline.answering import answer_question, choices
from pipeline.analysts.offline.cases import read_test_cases
from pipeline.analysts.offline.changes import READERS
from pipeline.analysts.offline.explaining import explain
from pipeline.analysts.offline.statement import Statement
from pipeline.analysts.offline.words import clean, has_words
from pipeline.artifacts import SourceFile
from pipeline.errors import InvalidEdit
from pipeline.plan.apply import apply_edit
from pipeline.plan.diff import plan_diff
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan
from pipeline.ports import Interpretation

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_EDITING = (r"map|unmap|use|set|change|switch|run|trigger|skip|ignore|exclude|only|rename|call|"
            r"filter|remove|drop|delete|add|include|put|make|create|update|match|upsert|leave|"
            r"don't|swap|tag|mark|stop|"
            r"do not|without|instead|schedule|also|split|move|write|fail|stop writing|keep|answer|"
            r"round|convert|replace|store|send")  # fmt: skip
_EDITS = re.compile(
    rf"^\W*(?:(?:please|pls|and|then|also|ok|hey|weft|can you|could you|let's|"
    rf"we should|i'd like to|i want to|@\w+)\W+)*(?:{_EDITING})\b",
    re.I,
)
_WISH = re.compile(
    r"\b(?:instead|should|must|too|rather|as well|shouldn't)\b|"
    r"^\W*(?:swap|tag|mark|combine|merge|stop|drop|draft|no more)\b",
    re.I,
)
_SPLIT = re.compile(
    rf"(?<=[.!?;])\s+|\n+|,?\s+(?:and|then|but)\s+(?:also\s+|please\s+)?(?=(?:{_EDITING})\b)|"
    rf",\s+(?=(?:{_EDITING})\b)",
    re.I,
)
_CONDITION = re.compile(rf"^\W*(?:if|when|where|in case)\b(?!.*\b(?:{_EDITING})\b)", re.I)
_ASKING = re.compile(r"^\W*(?:(?:please|pls|can you|could you)\W+)*(?:why|explain)\b", re.I)
_QUESTION = re.compile(
    r"^\W*(?:why|what|how|which|where|when|who|is|are|does|do|did|will|can|could|should|would)\b"
    r"(?!.*\b(?:instead)\b)",
    re.I,
)


def interpret(
    message: str, plan: Plan, catalogue: Catalogue, files: Sequence[SourceFile] = ()
) -> Interpretation:
    """What a message means for the plan; edits are such as can be applied, in this order.

    `files` are the newest version of the code, for questions about it.
    """
    cases, rest = read_test_cases(message, plan)
    text = clean(rest)
    if not has_words(text) and not any(sign.isdigit() for sign in text):
        return Interpretation(test_cases=cases)
    edits: list[PlanEdit] = []
    answers: list[str] = []
    for part in _parts(text):
        found, said = _part(part, plan, catalogue, files)
        for edit in found:
            try:
                plan = apply_edit(plan, edit, catalogue)
                edits.append(edit)
            except InvalidEdit as error:
                said = str(error)
        answers += [said] if said else []
    if cases and not edits:
        answers = []
    return Interpretation(edits=edits, test_cases=cases, answer=" ".join(dict.fromkeys(answers)))


def _is_key_of(part: str, before: str) -> bool:
    """“Update existing ones, match on email” is one statement too."""
    keyed = re.match(r"\W*(?:match\w*|key\w*|dedupe?\w*) (?:on|by)\b", part, re.I)
    return bool(keyed and re.search(r"\b(?:updat|upsert|exist|duplicat)", before, re.I))


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for part in (part.strip(" ,.") for part in _SPLIT.split(text) if part and part.strip(" ,.")):
        if parts and (_CONDITION.match(parts[-1]) or _is_key_of(part, parts[-1])):
            parts[-1] += f", {part}"  # “if an item is missing, fail” is one statement
        else:
            parts.append(part)
    return [part + ("?" if f"{part}?" in text else "") if not part.endswith("?") else part
            for part in parts][:40]  # fmt: skip


def _part(
    part: str, plan: Plan, catalogue: Catalogue, files: Sequence[SourceFile]
) -> tuple[list[PlanEdit], str]:
    """The edits of one statement, and what to say to it."""
    if _ASKING.match(part):
        return [], explain(part, plan, catalogue, files)
    asked = part.endswith("?") and _QUESTION.match(part) is not None
    polite = re.match(r"\W*(?:can|could|would|will) (?:you|we)\b", part, re.I)
    if asked and not polite:
        return [], explain(part, plan, catalogue, files)
    chosen = answer_question(part, plan)
    if chosen:
        return chosen, ""
    statement = Statement(part, plan, catalogue)
    trouble = ""
    for read in READERS:
        try:
            edits = list(read(statement))
        except InvalidEdit as error:
            trouble = trouble or str(error)
            continue
        if edits:
            return edits, _already(plan, edits, catalogue)
    if trouble:
        return [], trouble
    if _EDITS.match(part) or _WISH.search(part):
        return [], _unclear(part, plan)
    if asked:
        return [], explain(part, plan, catalogue, files)
    return [], ""


def _already(plan: Plan, edits: list[PlanEdit], catalogue: Catalogue) -> str:
    """Says so where the plan does already what is asked."""
    after = plan
    for edit in edits:
        try:
            after = apply_edit(after, edit, catalogue)
        except InvalidEdit:
            return ""
    return "" if plan_diff(plan, after) else "The plan does that already."


def _unclear(part: str, plan: Plan) -> str:
    shown = part if len(part) <= 80 else part[:77] + "…"
    offers = ["“map the phone number to …”", "“only paid records”", "“every hour instead”"]
    offers = choices(plan) or offers
    return f"“{shown}” is a change that Weft can't place. Closest: {', '.join(offers[:3])}."
