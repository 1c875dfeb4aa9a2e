"""Mending findings: the rules first, then the model, never what a person confirmed."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import Finding
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.apply import apply_edit
from pipeline.plan.edits import MapField
from tests.analysts.claude.conftest import EXAMPLE, ask, draft
from tests.anthropic_double import said, uses
from tests.messages_rules import wants
from tests.models import agreeable, in_turn

CATALOGUE = Catalogue.load()
FAILED = Finding(tool="deno test", message='expected {"email":"ada@customer.example"}', file="a.ts")
TO_NOTE = ("map", {"workflow": "", "write": "", "lookup": "", "target": "PrivateNote",
                   "source": "email", "constant": "", "transform": "", "transform_args": "",
                   "each": "", "reason": "as the test wants"})  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    return OfflineAnalyst(CATALOGUE).research(ask(EXAMPLE), lambda doing: None)


def mending(*calls, **options):
    replies = in_turn(*(uses(call, **options) for call in calls))
    return agreeable(lambda body: replies(body) if wants(body) == "RepairResult" else None)


def test_the_model_mends_what_the_rules_cannot(claude, plan):
    edits = claude(mending(TO_NOTE)).analyst.repair([FAILED], draft(plan)).edits
    assert [(edit.op, edit.source) for edit in edits] == [("map", "email")]


def test_what_the_rules_mend_needs_no_model(claude, plan):
    broken = plan.model_copy(
        update={"workflows": [plan.workflows[0].model_copy(update={"mappings": [
            *plan.workflows[0].mappings,
            plan.workflows[0].mappings[0].model_copy(update={"target": "Nonsense"})]})]}
    )  # fmt: skip
    finding = Finding(
        tool="plan",
        message=f"{plan.workflows[0].name}: The sales-receipt has no field “Nonsense”.",
    )
    made = claude()
    assert made.analyst.repair([finding], draft(broken)).edits
    assert made.double.calls == []


def test_what_a_person_confirmed_stays(claude, plan):
    confirmed = apply_edit(plan, MapField(target="PrivateNote", source="note"), CATALOGUE)
    made = claude(mending(TO_NOTE))
    assert made.analyst.repair([FAILED], draft(confirmed)).edits == []
    assert "only a person changes it" in said(made.double.calls[-1].body)


def test_only_edits_of_the_record_are_offered(claude, plan):
    made = claude(mending())
    made.analyst.repair([FAILED], draft(plan))
    edits = {one["name"] for one in made.double.calls[0].body["tools"]}
    assert {"map", "unmap"} <= edits
    assert not edits & {
        "filter",
        "unfilter",
        "base_url",
        "auth",
        "set_trigger",
        "variable",
        "drop_workflow",
        "rename",
    }


def test_edits_that_make_it_worse_are_dropped(claude, plan):
    half_a_line = ("map", {**TO_NOTE[1], "target": "Line[].Description",
                           "source": "tax_lines[].title", "each": "tax_lines[]"})  # fmt: skip
    assert claude(mending(half_a_line)).analyst.repair([FAILED], draft(plan)).edits == []
