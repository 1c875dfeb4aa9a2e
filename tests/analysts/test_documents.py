"""Documents that need lines: what makes them where the source has no list, or lines without all."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.cancellation import Cancellation
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.plan.apply import apply_edit
from pipeline.plan.check import check
from pipeline.plan.edits import MapField
from pipeline.plan.model import Plan
from pipeline.ports import Request
from pipeline.simulation.dry_run import dry_run

CATALOGUE = Catalogue.load()
PAYOUTS = "Send each Stripe payout to QuickBooks as a deposit when it is created"
ORDERS = "Every night send NetSuite sales orders to QuickBooks Online as invoices"


def planned(text: str) -> Plan:
    analyst = OfflineAnalyst(CATALOGUE)
    return analyst.research(Request(text=text, today="2026-11-22"), lambda _: None)


def test_a_flat_record_makes_one_line_of_a_document_and_says_so() -> None:
    plan = planned(PAYOUTS)
    lines = {one.target: one for one in plan.workflows[0].mappings if "[]" in one.target}
    assert lines["Line[].Amount"].source == "amount"
    assert lines["Line[].DetailType"].constant == "DepositLineDetail"
    assert {one.each for one in lines.values()} == {""}
    assert lines["Line[].DepositLineDetail.AccountRef.value"].source is not None
    (said,) = [one for one in plan.questions if one.id == "one-of-line"]
    assert said.assumption == "one for the whole record"
    assert check(plan, CATALOGUE) == []


def test_another_field_of_the_one_line_belongs_to_it_too() -> None:
    plan = planned(PAYOUTS)
    edit = MapField(target="Line[].Description", source="id")
    made = apply_edit(plan, edit, CATALOGUE).workflows[0].mappings
    assert [(one.source, one.each) for one in made if one.target == edit.target] == [("id", "")]


def test_lines_have_what_their_kind_requires() -> None:
    targets = [one.target for one in planned(ORDERS).workflows[0].mappings]
    assert "Line[].SalesItemLineDetail.ItemRef.value" in targets
    assert "Line[].SalesItemLineDetail" not in targets


@pytest.mark.parametrize("text", [PAYOUTS, ORDERS])
def test_the_mock_takes_what_is_written(text: str) -> None:
    plan = planned(text)
    files = [*generate(plan, CATALOGUE), *generate_tests(plan, CATALOGUE, [])]
    found = dry_run(plan, CATALOGUE, files, [], Cancellation())
    usual = next(one for one in found.situations if one.name == "a usual record")
    assert usual.passed, [one.message for one in found.findings]


def test_properties_are_called_exactly_as_the_text_calls_them() -> None:
    plan = planned(
        "When a Stripe charge succeeds, add a page to our Notion database with the columns Name, "
        "Amount and Paid On"
    )
    targets = [one.target for one in plan.workflows[0].mappings]
    assert {"properties.Name", "properties.Amount", "properties.Paid On"} <= set(targets)
