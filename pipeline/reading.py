"""Reading what people said: their words become edits of the plan, test cases or an answer."""

from collections.abc import Sequence

from pipeline.artifacts import Artifact, Verification
from pipeline.case import Case
from pipeline.errors import InvalidEdit, OffGround
from pipeline.integration import Message
from pipeline.plan.apply import apply_edit
from pipeline.plan.diff import plan_diff, unified
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan
from pipeline.ports import Interpretation
from pipeline.replies import Said
from pipeline.services import Services

_REPAIRS = 2


def read_message(case: Case, services: Services) -> None:
    """Let the analyst read the oldest unread message, and do what it asks for."""
    message = case.integration.messages[case.integration.messages_read]
    plan = case.plan
    meaning = _interpret(case, message, plan, services)
    after, accepted, refused = _apply(case, plan, meaning.edits)
    text = _reply_text(meaning, plan_diff(plan, after), refused)
    with services.store.change(case.integration.id) as integration:
        integration.messages_read += 1
        if accepted:
            integration.edits = [*integration.edits, *accepted]
            integration.repairs = 0
        if meaning.test_cases:
            integration.test_cases = [*integration.test_cases, *meaning.test_cases]
        if text:
            diff = unified(plan, after)
            integration.say(Said(key=f"said:{message.id}", text=text, diff=diff))


def _interpret(case: Case, message: Message, plan: Plan, services: Services) -> Interpretation:
    try:
        return services.analyst.interpret(message.text, plan, case.request)
    except OffGround as error:
        return Interpretation(answer=str(error))


def _apply(
    case: Case, plan: Plan, edits: Sequence[PlanEdit]
) -> tuple[Plan, list[PlanEdit], list[str]]:
    """The plan with the edits that can be made, those edits, and why others can't."""
    accepted: list[PlanEdit] = []
    refused: list[str] = []
    for edit in edits:
        try:
            plan = apply_edit(plan, edit, case.catalogue)
        except InvalidEdit as error:
            refused.append(str(error))
        else:
            accepted.append(edit)
    return plan, accepted, refused


def _reply_text(meaning: Interpretation, changes: Sequence[str], refused: Sequence[str]) -> str:
    parts = [meaning.restated] if meaning.restated else []
    parts += [f"Changed: {'; '.join(changes)}."] if changes else []
    parts += [f"Not changed: {reason}" for reason in refused]
    if meaning.test_cases:
        names = ", ".join(f"“{item.name}”" for item in meaning.test_cases)
        parts.append(f"Added the test case {names}; it runs with the next version's tests.")
    if meaning.answer:
        parts.append(meaning.answer)
    return "\n".join(parts)


def repair(case: Case, services: Services, artifact: Artifact) -> bool:
    """Give findings to the analyst, a bounded number of times; whether the plan changed."""
    assert isinstance(artifact, Verification)
    if case.integration.repairs >= _REPAIRS:
        return False
    edits = services.analyst.repair(case.plan, artifact.findings, case.request)
    after, accepted, _ = _apply(case, case.plan, edits)
    if not accepted:
        return False
    changes = "; ".join(plan_diff(case.plan, after))
    text = f"Verification had {len(artifact.findings)} findings. To mend them I changed: {changes}."
    with services.store.change(case.integration.id) as integration:
        integration.edits = [*integration.edits, *accepted]
        integration.repairs += 1
        key = f"repair:{artifact.project_digest[:12]}"
        integration.say(Said(key=key, text=text, diff=unified(case.plan, after)))
    return True
