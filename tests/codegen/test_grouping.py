"""Rows of one document become one record of the target: read, written and counted at the mocks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.integration import TestCase
from pipeline.plan.check import check
from pipeline.plan.model import Cursor, Filter, Mapping, Plan, Transform
from pipeline.sandbox.deno import Deno
from tests.codegen import matrix
from tests.codegen.conftest import tool_result
from tests.codegen.harness import Runtime, running, write_together
from tests.codegen.matrix.building import mappings
from tests.codegen.world import World, world

KNOWN = matrix.catalogue()


def lines(**fields: Any) -> list[Mapping]:
    """Mappings of an invoice's line, each made of a row."""
    made = mappings({f"Line[].{name}": source for name, source in fields.items()})
    return [one.model_copy(update={"each": "rows[]"}) for one in made]


INVOICE = matrix.plan(KNOWN, matrix.flow(
    "sheet-invoices", "google-sheets.row", "quickbooks.invoice",
    {"DocNumber": "Order No", "CustomerRef.value": "Customer"},
    trigger=matrix.OFTEN, group_by="Order No", write_mode="upsert",
    match_on=matrix.key("DocNumber", "Order No"),
    filters=[Filter(field="Status", op="ne", value="draft")],
))  # fmt: skip
ORDER = matrix.plan(KNOWN, matrix.flow(
    "table-orders", "postgres.row", "woocommerce.order",
    {"billing.email": "email"},
    trigger=matrix.OFTEN, group_by="order_no",
    cursor=Cursor(field="updated_at", overlap_seconds=60),
))  # fmt: skip


def with_lines(plan: Plan, *added: Mapping) -> Plan:
    workflow = plan.workflows[0]
    changed = workflow.model_copy(update={"mappings": [*workflow.mappings, *added]})
    return plan.model_copy(update={"workflows": [changed]})


PLANS = {
    "sheet": with_lines(
        INVOICE,
        *lines(Amount=("rows[].Amount", "to_number"), DetailType=["SalesItemLineDetail"],
               Description="rows[].Item"),
        Mapping(target="Line[].SalesItemLineDetail.ItemRef.value", constant="9", each="rows[]"),
        Mapping(target="PrivateNote", source="rows[].Item",
                transform=Transform(name="join", args={"separator": ", "})),
    ),
    "table": with_lines(
        ORDER,
        Mapping(target="line_items[].name", source="rows[].item"),
        Mapping(target="line_items[].quantity", source="rows[].quantity"),
    ),
}  # fmt: skip
CASE = TestCase(
    name="two lines",
    input=[{"Order No": 7, "Customer": "1", "Item": "mug", "Amount": "5"},
           {"Order No": 7, "Item": "cup", "Amount": "2.5", "Status": "draft"}],
    expected={"DocNumber": "7", "PrivateNote": "mug, cup", "Line": [{"Amount": 5}, {}]},
)  # fmt: skip


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("grouping")
    projects = {
        name: [*generate(one, KNOWN), *generate_tests(one, KNOWN, [CASE] * (name == "sheet"))]
        for name, one in PLANS.items()
    }
    write_together(projects, directory)
    file = directory / "src/table/services/postgres.ts"
    file.write_text(file.read_text().replace("size = 1000", "size = 2"))
    return directory


@pytest.fixture(scope="module")
def runtime(together: Path) -> Iterator[Runtime]:
    with running(PLANS, together) as started:
        yield started


@pytest.mark.parametrize("tool", ["check", "lint", "test"])
def test_grouping_projects_are_clean(together: Path, tool: str, deno: Deno) -> None:
    assert tool_result(deno, tool, together).findings == []


def test_the_plans_are_complete_but_for_what_they_never_say() -> None:
    messages = [one.message for plan in PLANS.values() for one in check(plan, KNOWN)]
    assert all("Weft knows no way to write" in message for message in messages), messages


