"""Records that are to be the same on both sides, where a system does not allow it."""

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.design import not_generated
from pipeline.plan.apply import apply_edit
from pipeline.plan.edits import AnswerQuestion
from pipeline.plan.model import Plan
from pipeline.ports import Request

KNOWN = Catalogue.load()


def planned(text: str) -> Plan:
    request = Request(text=text, today="2026-03-01")
    return OfflineAnalyst(KNOWN).research(request, lambda _: None)


def test_who_asked_for_both_ways_chooses_one() -> None:
    plan = planned("Keep customers the same in Stripe and QuickBooks, both directions")
    assert [one.sync_group for one in plan.workflows] == ["both-ways", "both-ways"]
    assert all("does not say when" in one for one in not_generated(plan, KNOWN))
    (question,) = [one for one in plan.questions if one.id == "direction"]
    assert question.assumption is None
    for option, left in zip(question.options, ("stripe", "quickbooks"), strict=True):
        answer = AnswerQuestion(question="direction", answer=option)
        (only,) = apply_edit(plan, answer, KNOWN).workflows
        assert only.source.system == left


def test_who_names_two_systems_gets_one_way_where_both_cannot_be() -> None:
    plan = planned("Connect Stripe and Xero")
    assert len(plan.workflows) == 1
    assert not_generated(plan, KNOWN) == []
