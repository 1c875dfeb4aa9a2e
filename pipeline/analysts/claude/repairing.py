"""Edits that mend findings: the rules first, then the model with what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.claude.addresses import Addresses
from pipeline.analysts.claude.briefing import show_plan
from pipeline.analysts.claude.catalogue_tools import catalogue_tools
from pipeline.analysts.claude.code_tools import code_tools
from pipeline.analysts.claude.desk import Desk
from pipeline.analysts.claude.edit_tools import EditSession
from pipeline.analysts.claude.fencing import fence, without_values
from pipeline.analysts.claude.guards import keeps_addresses, keeps_confirmed
from pipeline.analysts.claude.results import RepairResult
from pipeline.analysts.offline.mending import mend
from pipeline.artifacts import Finding
from pipeline.plan.apply import replay
from pipeline.plan.check import check
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan
from pipeline.ports import Draft, Repair

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_MENDING = ("map", "unmap")  # what records look like; never which ones, nor where they go
_FINDINGS = 20
_SIGNS = 600


def repair(findings: Sequence[Finding], draft: Draft, catalogue: Catalogue, desk: Desk) -> Repair:
    """Edits that leave no more findings in the plan than there were."""
    plan = draft.plan
    by_rule = mend(plan, findings, catalogue)
    mended = replay(plan, by_rule, catalogue)
    left = check(mended, catalogue) + [one for one in findings if one.tool != "plan"]
    if not left:
        return Repair(edits=by_rule)
    addresses = Addresses(plan.model_dump_json())

    def guard(edit: PlanEdit, now: Plan) -> str:
        return keeps_confirmed(edit, now) or keeps_addresses(addresses, edit)

    session = EditSession(mended, catalogue, guard, desk.try_transform)
    tools = [*session.tools(_MENDING), *catalogue_tools(catalogue), *code_tools(draft.files)]
    shown = "\n".join(map(_show, left[:_FINDINGS]))
    result = desk.dialogue("repair", "judging", tools=tools).ask(
        f"{show_plan(mended)}\n\n{fence('findings', shown)}", RepairResult
    )
    not_mended = addresses.without_foreign(result.not_mended)[:_SIGNS]
    if len(check(session.plan, catalogue)) > len(check(mended, catalogue)):
        return Repair(edits=by_rule, not_mended=not_mended)
    return Repair(edits=[*by_rule, *session.edits], not_mended=not_mended)


def _show(finding: Finding) -> str:
    """A finding without the values of test cases, which are customers' data."""
    place = f" {finding.file}:{finding.line or 1}" if finding.file else ""
    about = f"{finding.tool}{place}: {without_values(finding.message)[:_SIGNS]}"
    if finding.excerpt and not (finding.file or "").endswith(".test.ts"):
        about += f"\n{without_values(finding.excerpt)[:_SIGNS]}"
    return about
