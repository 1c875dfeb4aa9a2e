"""Every pattern gives a project that is clean and passes its own tests."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.design import not_generated
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.errors import OffGround
from pipeline.integration import TestCase
from pipeline.plan.model import (
    Cursor,
    Filter,
    KeyPair,
    Lookup,
    Mapping,
    Plan,
    Transform,
    Trigger,
)
from pipeline.sandbox.deno import Deno
from tests.codegen import matrix
from tests.codegen.conftest import Project
from tests.codegen.plans import shopify_orders_to_quickbooks


def variant(**changes: Any) -> Plan:
    """The example's plan with changes to its workflow."""
    plan = shopify_orders_to_quickbooks()
    workflow = plan.workflows[0].model_copy(update=changes)
    return plan.model_copy(update={"workflows": [workflow]})


def filters() -> list[Filter]:
    return [
        Filter(field="financial_status", op="in", value=["paid", "authorized"]),
        Filter(field="total_price", op="gt", value=10),
        Filter(field="tags", op="not-contains", value="Wholesale"),
        Filter(field="email", op="exists"),
        Filter(field="cancelled_at", op="missing"),
        Filter(field="line_items[].sku", op="ne", value="GIFT"),
        Filter(field="test", op="eq", value=False),
    ]


def mappings() -> list[Mapping]:
    """One of each kind of transform beside the example's own mappings."""
    kept = [
        one for one in shopify_orders_to_quickbooks().workflows[0].mappings
        if one.target not in ("PrivateNote", "TxnDate", "BillEmail.Address", "DocNumber")
    ]  # fmt: skip
    made = {
        "PrivateNote": ("name", "template", {"text": "Order {value} by {email}, {note}"}),
        "TxnDate": ("created_at", "date", {"timezone": "America/Los_Angeles"}),
        "BillEmail.Address": ("email", "first_of", {"with": ["contact_email"]}),
        "DocNumber": ("name", "strip_prefix", {"prefix": "#"}),
        "PaymentRefNum": ("line_items[].price", "sum", {}),
        "TrackingNum": ("note_attributes[].name", "join", {"separator": ", "}),
        "CustomerMemo.value": (
            "financial_status",
            "enum",
            {"map": {"paid": "Paid"}, "default": "-"},
        ),
    }
    return kept + [
        Mapping(target=target, source=source, transform=Transform(name=name, args=arguments))
        for target, (source, name, arguments) in made.items()
    ]


def two_workflows() -> Plan:
    """New and changed orders, each with a workflow of its own: their files must not collide."""
    plan = shopify_orders_to_quickbooks()
    changed = {"name": "changed-orders", "write_mode": "update", "filters": []}
    second = plan.workflows[0].model_copy(
        update={**changed, "trigger": Trigger(kind="webhook", event="orders/updated")}
    )
    return plan.model_copy(update={"workflows": [*plan.workflows, second]})


