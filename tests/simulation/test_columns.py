"""Columns that only their owner names: the dry run gives a source those that the plan reads."""

import pytest

from pipeline.artifacts import DryRun
from pipeline.cancellation import Cancellation
from pipeline.catalogue.schema import field_at
from pipeline.codegen.generate import generate
from pipeline.plan.model import Filter, Plan
from pipeline.simulation.columns import with_columns
from pipeline.simulation.dry_run import dry_run
from pipeline.simulation.preparing import source_record
from tests.codegen import matrix
from tests.codegen.test_grouping import PLANS

KNOWN = matrix.catalogue()


def tried(plan: Plan) -> DryRun:
    return dry_run(plan, KNOWN, generate(plan, KNOWN), [], Cancellation())


def test_columns_hold_what_they_are_read_as() -> None:
    plan = PLANS["table"]
    entries = {one.name: KNOWN.system(one.name) for one in plan.systems}
    row = with_columns(entries, plan.workflows[0])["postgres"].entity("row").record_schema
    kinds = {name: field_at(row, name) for name in ("quantity", "item", "order_no", "updated_at")}
    assert {name: one and (one.type, one.format) for name, one in kinds.items()} == {
        "quantity": ("integer", None), "item": ("string", None), "order_no": ("string", None),
        "updated_at": ("string", "date-time"),
    }  # fmt: skip


def test_a_sample_of_a_group_is_rows_that_share_what_they_are_grouped_by() -> None:
    plan = PLANS["table"]
    entries = {one.name: KNOWN.system(one.name) for one in plan.systems}
    entry = with_columns(entries, plan.workflows[0])["postgres"]
    first, second = (source_record(entry, plan.workflows[0], seed) for seed in (0, 1))
    assert {row["order_no"] for row in first["rows"]} == {first["order_no"]}
    assert len({row["item"] for row in first["rows"]}) == len(first["rows"]) == 2
    assert first["order_no"] != second["order_no"]
    given = source_record(entry, plan.workflows[0], 0, {"order_no": "A1", "item": "mug"})
    assert [row["item"] for row in given["rows"]] == ["mug"]
    assert given["order_no"] == "A1"


@pytest.mark.parametrize("kind", ["rows", "groups"])
def test_a_sheet_is_played_through_every_situation(kind: str) -> None:
    plan = matrix.plan(KNOWN, matrix.flow(
        "sheet", "google-sheets.row", "hubspot.contact",
        {"email": "Email", "lastname": "Last name"}, trigger=matrix.OFTEN, write_mode="upsert",
        match_on=matrix.key("email", "Email"),
        filters=[Filter(field="State", op="eq", value="ready")],
        group_by="Email" if kind == "groups" else None,
    ))  # fmt: skip
    found = tried(plan)
    assert [one.message for one in found.findings] == []
    played = {one.name: one.seen for one in found.situations}
    assert played["a usual record"] == "2 records written"
    assert "a second page" not in played  # a sheet is read whole
    assert len(played) > 9
