"""Reading what people said: their words become edits of the plan, test cases or an answer."""

from collections.abc import Sequence

from pipeline.artifacts import Artifact, Finding, SourceFile, Verification
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
_MOST_AT_ONCE = 5
_AROUND = 3  # lines before and after the one that a finding is about


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
    """Give findings to the analyst, a bounded number of times; whether the plan changed.

    The next attempt is a new version. What can't be mended stands in the thread, with its place
    and the choices; no finding is ever left out.
    """
    assert isinstance(artifact, Verification)
    attempt = case.integration.repairs + 1
    if attempt > _REPAIRS:
        return False
    findings = smallest(artifact.findings, case.files)
    edits = services.analyst.repair(case.plan, findings, case.request)
    after, accepted, _ = _apply(case, case.plan, edits)
    changes = plan_diff(case.plan, after)
    if not changes:
        return False
    version = case.integration.code_version + 1  # the one that was just verified
    text = (
        f"Version {version} had {len(artifact.findings)} findings. To mend them I changed: "
        f"{'; '.join(changes)}. Attempt {attempt} of {_REPAIRS}."
    )
    with services.store.change(case.integration.id) as integration:
        integration.edits = [*integration.edits, *accepted]
        integration.repairs = attempt
        key = f"repair:{artifact.project_digest[:12]}"
        integration.say(Said(key=key, text=text, diff=unified(case.plan, after)))
    return True


def smallest(findings: Sequence[Finding], files: Sequence[SourceFile]) -> list[Finding]:
    """The findings that explain the others, each with the lines around its place.

    One for each place, and those of the first tool only: what the types say explains what the
    tests and the dry run say, not the other way round.
    """
    first = findings[0].tool if findings else ""
    places: dict[tuple[str | None, int | str | None], Finding] = {}
    for finding in findings:
        if finding.tool == first:
            places.setdefault((finding.file, finding.line or finding.field), finding)
    sources = {file.path: file.content.splitlines() for file in files}
    return [
        _with_excerpt(one, sources.get(one.file or "", []))
        for one in list(places.values())[:_MOST_AT_ONCE]
    ]


def _with_excerpt(finding: Finding, lines: Sequence[str]) -> Finding:
    if finding.line is None or finding.excerpt:
        return finding
    first = max(0, finding.line - 1 - _AROUND)
    excerpt = "\n".join(lines[first : finding.line + _AROUND])
    return finding.model_copy(update={"excerpt": excerpt})
