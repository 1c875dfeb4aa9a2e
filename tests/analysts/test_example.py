"""The main request, on the catalogue that comes with Weft: its plan in detail, and its edits."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.apply import replay
from pipeline.plan.check import check
from pipeline.plan.diff import plan_diff
from pipeline.plan.document import research_document
from pipeline.plan.model import KeyPair, Mapping, Plan
from pipeline.ports import Draft, Interpretation, Request

REQUEST = Request(
    text="Build an integration that syncs new Shopify orders to QuickBooks Online as sales "
    "receipts. Use OAuth 2.0 Authorization Code for QuickBooks and API key for Shopify. Run on "
    "webhook — trigger whenever a new order is created in Shopify.",
    today="2026-11-22",
)
CATALOGUE = Catalogue.load()
ANALYST = OfflineAnalyst(CATALOGUE)
PLAN = ANALYST.research(REQUEST, lambda line: None)
FLOW = PLAN.workflows[0]


def by_target(each: str | None = None) -> dict[str, Mapping]:
    return {one.target: one for one in FLOW.mappings if one.each == each}


def test_the_plan_is_complete() -> None:
    assert check(PLAN, CATALOGUE) == []
    assert PLAN.title == "Shopify → QuickBooks Online: new orders become sales receipts"
    assert not PLAN.multi_tenant


def test_systems() -> None:
    assert {one.name: one.role for one in PLAN.systems} == {
        "shopify": "source",
        "quickbooks": "target",
    }
    assert PLAN.system("shopify").auth.type == "api-key"
    auth = PLAN.system("quickbooks").auth
    assert (auth.type, auth.grant) == ("oauth2", "authorization-code")
    assert "{realm_id}" in PLAN.system("quickbooks").base_url


def test_workflow() -> None:
    assert (FLOW.trigger.kind, FLOW.trigger.event) == ("webhook", "orders/create")
    assert (FLOW.source.entity, FLOW.target.entity) == ("order", "sales-receipt")
    assert (FLOW.target.method, FLOW.target.path) == ("POST", "/salesreceipt")
    assert (FLOW.write_mode, FLOW.filters, FLOW.writes) == ("create", [], [])


def test_the_document_itself() -> None:
    filled = by_target()
    assert filled["CustomerRef.value"].source == "$lookup.customer.Id"
    assert filled["DocNumber"].source in ("order_number", "name")
    assert filled["BillEmail.Address"].source in ("email", "contact_email")
    assert filled["TxnDate"].source in ("created_at", "processed_at")
    assert filled["CurrencyRef.value"].source == "currency"
    assert filled["TxnTaxDetail.TotalTax"].source == "total_tax"
    assert filled["ShipAddr.City"].source == "shipping_address.city"
    assert filled["BillAddr.City"].source == "billing_address.city"
    assert not any(target.startswith("ShipFromAddr") for target in filled)
    assert not any(target.endswith("Ref.name") for target in filled)


def test_order_lines() -> None:
    lines = by_target("line_items[]")
    assert lines["Line[].DetailType"].constant == "SalesItemLineDetail"
    amount = lines["Line[].Amount"]
    assert (amount.source, amount.transform and amount.transform.name) == (
        "line_items[].price",
        "multiply",
    )
    assert amount.transform is not None
    assert amount.transform.args["by"] == "line_items[].quantity"
    assert lines["Line[].SalesItemLineDetail.Qty"].source == "line_items[].quantity"
    assert lines["Line[].SalesItemLineDetail.UnitPrice"].source == "line_items[].price"
    assert lines["Line[].SalesItemLineDetail.ItemRef.value"].source == "$lookup.item.Id"


def test_shipping_and_discount_lines_follow() -> None:
    groups = list(dict.fromkeys(one.each for one in FLOW.mappings if one.each))
    assert groups == ["line_items[]", "shipping_lines[]", "discount_codes[]"]
    shipping = by_target("shipping_lines[]")
    item = shipping["Line[].SalesItemLineDetail.ItemRef.value"]
    assert item.constant == "SHIPPING_ITEM_ID"
    assert shipping["Line[].Amount"].source == "shipping_lines[].price"
    discount = by_target("discount_codes[]")
    assert discount["Line[].DetailType"].constant == "DiscountLineDetail"
    assert discount["Line[].Amount"].source == "discount_codes[].amount"


def test_lookups_stand_in_the_order_they_need() -> None:
    lookups = {one.name: one for one in FLOW.lookups}
    assert list(lookups) == ["customer", "income_account", "item"]
    customer = lookups["customer"]
    assert customer.by[0].target == "PrimaryEmailAddr.Address"
    assert customer.by[0].source in ("email", "contact_email", "customer.email")
    assert customer.on_missing == "create"
    name = next(one for one in customer.mappings if one.target == "DisplayName")
    assert name.transform is not None
    assert (name.source, name.transform.name) == ("customer.first_name", "join")
    item = lookups["item"]
    assert item.by == [KeyPair(target="Sku", source="line_items[].sku")]
    created = {one.target: one for one in item.mappings}
    assert created["Type"].constant == "NonInventory"
    assert created["IncomeAccountRef.value"].source == "$lookup.income_account.Id"
    account = lookups["income_account"]
    assert account.by[0].source == f"$variable.{PLAN.variables[0].name}"


def test_questions_are_few_ranked_and_assumed() -> None:
    high = [one for one in PLAN.questions if one.importance == "high"]
    assert 1 <= len(high) <= 4
    assert all(one.assumption for one in PLAN.questions)
    assert {"currency", "tax", "missing-item", "test-records"} <= {one.id for one in PLAN.questions}


def test_facts_are_about_what_is_used() -> None:
    assert len(PLAN.facts) >= 10
    subjects = {fact.subject for fact in PLAN.facts}
    assert subjects & {"quickbooks.sales-receipt"}
    assert not subjects & {"quickbooks.vendor", "quickbooks.bill", "shopify.product"}
    text = research_document(PLAN, CATALOGUE)
    assert all(fact.source in text.replace("\\", "") for fact in PLAN.facts)


def say(message: str, plan: Plan = PLAN) -> Interpretation:
    return ANALYST.interpret(message, Draft(plan=plan, request=REQUEST))


def changes(message: str) -> list[str]:
    return plan_diff(PLAN, replay(PLAN, say(message).edits, CATALOGUE))


# A list of orders tells the discounts of their lines, an event those of their codes too.
_LISTED = "Line[].Amount ← line_items[].discount_allocations[].amount (to number)"


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("use hourly instead", ["Trigger: every hour, UTC (cron 0 * * * *)", _LISTED]),
        (
            "please run it on weekdays at 8:30 Berlin time",
            [
                "Trigger: at 08:30, Monday through Friday, Europe/Berlin (cron 30 8 * * 1-5)",
                _LISTED,
            ],
        ),
        ("trigger when an order is paid instead", ["Trigger: webhook orders/paid"]),
        ("skip test orders", ["Filter added: test = false"]),
        ("only orders over 100 USD", ["Filter added: total_price > 100"]),
        ("map tags to PrivateNote", ["PrivateNote ← tags (truncate length 4000)"]),
        ("set PrivateNote to “from the shop”", ["PrivateNote ← “from the shop”"]),
        ("don't map the PrivateNote", ["PrivateNote is no longer written"]),
        ("rename it to Shop books", ["Title: Shop books"]),
        (
            "use OAuth client credentials for Shopify",
            ["Shopify: OAuth 2.0, client credentials"],
        ),
        ("if an item is missing, fail", ["Where no item is found: stop with an error"]),
        ("never create customers", ["Where no customer is found: stop with an error"]),
        ("use the order name as DocNumber instead", ["DocNumber ← name"]),
        ("upsert by DocNumber", ["Writes: create or update, matched on DocNumber"]),
        ("the income account is “Sales”", ["Variable quickbooks_income_account: Sales"]),
        (
            "skip test orders, run hourly and map tags to PrivateNote",
            [
                "Trigger: every hour, UTC (cron 0 * * * *)",
                "Filter added: test = false",
                "PrivateNote ← tags (truncate length 4000)",
                _LISTED,
            ],
        ),
    ],
)
def test_edits_in_words(message: str, changed: list[str]) -> None:
    assert changes(message) == changed


def test_answers_by_number_and_by_option() -> None:
    number = [one.id for one in PLAN.questions].index("test-records") + 1
    for message in (f"{number}: skip them", "skip them", "test-records: skip them"):
        assert "Filter added: test = false" in changes(message)


def test_discounts_that_have_their_own_line_are_said_to_have_it() -> None:
    assert "already" in say("put the discount on its own line").answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("why CustomerRef?", "requires it"),
        ("what does it do when a customer is missing?", "it is created"),
        ("how often does it run?", "orders/create"),
        ("what happens if the same order comes twice?", "not written a second time"),
        ("what are the rate limits of QuickBooks?", "requests"),
    ],
)
def test_questions_are_answered_from_the_plan(question: str, answer: str) -> None:
    reply = say(question)
    assert reply.edits == []
    assert answer in reply.answer


@pytest.mark.parametrize(
    "message", ["thanks", "looks great", "👍", "", "I'll be back after lunch", "lol ok"]
)
def test_chatter_is_left_alone(message: str) -> None:
    assert say(message) == Interpretation()


@pytest.mark.parametrize(
    "message", ["map foo to DocNumber", "make it better", "unmap CustomerRef.value"]
)
def test_what_cannot_be_done_is_answered(message: str) -> None:
    reply = say(message)
    assert reply.edits == []
    assert reply.answer


def test_a_test_case_as_json() -> None:
    reply = say('add a test case: input {"id": 1} expected {"DocNumber": "1"}')
    assert [(one.input, one.expected) for one in reply.test_cases] == [
        ({"id": 1}, {"DocNumber": "1"})
    ]
    assert reply.test_cases[0].workflow == FLOW.name
    assert (reply.edits, reply.answer) == ([], "")


def test_repair_fills_what_is_missing() -> None:
    left = [one for one in FLOW.mappings if one.target != "Line[].Description"]
    broken = [Mapping(target="TotalAmt", source="total_price"), *left]
    plan = PLAN.model_copy(update={"workflows": [FLOW.model_copy(update={"mappings": broken})]})
    findings = check(plan, CATALOGUE)
    assert findings
    mended = replay(
        plan, ANALYST.repair(findings, Draft(plan=plan, request=REQUEST)).edits, CATALOGUE
    )
    assert check(mended, CATALOGUE) == []


def test_repair_leaves_what_only_a_person_can_mend() -> None:
    assert ANALYST.repair([], Draft(plan=PLAN, request=REQUEST)).edits == []
