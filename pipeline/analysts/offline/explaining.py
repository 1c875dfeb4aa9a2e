"""Answers to questions about the plan, from the plan and its sourced facts alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.offline.naming import name_words, phrase_words
from pipeline.analysts.offline.words import stem, words
from pipeline.artifacts import SourceFile
from pipeline.explaining.citing import cited
from pipeline.explaining.field import Written, explain_field, written
from pipeline.explaining.file import explain_file, find_file
from pipeline.plan.model import Fact, Plan
from pipeline.plan.words import show_auth, show_filter, show_path, show_trigger

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_SMALL = {
    "why",
    "what",
    "how",
    "does",
    "it",
    "do",
    "when",
    "is",
    "are",
    "the",
    "a",
    "an",
    "of",
    "to",
    "in",
    "on",
    "for",
    "this",
    "that",
    "you",
    "we",
    "i",
    "happen",
    "happens",
    "if",
    "there",
    "which",
    "where",
    "will",
    "would",
    "can",
    "with",
    "be",
    "and",
    "or",
    "my",
    "your",
    "use",
}


_ABOUT_FIELDS = {"about", "come", "comes", "fill", "field", "from", "go", "goes", "map", "s", "set"}


def explain(
    question: str, plan: Plan, catalogue: Catalogue, files: Sequence[SourceFile] = ()
) -> str:
    """The best answer that the plan and the code hold; says so where they hold none."""
    file = _file(question, files)
    if file is not None:
        return explain_file(file, plan, files)
    field = _named(question, plan)
    if field is not None:
        return explain_field(field, plan, catalogue, files)
    for answer in (_missing, _twice, _start, _filtered, _signing):
        said = answer(question, plan)
        if said:
            return said
    meant = _meant(question, plan)
    if meant is not None:
        return explain_field(meant, plan, catalogue, files)
    facts = _facts(question, plan)
    if facts:
        return " ".join(cited(fact) for fact in facts)
    example = next((one.mapping.target for one in written(plan)), "this field")
    return (
        f"The plan says nothing about that. I can say why a field is filled as it is (“why "
        f"{example}?”), what a file does, or what happens when something is missing; the research "
        "document has the rest."
    )


def _file(question: str, files: Sequence[SourceFile]) -> SourceFile | None:
    """The generated file that a question names by its path, or by the end of it."""
    named = (find_file(name.rstrip(".,?!"), files) for name in re.findall(r"[\w./-]+", question))
    return next((file for file in named if file is not None), None)


def _facts(question: str, plan: Plan, count: int = 2) -> list[Fact]:
    """The facts that share the most words with a question; none where no two are shared."""
    said = {stem(word) for word in words(question)} - _SMALL
    scored = [
        (len(said & {stem(word) for word in words(f"{fact.text} {fact.subject}")}), -index)
        for index, fact in enumerate(plan.facts)
    ]
    return [
        plan.facts[-index] for score, index in sorted(scored, reverse=True)[:count] if score >= 2
    ]


def _named(question: str, plan: Plan) -> Written | None:
    """The field whose path, or the most of its steps, is named in a question."""
    said = {stem(word) for word in re.findall(r"[\w.]+", question)} - _SMALL
    best: tuple[float, Written] | None = None
    for field in written(plan):
        steps = field.mapping.target.replace("[]", "").split(".")
        exact = 2.0 if stem(field.mapping.target) in said else 0.0
        score = exact + sum(1 for step in steps if stem(step) in said)
        if score and (best is None or score > best[0]):
            best = (score, field)
    return best[1] if best else None


def _meant(question: str, plan: Plan) -> Written | None:
    """The field that a question speaks of in words of its own, such as “the customer's email”."""
    asked = set(re.findall(r"[a-z]+", question.lower())) - _SMALL - _ABOUT_FIELDS
    said = set(phrase_words(" ".join(asked)))

    def rank(field: Written) -> tuple[int, int]:
        paths = f"{field.mapping.target} {field.mapping.source or ''}"
        named = set(name_words(f"{field.end.entity} {paths}"))
        return len(said & named), -len(named)

    best = max(written(plan), key=rank, default=None)
    if best is None or not said:
        return None
    shared, _ = rank(best)
    return best if shared == len(said) or shared > 1 else None


def _missing(question: str, plan: Plan) -> str:
    if not re.search(r"\b(?:missing|not found|no\b.*\bfound|doesn't exist|unknown|not exist|"
                     r"isn't)\b",
                     question, re.I):  # fmt: skip
        return ""
    said = set(phrase_words(question))
    does = {"create": "it is created", "skip": "the record is skipped", "fail": "the run fails"}
    lookups = [lookup for workflow in plan.workflows for lookup in workflow.lookups]
    named = [one for one in lookups if set(name_words(one.entity)) & said] or lookups
    return " ".join(
        f"If no {one.entity} is found by {one.by[0].target}, {does[one.on_missing]}."
        for one in named
        if one.by
    )


def _twice(question: str, plan: Plan) -> str:
    if not re.search(r"\b(?:twice|duplicates?|again|second time|repeated)\b", question, re.I):
        return ""
    keys = [
        f"{pair.target} = {show_path(pair.source)}"
        for workflow in plan.workflows
        for pair in workflow.match_on
    ]
    if keys:
        return f"The same record is recognised by {', '.join(keys)}, and written once."
    return "Each record's id is remembered, so the same one is not written a second time."


def _start(question: str, plan: Plan) -> str:
    if not re.search(r"\b(?:when|how often|trigger\w*|schedul\w*|webhook)\b", question, re.I):
        return ""
    if not re.search(r"\b(?:run|start|often|trigger\w*|schedul\w*|webhook)\b", question, re.I):
        return ""
    return " ".join(f"{one.name}: {show_trigger(one.trigger)}." for one in plan.workflows)


def _filtered(question: str, plan: Plan) -> str:
    if not re.search(
        r"\b(?:filter\w*|which (?:records|orders)|skipped|left out|test)\b", question, re.I
    ):
        return ""
    filters = [show_filter(one) for workflow in plan.workflows for one in workflow.filters]
    return (
        f"Only records with {' and '.join(filters)}."
        if filters
        else "All records are taken: there is no filter."
    )


def _signing(question: str, plan: Plan) -> str:
    if not re.search(r"\b(?:auth\w*|sign in|credentials?|scopes?|oauth|api key)\b", question, re.I):
        return ""
    return " ".join(
        f"{one.display_name}: {show_auth(one.auth)}"
        + (f", scopes {', '.join(one.auth.scopes)}" if one.auth.scopes else "")
        + "."
        for one in plan.systems
    )
