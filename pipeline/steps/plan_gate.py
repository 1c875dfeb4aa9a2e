"""The gate on the plan, which every step after research stands behind."""

from collections.abc import Sequence

from pipeline.artifacts import SourceFile
from pipeline.case import Case
from pipeline.codegen.design import not_generated
from pipeline.gates import Gate
from pipeline.model import digest
from pipeline.plan.check import check
from pipeline.plan.diff import plan_diff, unified
from pipeline.plan.document import research_document
from pipeline.plan.model import Plan
from pipeline.replies import PlanShown, Reply
from pipeline.steps.step import Wanted

DOCUMENT = "versori-research/research.md"


def plan_wanted(case: Case) -> Wanted:
    """Approval of the plan as it is now; an edit asks again, showing what changed."""
    approved = digest(case.plan)
    key = f"plan:{approved[:12]}"

    def show(gates: Sequence[Gate]) -> Reply:
        before = _shown_before(case)
        return PlanShown(
            key=key,
            plan=case.plan,
            gate=gates[0],
            document=SourceFile(
                path=DOCUMENT, content=research_document(case.plan, case.catalogue)
            ),
            changes=[
                *(plan_diff(before, case.plan) if before else []),
                *(f"no longer fits: {reason}" for reason in case.lapsed_edits),
            ],
            diff=unified(before, case.plan) if before else "",
        )

    return Wanted(
        kind="plan",
        digest=approved,
        message=key,
        show=show,
        blocked_by=_blocked_by(case),
    )


def _blocked_by(case: Case) -> list[str]:
    """What is missing in the plan; in a complete one, what Weft cannot generate."""
    missing = [finding.message for finding in check(case.plan, case.catalogue)]
    if missing or not case.plan.scope.in_scope:
        return missing
    return not_generated(case.plan, case.catalogue)


def _shown_before(case: Case) -> Plan | None:
    """The plan that people saw last; None when they saw none."""
    if not any(gate.kind == "plan" for gate in case.integration.gates):
        return None
    return case.plan_with(case.integration.edits[: case.integration.edits_shown])