def row(order: Any, item: str, amount: float = 1, status: str = "open") -> dict[str, Any]:
    return {"Order No": order, "Customer": "1", "Item": item, "Amount": amount, "Status": status}


def sheet(*rows: dict[str, Any]) -> World:
    there = world(PLANS["sheet"], KNOWN)
    there.systems["quickbooks"].create("customer", {"Id": "1", "DisplayName": "Ann"})
    there.systems["quickbooks"].create("item", {"Id": "9", "Name": "Goods"})
    for one in rows:
        there.systems["google-sheets"].create("row", one)
    return there


def run(runtime: Runtime, name: str, there: World) -> dict[str, Any]:
    return runtime.run(name, PLANS[name].workflows[0].name, {}, there)


def invoices(there: World) -> dict[str, list[str]]:
    return {
        str(one["DocNumber"]): [line["Description"] for line in one["Line"]]
        for one in there.systems["quickbooks"].records("invoice")
    }


def test_rows_of_one_order_become_one_invoice(runtime: Runtime) -> None:
    there = sheet(row(1, "mug"), row(2, "cup"), row(1, "jar"), row(2, "ink", status="draft"))
    outcome = run(runtime, "sheet", there)
    assert outcome["ok"], outcome
    assert invoices(there) == {"1": ["mug", "jar"], "2": ["cup"]}
    writes = there.writes
    assert run(runtime, "sheet", there)["ok"]
    assert there.writes == writes, "what did not change is not written again"
    there.systems["google-sheets"].create("row", row(2, "pot"))
    assert run(runtime, "sheet", there)["ok"]
    assert invoices(there) == {"1": ["mug", "jar"], "2": ["cup", "pot"]}
    assert there.writes == writes + 1


def test_one_bad_group_leaves_the_others_alone(runtime: Runtime) -> None:
    there = sheet(row(1, "mug"), {**row(2, "cup"), "Amount": "ten"}, row(2, "jar"), row("", "ink"))
    outcome = run(runtime, "sheet", there)
    assert "2: " in outcome["error"]["message"]
    assert invoices(there) == {"1": ["mug"]}
    assert any("Rows without Order No" in str(one) for one in there.logs)


def line(number: int, order: int, day: int) -> dict[str, Any]:
    time = f"2026-03-{day:02}T00:00:00Z"
    return {"id": str(number), "order_no": order, "email": f"a{order}@example.com",
            "item": f"item {number}", "quantity": 1, "updated_at": time}  # fmt: skip


def test_a_group_that_changed_late_is_read_whole_across_pages(runtime: Runtime) -> None:
    there = world(PLANS["table"], KNOWN)
    postgres, shop = there.systems["postgres"], there.systems["woocommerce"]
    for number in range(6):
        postgres.create("row", line(number, order=number % 2, day=1 + number))
    assert run(runtime, "table", there)["ok"]
    assert [len(one["line_items"]) for one in shop.records("order")] == [3, 3]
    postgres.create("row", line(6, order=2, day=20))
    postgres.create("row", line(7, order=2, day=1))  # an old row of a group that is new
    assert run(runtime, "table", there)["ok"]
    assert [len(one["line_items"]) for one in shop.records("order")] == [3, 3, 2]
    assert run(runtime, "table", there)["ok"]
    seen = postgres.exchanges.count
    assert run(runtime, "table", there)["ok"]
    assert postgres.exchanges.count == seen + 1, "nothing is new: one question is enough"
    assert there.writes == 3


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"group_by": "Line[].x"}, "cannot be grouped by “Line[].x”"),
        ({"trigger": matrix.on("x")}, "when they are read"),
        ({"sync_group": "both"}, "cannot be kept the same both ways"),
    ],
)
def test_what_cannot_be_grouped_is_told(change: dict[str, Any], finding: str) -> None:
    workflow = PLANS["table"].workflows[0].model_copy(update=change)
    plan = PLANS["table"].model_copy(update={"workflows": [workflow]})
    assert any(finding in one.message for one in check(plan, KNOWN))