PATTERNS: dict[str, Plan] = {
    "upsert": variant(write_mode="upsert", mappings=mappings()),
    "two workflows": two_workflows(),
    "schedule": variant(
        trigger=Trigger(kind="schedule", cron="0 * * * *"),
        cursor=Cursor(field="updated_at", overlap_seconds=300),
        filters=filters(),
    ).model_copy(update={"multi_tenant": True}),
    "manual": variant(trigger=Trigger(kind="manual"), write_mode="append", filters=[]),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern_is_clean_and_passes_its_tests(name: str, tmp_path: Path, deno: Deno) -> None:
    plan, known = PATTERNS[name], Catalogue.load()
    files = [*generate(plan, known), *generate_tests(plan, known, [])]
    project = Project(files, tmp_path, deno)
    for tool in ("check", "lint", "test"):
        assert project.run(tool).findings == []


def test_what_cannot_be_found_is_refused_with_what_can() -> None:
    with pytest.raises(OffGround, match="it can by .*DocNumber"):
        generate(
            variant(write_mode="upsert", match_on=[KeyPair(target="PrivateNote", source="note")]),
            Catalogue.load(),
        )
    with pytest.raises(OffGround, match="say by which field"):
        generate(variant(write_mode="update", match_on=[]), Catalogue.load())


def test_without_idempotency_keys_it_looks_before_it_creates(tmp_path: Path, deno: Deno) -> None:
    shipped = Catalogue.load()
    quickbooks = shipped.system("quickbooks")
    operations = [
        one.model_copy(update={"idempotency_parameter": None, "effect": "lookup"})
        for one in quickbooks.operations
    ]
    keyless = quickbooks.model_copy(update={"operations": operations})
    known = Catalogue(added=(shipped.system("shopify"), keyless))
    plan = shopify_orders_to_quickbooks()
    project = Project([*generate(plan, known), *generate_tests(plan, known, [])], tmp_path, deno)
    assert project.run("check").findings == []
    assert project.run("lint").findings == []
    workflow = (tmp_path / "src/workflows/shopify-orders-to-quickbooks.ts").read_text()
    assert workflow.index("findSalesReceiptByDocNumber") < workflow.index("createSalesReceipt")
    assert "repeatable: false" in (tmp_path / "src/services/quickbooks.ts").read_text()


ORDER = {"id": 1, "name": "#1", "line_items": [{"title": "Mug", "price": "9.90", "quantity": 2}]}


def peoples_case(expected: Any, **changes: Any) -> TestCase:
    return TestCase(name="a mug", input={**ORDER, **changes}, expected=expected)


@pytest.mark.parametrize(
    ("case", "failure"),
    [
        (peoples_case({"DocNumber": "#1", "Line": [{"Amount": 19.8}]}), None),
        (peoples_case(None, test=True), None),
        (peoples_case({"Line": [{"Amount": 20}]}), "output.Line.0.Amount: expected 20, got 19.8"),
        (peoples_case(None), "it should be left out"),
        (peoples_case({"DocNumber": "#1"}, test=True), "it should not be left out"),
    ],
)
def test_peoples_own_cases_must_pass(case: TestCase, failure: str | None, project: Project) -> None:
    plan = shopify_orders_to_quickbooks()
    for test in project.directory.glob("src/**/*.test.ts"):
        test.unlink()
    for file in generate_tests(plan, Catalogue.load(), [case]):
        project.add(file.path, file.content)
    messages = [finding.message for finding in project.run("test").findings]
    assert bool(messages) == bool(failure)
    assert all(failure and failure in message for message in messages)


def test_what_a_list_of_lookups_creates_may_use_another_list_of_lookups(
    tmp_path: Path, deno: Deno
) -> None:
    lookups = list(shopify_orders_to_quickbooks().workflows[0].lookups)
    parent = Lookup(
        name="parent", system="quickbooks", entity="item",
        by=[KeyPair(target="Name", source="line_items[].vendor")], on_missing="skip",
    )  # fmt: skip
    item = lookups[-1]
    reference = Mapping(target="ParentRef.value", source="$lookup.parent.Id", each="line_items[]")
    created = item.model_copy(update={"mappings": [*item.mappings, reference]})
    plan, known = variant(lookups=[*lookups[:-1], parent, created]), Catalogue.load()
    project = Project([*generate(plan, known), *generate_tests(plan, known, [])], tmp_path, deno)
    for tool in ("check", "lint", "test"):
        assert project.run(tool).findings == []


def test_a_rule_for_both_ways_that_is_not_known_is_refused_with_those_that_are() -> None:
    known = matrix.catalogue()
    plan = matrix.plans(known)["both-ways"]
    there = plan.workflows[0].model_copy(update={"conflict": "ask my boss"})
    with pytest.raises(OffGround, match="latest-wins.*hubspot-wins, salesforce-wins"):
        generate(plan.model_copy(update={"workflows": [there]}), known)


def test_rows_are_changed_by_one_column_alone() -> None:
    known = Catalogue.load()
    keys = [*matrix.key("id", "id"), *matrix.key("shop", "name")]
    workflow = matrix.flow(
        "rows", "shopify.order", "postgres.row", {"name": "name"},
        trigger=matrix.on("orders/create"), write_mode="update", match_on=keys,
    )  # fmt: skip
    with pytest.raises(OffGround, match="by one column that tells them apart"):
        generate(matrix.plan(known, workflow), known)


def test_what_cannot_be_generated_is_known_before_the_plan_is_approved() -> None:
    known = Catalogue.load()
    workflow = matrix.flow(
        "comments", "zendesk.comment", "slack.message", {"text": "body"}, trigger=matrix.OFTEN
    )
    (reason,) = not_generated(matrix.plan(known, workflow), known)
    assert reason.startswith("comments: Weft knows no way to list a comment in Zendesk")
