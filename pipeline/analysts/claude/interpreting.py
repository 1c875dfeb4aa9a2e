"""A message in the thread: told apart first, then changed or answered, never more than asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.claude.addresses import Addresses
from pipeline.analysts.claude.briefing import show_outline, show_plan, show_turns
from pipeline.analysts.claude.catalogue_tools import catalogue_tools
from pipeline.analysts.claude.code_tools import code_tools
from pipeline.analysts.claude.desk import Desk
from pipeline.analysts.claude.edit_tools import EditSession
from pipeline.analysts.claude.fencing import fence, without_values
from pipeline.analysts.claude.guards import confirmed_mapping, keeps_addresses
from pipeline.analysts.claude.results import AnswerResult, ChangeResult, Reading
from pipeline.analysts.offline.cases import read_test_cases
from pipeline.analysts.offline.words import clean, has_words
from pipeline.artifacts import SourceFile
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan
from pipeline.ports import Draft, Interpretation, Turn

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_SIGNS = 2_000


def interpret(
    message: str, draft: Draft, earlier: Sequence[Turn], catalogue: Catalogue, desk: Desk
) -> Interpretation:
    """Test cases are read by rule, so that the values in them are sent nowhere."""
    plan = draft.plan
    cases, rest = read_test_cases(message, plan)
    if not has_words(clean(rest)) and not any(sign.isdigit() for sign in rest):
        return Interpretation(test_cases=cases)
    said = "\n\n".join([*show_turns(earlier), fence("reply", without_values(message))])
    addresses = Addresses(message, plan.model_dump_json())
    reading = desk.dialogue("reading", "routing").ask(f"{show_outline(plan)}\n\n{said}", Reading)
    edits: list[PlanEdit] = []
    answers: list[str] = []
    if "change" in reading.kind and not (cases and not has_words(clean(rest))):
        session = _change(said, addresses, plan, catalogue, desk, answers)
        edits, after = session.edits, session.plan
    else:
        after = plan
    if "question" in reading.kind:
        answers.append(_answer(said, after, draft.files, catalogue, desk))
    restated = reading.restated if reading.kind != "not for Weft" else ""
    return Interpretation(
        edits=edits,
        test_cases=cases,
        answer=addresses.without_foreign(" ".join(filter(None, answers)))[:_SIGNS],
        restated=addresses.without_foreign(restated)[:300],
    )


def _change(
    said: str, addresses: Addresses, plan: Plan, catalogue: Catalogue, desk: Desk,
    answers: list[str],
) -> EditSession:  # fmt: skip
    """The edits that were made; `answers` gets what a person must know of them."""
    replaced: list[str] = []

    def guard(edit: PlanEdit, now: Plan) -> str:
        confirmed = confirmed_mapping(edit, plan)
        replaced.extend([confirmed.target] if confirmed else [])
        return keeps_addresses(addresses, edit)

    session = EditSession(plan, catalogue, guard, desk.try_transform)
    tools = [*session.tools(), *catalogue_tools(catalogue)]
    result = desk.dialogue("change", "judging", tools=tools).ask(
        f"{show_plan(plan)}\n\n{said}", ChangeResult
    )
    named = ", ".join(dict.fromkeys(replaced))
    answers += [f"This replaces what was confirmed before: {named}."] if named else []
    answers += [result.not_done] if result.not_done else []
    if not result.not_done and not session.edits:
        answers += session.refused[-1:]
    return session


def _answer(
    said: str, plan: Plan, files: Sequence[SourceFile], catalogue: Catalogue, desk: Desk
) -> str:
    tools = [*catalogue_tools(catalogue), *code_tools(files)]
    dialogue = desk.dialogue("answer", "judging", tools=tools)
    return dialogue.ask(f"{show_plan(plan)}\n\n{said}", AnswerResult).answer
